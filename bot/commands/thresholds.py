"""`flywheel thresholds`: the least acceptable values from the terminal. Every decision takes a reason."""

from typing import TYPE_CHECKING

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.commands.operator import operator, store_alone
from bot.composition import opened

if TYPE_CHECKING:
    from flywheel.store.thresholds import Threshold

_reason = click.option("--reason", required=True, help="Why; it is kept with the threshold.")
_ID = click.IntRange(1, 2**63 - 1)
"""What a database can hold."""
_segment = click.option("--segment", default="all", show_default=True, help="Such as route:code or surface:thread.")


@click.group()
def thresholds() -> None:
    """List, propose, confirm, set, reject and retire the least acceptable values."""


@thresholds.command("list")
@on_demo
def list_thresholds(*, demo: bool) -> None:
    """List what is in force, what is proposed and what is breached."""
    from flywheel.store import thresholds as stored

    with store_alone(demo=demo) as registry, registry.database.read() as db:
        rows, lasting = stored.history(db), stored.breaches(db)
    listed = [*stored.in_force(rows), *stored.proposed(rows)]
    for one in listed:
        click.echo(_line(one))
    for breach in lasting:
        click.echo(f"BREACHED  {breach.metric} {breach.segment}: {breach.detail['seen']}")
    if not listed:
        click.echo("No threshold is in force or proposed: flywheel thresholds propose, once people have voted.")


@thresholds.command()
@on_demo
def propose(*, demo: bool) -> None:
    """Propose from the data there is what is due; nothing of it is in force."""
    from flywheel.measurement import thresholds as deciding

    with opened(chosen_settings(demo=demo)) as core:
        made = deciding.propose(core)
    for one in made:
        click.echo(_line(one))
    if not made:
        click.echo("There is nothing to propose.")


@thresholds.command()
@click.argument("proposal_id", type=_ID)
@click.option("--value", type=float, default=None, help="Another value than the proposed one, in [0, 1] or ms.")
@_reason
@on_demo
def confirm(proposal_id: int, value: float | None, reason: str, *, demo: bool) -> None:
    """Put the proposal PROPOSAL_ID in force."""
    from flywheel.measurement import thresholds as deciding

    with store_alone(demo=demo) as registry:
        click.echo(_line(deciding.confirm(registry, proposal_id, operator(), reason, value)))


@thresholds.command()
@click.argument("proposal_id", type=_ID)
@_reason
@on_demo
def reject(proposal_id: int, reason: str, *, demo: bool) -> None:
    """Turn the proposal PROPOSAL_ID down."""
    from flywheel.measurement import thresholds as deciding

    with store_alone(demo=demo) as registry:
        click.echo(_line(deciding.reject(registry, proposal_id, operator(), reason)))


@thresholds.command("set")
@click.argument("metric")
@click.argument("value", type=float)
@_segment
@_reason
@on_demo
def set_value(metric: str, value: float, segment: str, reason: str, *, demo: bool) -> None:
    """Put VALUE in force for METRIC: a share or score in [0, 1], or milliseconds."""
    from flywheel.measurement import thresholds as deciding

    with store_alone(demo=demo) as registry:
        click.echo(_line(deciding.put(registry, (metric, segment), value, operator(), reason)))


@thresholds.command()
@click.argument("metric")
@_segment
@_reason
@on_demo
def retire(metric: str, segment: str, reason: str, *, demo: bool) -> None:
    """Put the threshold of METRIC out of force."""
    from flywheel.measurement import thresholds as deciding

    with store_alone(demo=demo) as registry:
        click.echo(_line(deciding.retire(registry, (metric, segment), operator(), reason)))


def _line(one: "Threshold") -> str:
    from flywheel.measurement import threshold_words

    said = f"{threshold_words.name(*one.about)} {threshold_words.bound(one)}"
    return f"{one.id:>5}  {one.state.value:<9}  {said:<52}  {one.person}: {one.reason}"
