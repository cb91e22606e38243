"""`flywheel replay`: simulated people use the bot for some weeks; the learning curve says what the wheel made of it.

Everything happens in a data folder of its own, which is thrown away unless --keep names one. No language model is used:
thousands of made-up questions would have to be paid for.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import click

from bot.commands.outputs import Output

if TYPE_CHECKING:
    from flywheel.core import Core
    from flywheel.measurement.replay.clock import Clock
    from flywheel.measurement.replay.habits import Habits
    from flywheel.measurement.replay.weeks import Script, Week

_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
"""When replays over data sets begin: a fixed day, because how old a document is counts."""

_SHARE = click.FloatRange(0, 1)
_COUNT = click.IntRange(min=1)
_OPTIONS: tuple[tuple[str, "click.ParamType[Any]", object, str], ...] = (
    ("--weeks", _COUNT, 12, "How many weeks."),
    ("--questions", _COUNT, 100, "Questions asked a week."),
    ("--people", _COUNT, 40, "How many people ask."),
    ("--feedback", _SHARE, 0.4, "Share of answers that their asker judges."),
    ("--noise", _SHARE, 0.2, "Share of judgements that are wrong."),
    ("--repeat", _SHARE, 0.5, "Share of questions about something asked before, in other words."),
    ("--attackers", _SHARE, 0.0, "Share of people who vote against the truth."),
    ("--attack", click.Choice(["push", "invert"]), "push", "Push one document everywhere, or say the opposite."),
    ("--flood", click.IntRange(min=0), 20, "Answers of others that each attacker votes on a week."),
    ("--bystanders", _SHARE, 0.1, "How probably somebody else judges an answer too."),
    ("--clicks", _SHARE, 0.3, "How probably a source that is read is opened."),
    ("--reviewed", _SHARE, 0.5, "Share of suggested answers that an administrator decides on each week."),
    ("--listed", click.IntRange(min=0), 0, "People see so many of the passages found; 0: the answer's sources."),
    ("--steepness", click.FloatRange(min=0), 1.0, "Position bias: rank r is read (1/r)^steepness often."),
    ("--heldout", _COUNT, 200, "Questions of the split dev that each week is measured by."),
    ("--corpus", _COUNT, 2_000, "How much of a data set's corpus is indexed, with all that questions want."),
    ("--seed", click.INT, 1, "The same seed gives the same weeks."),
)


def _with_options(command: Callable[..., None]) -> Callable[..., None]:
    for name, kind, default, said in reversed(_OPTIONS):
        command = click.option(name, type=kind, default=default, show_default=True, help=said)(command)
    return command


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_with_options
@click.option("--here", is_flag=True, help="Ask over a copy of what is indexed in FLYWHEEL_HOME.")
@click.option("--json", "json_file", type=Output(), help="Write everything here.")
@click.option("--chart", "chart_file", type=Output(), help="Write the curve here.")
@click.option("--keep", type=Output(folder=True), help="Keep the replay's data folder here.")
@click.option("--held", is_flag=True, help="Measure at the end what the challengers held last would have changed.")
@click.option("--reasons", is_flag=True, help="Say why each challenger was released or held.")
def replay(folder: Path, weeks: int, json_file: Path | None, chart_file: Path | None, **chosen: Any) -> None:
    """Simulate weeks of people who ask, vote and suggest, and draw how the bot learns.

    FOLDER holds a data set (corpus.jsonl, queries.jsonl, qrels.tsv), labelled questions (queries.jsonl with a label a
    line: each label becomes a document), or with --here your own queries.jsonl and qrels.tsv over what is indexed
    already. Questions of the split train are asked; those of dev are what each week is measured by, and nobody votes on
    them. Ctrl-C ends it early, with the curve so far.
    """
    import json

    from bot.replay.home import opened
    from flywheel.measurement.replay import telling
    from flywheel.measurement.replay.clock import Clock
    from flywheel.measurement.replay.drawing import draw
    from flywheel.measurement.replay.held import held_back

    script = _script(folder, chosen)
    clock = Clock(_next_monday() if chosen["here"] else _MONDAY)
    with opened(script, clock, chosen["keep"], here=chosen["here"]) as core:
        played = _played(core, clock, script, weeks, reasons=chosen["reasons"])
        if not played:
            raise click.Abort
        held = held_back(core, script, played[-1]) if chosen["held"] else {}
    would_have = telling.would_have(played[-1], held)
    lines = [telling.summary(played), *(telling.would_have_line(*one) for one in would_have.items())]
    click.echo("\n" + "\n".join(lines))
    if json_file is not None:
        told = telling.content(script, played) | {"held_back": would_have}
        json_file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    if chart_file is not None:
        chart_file.write_bytes(draw(f"Replay of {folder.resolve().name}", telling.subtitle(script), played))


def _script(folder: Path, chosen: dict[str, Any]) -> "Script":
    from flywheel.measurement.replay import material
    from flywheel.measurement.replay.weeks import Script

    rng = Random(chosen["seed"])  # noqa: S311 - a simulation, no secret
    sizes = {"documents": chosen["corpus"], "heldout": chosen["heldout"]}
    return Script(material.read(folder, rng=rng, here=chosen["here"], **sizes), _habits(chosen), chosen["seed"])


def _habits(chosen: dict[str, Any]) -> "Habits":
    from flywheel.measurement.replay.habits import Attack, Habits

    named = {one.name: chosen[one.name] for one in fields(Habits)}
    return Habits(**(named | {"attack": Attack(chosen["attack"])}))


def _next_monday() -> datetime:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


def _played(core: "Core", clock: "Clock", script: "Script", weeks: int, *, reasons: bool) -> "list[Week]":
    """Play the weeks and print a line for each; an interrupt ends it with the weeks so far."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from flywheel.measurement.replay import telling
    from flywheel.measurement.replay.weeks import play

    played: list[Week] = []
    click.echo(telling.HEAD)
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    display = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    total = script.habits.questions * weeks
    bar = display.add_task("week 0", total=total)
    going_on = play(core, clock, script, lambda _: display.advance(bar))
    try:
        display.start()
        for week in islice(going_on, weeks + 1):
            played.append(week)
            display.stop()  # a line on standard output would run into the bar
            _say(telling.line(week), telling.reasons(week) if reasons else [])
            display.update(bar, description=f"week {week.number + 1}")
            display.start()
    except KeyboardInterrupt:
        click.echo("Interrupted: the curve ends here.", err=True)
    finally:
        display.stop()
    return played


def _say(line: str, reasons: list[str]) -> None:
    click.echo("\n".join([line, *(f"       {one}" for one in reasons)]))
