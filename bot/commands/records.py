"""`flywheel records`: the metric log from the terminal; and measuring again what serves, after a change."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.composition import opened


@click.command()
@click.option("--metric", default=None, help="Only this metric; flywheel records --catalogue lists them.")
@click.option("--segment", default=None, help="Only this segment, such as all or route:code.")
@click.option("--since", type=click.DateTime(["%Y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), default=None, help="In UTC.")
@click.option("--trend", is_flag=True, help="Show how --metric moved from change to change.")
@click.option("--catalogue", is_flag=True, help="List every metric and what it means.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
@on_demo
def records(*, demo: bool, catalogue: bool, trend: bool, as_json: bool, **chosen: Any) -> None:
    """Show what the metric log holds, oldest first."""
    from flywheel.measurement import metrics
    from flywheel.store import records as log
    from flywheel.wiring import open_database

    if catalogue:
        _say([asdict(one) for one in metrics.catalogue()], as_json, "{name:<26} {unit:<24} {meaning}")
        return
    metric, since = chosen["metric"], _utc(chosen["since"])
    if trend and metric is None:
        raise click.UsageError("--trend needs --metric")
    if metric is not None:
        metrics.metric(metric)
    database = open_database(chosen_settings(demo=demo).plan())
    try:
        with database.read() as db:
            if trend:
                _say(_steps(db, metric, chosen["segment"] or "all", since), as_json, _STEP)
                return
            wanted = log.Wanted(metric=metric, segment=chosen["segment"], since=since)
            found = [_record(one) for one in log.matching(db, wanted)]
    finally:
        database.close()
    _say(found, as_json, "{at}  {metric:<26} {value:>12.4f} {interval:<20} n={n:<6} {segment} {dataset} {change}")


@click.command("remeasure", hidden=True)
@on_demo
def remeasure(*, demo: bool) -> None:
    """Measure what serves on the frozen questions, unless that was done; run by the bot after a change."""
    from flywheel.measurement import baseline

    with opened(chosen_settings(demo=demo)) as core:
        made = baseline.keep_up(core)
    click.echo(f"{made} records" if made else "What serves was measured before.")


_STEP = "{at}  {verdict:<11} {difference:>+9.4f} {interval:<22} {method:<9} {dataset:<10} {change}"


def _steps(db: Any, metric: str, segment: str, since: datetime | None) -> list[dict[str, Any]]:
    from flywheel.measurement import trends

    return [
        {
            "at": one.after.at.isoformat(timespec="seconds"),
            "verdict": one.verdict.value,
            "difference": one.difference,
            "low": one.low,
            "high": one.high,
            "interval": _interval(one.low, one.high),
            "method": one.method.value,
            "dataset": of_set.dataset,
            "change": one.change,
        }
        for of_set in trends.series(db, metric, segment, since)
        for one in of_set.steps
    ]


def _record(one: Any) -> dict[str, Any]:
    told = asdict(one) | {"at": one.at.isoformat(timespec="seconds"), "interval": _interval(one.low, one.high)}
    return {name: value for name, value in told.items() if name not in ("scores", "persons")}


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"[{low:.4f}, {high:.4f}]"


def _say(rows: list[dict[str, Any]], as_json: bool, line: str) -> None:  # noqa: FBT001 - the option as it was given
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo(line.format(**row).rstrip())
    if not rows:
        click.echo("Nothing is recorded of this. A turn of the wheel, and each change of what serves, makes records.")


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
