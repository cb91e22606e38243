"""`flywheel eval` on a small set of two kinds."""

import json
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.measurement.retrieval_set import Judged, load, measure, table
from flywheel.model import PUBLIC, Document, Kind, Passage
from flywheel.store import documents, embeddings
from tests.parts import MOMENT, make_core

SHELF = {
    "vpn": ("connect to the vpn with the profile", Kind.TEXT),
    "tea": ("tea is in the kitchen on floor two", Kind.TEXT),
    "tar": ("tar -czf archive.tgz folder", Kind.CODE),
}
QUESTIONS = [Judged("how do i connect to the vpn", {"vpn": 1.0}), Judged("tar a folder", {"tar": 1.0})]


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with the shelf."""
    made = make_core(tmp_path)
    for name, (text, kind) in SHELF.items():
        document = Document(name, "shelf.jsonl", name, "", kind, "h", frozenset({PUBLIC}))
        with made.database.begin() as db:
            passage = Passage(f"{name}#0", name, 0, text, kind)
            documents.put(db, [(document, [passage])], version=documents.advance_corpus(db), at=MOMENT)
            embeddings.put(db, made.encoder.name, {passage.id: made.encoder.encode([text])[0]})
    return made


def test_each_ranker_has_each_metric_with_its_interval(core: Core) -> None:
    figures = measure(core, QUESTIONS)

    for ranker in ("bm25", "dense", "flywheel"):
        assert set(figures[ranker]) == {"ndcg@10", "recall@5", "mrr@10"}
        assert all(one["low"] <= one["value"] <= one["high"] for one in figures[ranker].values())


def test_the_difference_is_what_serves_less_the_better_single_index(core: Core) -> None:
    figures = measure(core, [Judged("how do i connect to the vpn", {"vpn": 1.0, "tea": 1.0})])

    told = figures["difference"]["ndcg@10"]
    single = figures[told["better"]]["ndcg@10"]["value"]
    assert told["value"] == pytest.approx(figures["flywheel"]["ndcg@10"]["value"] - single)
    assert single == max(figures[one]["ndcg@10"]["value"] for one in ("bm25", "dense"))


def test_questions_of_several_kinds_are_told_route_by_route(core: Core) -> None:
    routes = measure(core, QUESTIONS)["routes"]

    assert {name: part["n"] for name, part in routes.items()} == {"documents": 1, "code": 1}


def test_questions_of_one_kind_have_no_routes(core: Core) -> None:
    assert "routes" not in measure(core, QUESTIONS[:1])


def test_the_table_has_a_part_for_each_route(core: Core) -> None:
    told = table(measure(core, QUESTIONS))

    assert [line.split()[0] for line in told.splitlines() if "ndcg@10" in line] == ["2", "code:", "documents:"]
    assert told.count("difference") == 3


def test_what_is_wanted_but_not_indexed_counts_as_not_found(core: Core) -> None:
    figures = measure(core, [Judged("how do i connect to the vpn", {"lost": 1.0})])

    assert figures["flywheel"]["recall@5"]["value"] == 0.0


def test_a_split_without_judged_questions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "t", "split": "dev"}))
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\td\t1\n")

    with pytest.raises(InvalidInput, match="train"):
        load(tmp_path, "train")


@pytest.mark.parametrize("row", ["q1\tvpn", "q1\tvpn\tmuch"])
def test_judgements_without_a_score_are_refused_with_a_sentence(tmp_path: Path, row: str) -> None:
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "vpn", "split": "dev"}\n')
    (tmp_path / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{row}\n")

    with pytest.raises(InvalidInput, match="query-id, corpus-id and score"):
        load(tmp_path, "dev")
