"""`flywheel demo`: the whole product on this machine, with a Slack-like workspace in the browser.

Other commands work on the demo's data with `--demo`; its option and its settings are here.
"""

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


on_demo = click.option("--demo", is_flag=True, help="The demo's own data and workspace.")


def chosen_settings(*, demo: bool) -> Settings:
    """Return the settings of the demo that was started last in this data folder, or the environment's.

    Raises:
        ConfigurationError: no demo was started here, or a variable is wrong.
    """
    if not demo:
        return Settings.read()
    from bot.demo import saved_settings

    return saved_settings(Settings.read())
