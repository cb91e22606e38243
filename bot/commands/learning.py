"""`flywheel turn`, `flywheel models`: the wheel from the terminal."""

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.commands.operator import operator, store_alone
from bot.commands.reporting import zone_of
from bot.composition import opened
from bot.settings import Settings


@click.command()
@click.option("--id", "turn_id", default=None, help="Run this queued turn instead of a new one.")
@on_demo
def turn(turn_id: str | None, *, demo: bool) -> None:
    """Turn the wheel once: learn, test, release or hold, and post the report."""
    from bot import scheduling
    from bot.reporting import post_of_turn, verdicts
    from flywheel.measurement.turn import queue
    from flywheel.measurement.turn import turn as revolve
    from flywheel.store.turns import TurnState

    settings = chosen_settings(demo=demo)
    with opened(settings) as core:
        wanted = turn_id or queue(core, operator())
        channel = scheduling.channel(core.database, settings.flywheel_report_channel)
        finished = revolve(core, wanted, channel, zone_of(settings))
        click.echo(f"turn {finished.id}: {finished.state.value}")
        for line in verdicts(core, finished.id):
            click.echo(f"  {line}")
        is_told = settings.has_slack and bool(channel)
        if is_told and finished.state is TurnState.FINISHED:
            click.echo(post_of_turn(core, settings, finished.id))


@click.command("first-router", hidden=True)
def first_router() -> None:
    """Train the router on the index and make questions to measure by; run by the commands that index."""
    from flywheel.curation import synthetic
    from flywheel.learning.first_router import train
    from flywheel.measurement import baseline

    with opened(Settings.read()) as core:
        trained = train(core)
        synthetic.make(core)
        baseline.keep_up(core)  # what the new knowledge changed
    if trained is not None:
        click.echo(str(trained.evidence["reason"]))


@click.group()
def models() -> None:
    """List, promote, hold and roll back learned models."""


@models.command("list")
@on_demo
def list_models(*, demo: bool) -> None:
    """List every release and every challenger that was held: what serves first, then the newest."""
    from bot.blocks.release import Shown, state, told
    from flywheel.store import releases

    with store_alone(demo=demo) as registry, registry.database.read() as db:
        listed = releases.listed(db)
    for one in listed:
        click.echo(f"{one.id}  {one.learner:<14} {state(one):<36} {one.created_at:%Y-%m-%d %H:%M}")
        for line in told(Shown(one)):
            click.echo(f"    {line}")
    if not listed:
        click.echo("Nothing was learned yet: the built-in models serve. flywheel turn makes challengers.")


@models.command()
@click.argument("model_id")
@on_demo
def promote(model_id: str, *, demo: bool) -> None:
    """Let MODEL_ID serve everybody."""
    from flywheel.learning import release

    with store_alone(demo=demo) as registry:
        release.promote(registry, model_id, operator())
    click.echo(f"{model_id} serves everybody.")


@models.command()
@click.argument("model_id")
@on_demo
def hold(model_id: str, *, demo: bool) -> None:
    """Take the canary MODEL_ID out of service, without a verdict on it."""
    from flywheel.learning import release

    with store_alone(demo=demo) as registry:
        release.hold(registry, model_id, operator())
    click.echo(f"{model_id} is held.")


@models.command()
@click.argument("model_id")
@on_demo
def rollback(model_id: str, *, demo: bool) -> None:
    """Take MODEL_ID back; its parent serves again, or the built-in default."""
    from flywheel.learning import release

    with store_alone(demo=demo) as registry:
        release.roll_back(registry, model_id, operator())
    click.echo(f"{model_id} no longer serves.")
