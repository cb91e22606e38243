"""`flywheel turn`, `flywheel report`, `flywheel models`: the wheel from the terminal."""

import getpass
from pathlib import Path

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.composition import opened
from bot.settings import Settings


@click.command()
@click.option("--id", "turn_id", default=None, help="Run this queued turn instead of a new one.")
@on_demo
def turn(turn_id: str | None, *, demo: bool) -> None:
    """Turn the wheel once: learn, test, release or hold, and post the report."""
    from bot.reporting import post_latest, verdicts
    from flywheel.measurement.turn import queue
    from flywheel.measurement.turn import turn as revolve

    settings = chosen_settings(demo=demo)
    with opened(settings) as core:
        wanted = turn_id or queue(core, f"terminal:{getpass.getuser()}")
        finished = revolve(core, wanted, settings.flywheel_report_channel)
        click.echo(f"turn {finished.id}: {finished.state.value}")
        for line in verdicts(core, finished.id):
            click.echo(f"  {line}")
        if settings.has_slack and settings.flywheel_report_channel:
            click.echo(post_latest(core, settings))


@click.command("first-router", hidden=True)
def first_router() -> None:
    """Train the router on the index; run by the commands that index."""
    from flywheel.learning.first_router import train

    with opened(Settings.read()) as core:
        trained = train(core)
    if trained is not None:
        click.echo(str(trained.evidence["reason"]))


@click.command()
@click.option("--post", is_flag=True, help="Post it to FLYWHEEL_REPORT_CHANNEL.")
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write the chart here.")
@on_demo
def report(chart: Path | None, *, post: bool, demo: bool) -> None:
    """Show this week's report."""
    from bot.reporting import post_latest, show

    settings = chosen_settings(demo=demo)
    with opened(settings) as core:
        click.echo(show(core, settings, chart))
        if post:
            click.echo(post_latest(core, settings))


@click.group()
def models() -> None:
    """List, promote and roll back learned models."""


@models.command("list")
@on_demo
def list_models(*, demo: bool) -> None:
    """List every release and every challenger that was held, newest first."""
    from flywheel.store import releases

    with opened(chosen_settings(demo=demo)) as core, core.database.read() as db:
        history = releases.history(db)
    for one in history:
        state = "serving" if one.serving else one.outcome.value
        click.echo(f"{one.id}  {one.learner:<10} {state:<12} {one.created_at:%Y-%m-%d %H:%M}")
        click.echo(f"    {one.evidence.get('reason', '')}")
    if not history:
        click.echo("Nothing was learned yet: the built-in models serve. flywheel turn makes challengers.")


@models.command()
@click.argument("model_id")
@on_demo
def promote(model_id: str, *, demo: bool) -> None:
    """Let MODEL_ID serve."""
    from flywheel.learning import release

    with opened(chosen_settings(demo=demo)) as core:
        release.promote(core, model_id, f"terminal:{getpass.getuser()}")
    click.echo(f"{model_id} serves.")


@models.command()
@click.argument("model_id")
@on_demo
def rollback(model_id: str, *, demo: bool) -> None:
    """Take MODEL_ID back; its parent serves again, or the built-in default."""
    from flywheel.learning import release

    with opened(chosen_settings(demo=demo)) as core:
        release.roll_back(core, model_id, f"terminal:{getpass.getuser()}")
    click.echo(f"{model_id} no longer serves.")
