"""Indexing in the terminal: progress with rate and remaining time, then what was added and what was refused and why."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot.first_router import train_aside
from flywheel.core import Core
from flywheel.knowledge.embedding import encode_missing
from flywheel.knowledge.ingest import IngestReport, ingest
from flywheel.store import embeddings, releases
from flywheel.wiring import Plan, reindex_when_due

_MOST_REFUSALS_SHOWN = 50


class Bar:
    """A progress bar that learns its total on the way and shows passages per second."""

    def __init__(self, progress: Progress, title: str = "Indexing") -> None:
        """Draw on this display."""
        self._progress = progress
        self._task: TaskID = progress.add_task(title, total=0, rate="")
        self._passages = 0

    def expect(self, documents: int) -> None:
        """Raise the total."""
        task = self._progress.tasks[0]
        self._progress.update(self._task, total=(task.total or 0) + documents)

    def advance(self, documents: int, passages: int) -> None:
        """Move on by documents and count passages."""
        self._passages += passages
        elapsed = self._progress.tasks[0].elapsed or 0.0
        rate = f"{self._passages / elapsed:.0f} passages/s" if elapsed > 0 else ""
        self._progress.update(self._task, advance=documents, rate=rate)


def index_with_progress(core: Core, plan: Plan, paths: Sequence[Path], access: frozenset[str] | None) -> IngestReport:
    """Index paths, bring the indexes up to date, train the first router where it is due, and say what happened."""
    report = take_in(core, plan, paths, access)
    if router_is_due(core, report):
        say_trained(train_aside(plan))
    return report


def take_in(core: Core, plan: Plan, paths: Sequence[Path], access: frozenset[str] | None) -> IngestReport:
    """Index paths and bring the indexes up to date, without training a router; say what happened."""
    console = Console(stderr=True)
    with _display(console) as progress:
        report = ingest(core, paths, access, Bar(progress))
    encode_with_progress(core)
    built = reindex_when_due(core, plan)
    console.print(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed; "
        f"{report.passages} passages in {report.seconds:.0f} s{'; index built' if built else ''}."
    )
    for name, reason in report.refused[:_MOST_REFUSALS_SHOWN]:
        console.print(f"refused: {name}: {reason}", markup=False, highlight=False)
    if len(report.refused) > _MOST_REFUSALS_SHOWN:
        console.print(f"… and {len(report.refused) - _MOST_REFUSALS_SHOWN} more")
    return report


def router_is_due(core: Core, report: IngestReport) -> bool:
    """Tell whether to train the first router: the knowledge has changed, or an earlier training was cut short."""
    if report.added or report.changed or report.removed:
        return True
    with core.database.read() as db:
        return releases.serving_id(db, "router") is None


def say_trained(said: str) -> None:
    """Print what a training said, if it said anything."""
    if said:
        Console(stderr=True).print(said, markup=False, highlight=False)


def encode_with_progress(core: Core) -> None:
    """Encode what has no vector under this encoder: all passages, after the encoder was changed."""
    with core.database.read() as db:
        waiting = bool(embeddings.unencoded(db, core.encoder.name, 1))
    if waiting:
        with _display(Console(stderr=True)) as progress:
            encode_missing(core, Bar(progress, "Encoding"))


def _display(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
    )
