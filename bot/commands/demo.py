"""`flywheel demo`: the whole product on this machine, with a Slack-like workspace in the browser."""

import shutil
from pathlib import Path

import click

from bot.settings import Settings


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
@click.option("--fresh", is_flag=True, help="Forget what earlier demos asked, said and learned.")
def demo(folder: Path | None, *, fresh: bool) -> None:
    """Serve a simulated workspace and the bot; FOLDER is indexed instead of the sample company."""
    from bot.demo import Demo

    settings = Settings.read()
    if fresh:
        shutil.rmtree(settings.home / "demo", ignore_errors=True)
    Demo(settings, folder).serve()


def demo_settings() -> Settings:
    """Return the settings of the demo that was started last in this data folder.

    Raises:
        ConfigurationError: no demo was started here.
    """
    from bot.demo import saved_settings

    return saved_settings(Settings.read())
