"""`flywheel eval`: retrieval figures on a data set, with confidence intervals."""

from pathlib import Path

import click

from bot.settings import Settings


@click.command(name="eval")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--split", default="dev", show_default=True, help="Which questions of the set.")
@click.option("--limit", type=int, default=None, help="Only this many questions.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(folder: Path, split: str, limit: int | None, *, as_json: bool) -> None:
    """Index the corpus in FOLDER aside and measure BM25 alone, dense alone and the hybrid on its questions.

    FOLDER holds corpus.jsonl.gz ({_id, title, text} a line), queries.jsonl ({_id, text, split}) and qrels.tsv
    (query-id, corpus-id, score; with a header).
    """
    import json
    import tempfile

    from bot.composition import opened
    from bot.indexing import index_with_progress
    from flywheel.measurement.retrieval_set import load, measure, table

    questions = load(folder, split, limit)
    with tempfile.TemporaryDirectory() as aside:
        settings = Settings.read().model_copy(update={"flywheel_home": Path(aside), "database_url": None})
        with opened(settings) as core:
            index_with_progress(core, settings.plan(), [folder / "corpus.jsonl.gz"], None)
            figures = measure(core, questions)
    click.echo(json.dumps(figures, indent=2) if as_json else table(figures))
