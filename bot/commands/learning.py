"""`flywheel turn`, `flywheel report`, `flywheel models`: the wheel from the terminal."""

import getpass
import json
from pathlib import Path

import click

from bot.composition import opened
from bot.settings import Settings


def _settings(*, demo: bool) -> Settings:
    from bot.commands.demo import demo_settings

    return demo_settings() if demo else Settings.read()


_demo = click.option("--demo", is_flag=True, help="The demo's own data and workspace.")


@click.command()
@click.option("--id", "turn_id", default=None, help="Run this queued turn instead of a new one.")
@_demo
def turn(turn_id: str | None, *, demo: bool) -> None:
    """Turn the wheel once: learn, test, release or hold, and post the report."""
    from bot.reporting import post_latest, verdicts
    from flywheel.measurement.turn import queue
    from flywheel.measurement.turn import turn as revolve

    settings = _settings(demo=demo)
    with opened(settings) as core:
        wanted = turn_id or queue(core, f"terminal:{getpass.getuser()}")
        finished = revolve(core, wanted, settings.flywheel_report_channel)
        click.echo(f"turn {finished.id}: {finished.state.value}")
        for line in verdicts(core, finished.id):
            click.echo(f"  {line}")
        if settings.has_slack and settings.flywheel_report_channel:
            click.echo(post_latest(core, settings))


@click.command()
@click.option("--post", is_flag=True, help="Post it to FLYWHEEL_REPORT_CHANNEL.")
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write the chart here.")
@_demo
def report(chart: Path | None, *, post: bool, demo: bool) -> None:
    """Show this week's report."""
    from bot.reporting import post_latest, show

    settings = _settings(demo=demo)
    with opened(settings) as core:
        click.echo(show(core, settings, chart))
        if post:
            click.echo(post_latest(core, settings))


@click.group()
def models() -> None:
    """List, promote and roll back learned models."""


@models.command("list")
@_demo
def list_models(*, demo: bool) -> None:
    """List every release and every challenger that was held, newest first."""
    from flywheel.store import releases

    with opened(_settings(demo=demo)) as core, core.database.read() as db:
        for one in releases.history(db):
            state = "serving" if one.serving else one.outcome.value
            click.echo(f"{one.id}  {one.learner:<10} {state:<12} {one.created_at:%Y-%m-%d %H:%M}")
            click.echo(f"    {json.dumps(one.evidence.get('reason', ''), ensure_ascii=False)}")


@models.command()
@click.argument("model_id")
@_demo
def promote(model_id: str, *, demo: bool) -> None:
    """Let MODEL_ID serve."""
    from flywheel.learning import release

    with opened(_settings(demo=demo)) as core:
        release.promote(core, model_id, f"terminal:{getpass.getuser()}")
    click.echo(f"{model_id} serves.")


@models.command()
@click.argument("model_id")
@_demo
def rollback(model_id: str, *, demo: bool) -> None:
    """Take MODEL_ID back; its parent serves again, or the built-in default."""
    from flywheel.learning import release

    with opened(_settings(demo=demo)) as core:
        release.roll_back(core, model_id, f"terminal:{getpass.getuser()}")
    click.echo(f"{model_id} no longer serves.")
