"""How good answers are by people's words on their sources, and by words alone."""

from datetime import UTC, datetime

import pytest

from flywheel.curation.labels import Label
from flywheel.measurement import answer_metrics
from flywheel.measurement.answer_metrics import context_precision, judged, of_judged
from flywheel.model import Answer, Audience, Citation, Question, Retriever, Surface
from flywheel.store.answers import Listed
from flywheel.store.ledger import Exchange

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def exchange(*cited: str, listed: tuple[str, ...] = (), name: str = "a1") -> Exchange:
    """Return an answer that cites these passages of a shortlist."""
    asked = Question(f"q-{name}", "How?", "U1", Surface.MENTION, AT, Audience.everyone())
    sources = tuple(Citation(n, one, one, one) for n, one in enumerate(cited, 1))
    answer = Answer(name, asked.id, "So. [1]", False, 0.8, "extractive", sources, answered_at=AT)
    rows = [Listed(n, one, one, Retriever.DOCUMENTS, 1 / n, {}, one in cited) for n, one in enumerate(listed, 1)]
    return Exchange(asked, answer, tuple(rows))


def label(passage: str, grade: int, weight: float = 1.0, name: str = "a1") -> Label:
    """Return what somebody said about a passage of an answer."""
    return Label(f"q-{name}", name, passage, grade, weight, "citation_up", "U2", AT, listed=True)


def values(found: list[Exchange], *labels: Label) -> dict[str, float]:
    """Return each metric's value."""
    return {one.metric: one.hits.sum() / one.weights.sum() for one in of_judged(judged(found, labels))}


def test_precision_is_of_what_was_cited_and_judged() -> None:
    told = values([exchange("p1", "p2", "p3")], label("p1", 3), label("p2", 0))

    assert told["citation_precision"] == 0.5


def test_recall_is_of_what_people_wanted() -> None:
    told = values([exchange("p1")], label("p1", 3), label("p9", 3), label("p8", 0))

    assert told["citation_recall"] == 0.5


def test_one_doubtful_word_makes_nothing_wanted() -> None:
    assert "citation_recall" not in values([exchange("p1")], label("p1", 3, weight=0.2))


def test_an_answer_nobody_judged_counts_nowhere() -> None:
    assert values([exchange("p1", name="a2")], label("p1", 3)) == {}


@pytest.mark.parametrize(
    ("wanted", "expected"), [({"a"}, 1.0), ({"c"}, 1 / 3), ({"a", "c"}, (1 + 2 / 3) / 2), ({"z"}, 0.0)]
)
def test_context_precision_is_ragas_rank_weighted_precision(wanted: set[str], expected: float) -> None:
    assert context_precision(["a", "b", "c"], frozenset(wanted)) == pytest.approx(expected)


def test_the_sample_is_the_same_each_time_and_cites_something() -> None:
    found = [exchange("p1", name=f"a{n}") for n in range(150)]
    drawn = answer_metrics.sampled([*found, exchange(name="b")])

    assert len(drawn) == answer_metrics.SAMPLE
    assert drawn == answer_metrics.sampled(reversed([*found, exchange(name="b")]))


def test_a_sentence_without_a_mark_takes_those_of_its_line_or_those_before_it() -> None:
    told = answer_metrics.marked("One. Two. [1]\n\nSteps: [2]\n• three\n```\nfour. five\n```")

    assert told.splitlines() == ["One. [1]", "Two. [1]", "", "Steps: [2]", "• three [2]", "```", "four. five", "```"]


def test_context_precision_is_of_the_ten_that_a_writer_reads() -> None:
    listed = tuple(f"p{n}" for n in range(12))

    assert values([exchange("p0", listed=listed)], label("p11", 3))["context_precision"] == 0.0
    assert values([exchange("p0", listed=listed)], label("p9", 3))["context_precision"] == pytest.approx(0.1)
