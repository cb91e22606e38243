"""`flywheel eval`: retrieval and routing figures on a data set, with confidence intervals."""

from pathlib import Path
from typing import Any

import click

from bot.settings import Settings


@click.command(name="eval")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--split", default="dev", show_default=True, help="Which questions of the set.")
@click.option("--limit", type=click.IntRange(min=1), default=None, help="Only this many questions.")
@click.option("--shots", type=click.IntRange(min=1), default=None, help="Routing sets: train questions per label.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(folder: Path, split: str, limit: int | None, shots: int | None, *, as_json: bool) -> None:
    """Measure retrieval or routing on the questions in FOLDER.

    A retrieval set holds corpus.jsonl.gz ({_id, title, text} a line), queries.jsonl ({_id, text, split}) and qrels.tsv
    (query-id, corpus-id, score; with a header): its corpus is indexed aside, and BM25 alone, dense alone and the hybrid
    are measured. A routing set holds queries.jsonl ({_id, text, split, label}) and no qrels.tsv: the router is trained
    on descriptions of the labels alone and on 300 and 1,000 train questions, or on --shots of each label.
    """
    import json
    import tempfile

    from flywheel.measurement.routing_set import is_routing_set

    with tempfile.TemporaryDirectory() as aside:
        settings = Settings.read().model_copy(update={"flywheel_home": Path(aside), "database_url": None})
        if is_routing_set(folder):
            figures, shown = _routing(settings, folder, split, limit, shots)
        else:
            figures, shown = _retrieval(settings, folder, split, limit)
    click.echo(json.dumps(figures, indent=2) if as_json else shown)


def _retrieval(settings: Settings, folder: Path, split: str, limit: int | None) -> tuple[dict[str, Any], str]:
    from bot.composition import opened
    from bot.indexing import index_with_progress
    from flywheel.measurement.retrieval_set import load, measure, table

    questions = load(folder, split, limit)
    with opened(settings) as core:
        index_with_progress(core, settings.plan(), [folder / "corpus.jsonl.gz"], None)
        figures = measure(core, questions)
    return figures, table(figures)


def _routing(
    settings: Settings, folder: Path, split: str, limit: int | None, shots: int | None
) -> tuple[dict[str, Any], str]:
    from bot.composition import opened
    from flywheel.measurement import routing_set

    questions = routing_set.load(folder)
    with opened(settings) as core:
        figures = routing_set.measure(core.encoder, questions, split, routing_set.settings(shots), limit)
    return figures, routing_set.table(figures)
