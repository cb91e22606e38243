"""What serves is measured on the same questions, once per state, and the log says what changed in between."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.errors import ModelUnavailable
from flywheel.learning import release
from flywheel.measurement import baseline, system
from flywheel.ports import Vectors
from flywheel.registry import Outcome, Record, Release
from flywheel.store import evaluation_sets, questions, records, releases
from flywheel.store.evaluation_sets import EvaluationSet, Item, SetKind
from flywheel.store.records import Wanted
from tests.parts import MOMENT, HashingEncoder, StoppedClock, answered, know, make_core

WORDS = ("vpn client portal", "lunch canteen noon", "salary payday month", "badge door office")
ANCHOR = Wanted(metric="ndcg_at_10", segment="all", dataset="frozen")


class BrokenEncoder(HashingEncoder):
    """An encoder that is out of order."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Fail."""
        raise ModelUnavailable("out of order")


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """Return a core with twelve frozen questions about four documents, asked by three persons."""
    made = make_core(tmp_path)
    for number, words in enumerate(WORDS):
        know(made, f"d{number}.md", words, f"nothing about {number}")
    for number in range(12):
        words = WORDS[number % 4]
        answered(made, f"a{number:02}", question=f"{words} {number}?", person=f"U{number % 3}")
    freeze(made, 12)
    yield made
    made.database.close()


def freeze(core: Core, count: int) -> EvaluationSet:
    """Freeze the first questions; each wants the passage of its document."""
    items = tuple(Item(f"q-a{n:02}", "documents", {f"d{n % 4}.md:0": 3.0}) for n in range(count))
    name = evaluation_sets.identity(SetKind.FROZEN, items)
    made = EvaluationSet(name, SetKind.FROZEN, MOMENT, None, items)
    with core.database.begin() as db:
        evaluation_sets.put(db, made)
    return made


def promoted(core: Core, alpha: float) -> str:
    """Let a fusion weight serve, as an administrator would."""
    artefact = {"alpha": alpha}
    name = releases.identity("fusion", artefact)
    made = Release(name, "fusion", artefact, {}, "s", core.now(), Outcome.HELD, serving=False)
    with core.database.begin() as db:
        releases.put(db, made)
    release.promote(core, name, "U9")
    return name


def tick(core: Core) -> None:
    assert isinstance(core.now, StoppedClock)
    core.now.advance(timedelta(hours=1))


def logged(core: Core, wanted: Wanted = ANCHOR) -> list[Record]:
    with core.database.read() as db:
        return records.matching(db, wanted, scored=True)


def test_every_retrieval_and_routing_metric_is_recorded_with_n_interval_and_versions(core: Core) -> None:
    baseline.keep_up(core)

    found = {one.metric: one for one in logged(core, Wanted(segment="all", dataset="frozen"))}
    assert {"recall_at_1", "recall_at_40", "precision_at_5", "mrr_at_10", "route_and_found"} <= found.keys()
    assert all(one.n == 12 and one.low is not None for one in found.values())
    assert found["ndcg_at_10"].versions == system.versions(core)


def test_the_figures_are_those_of_the_search(core: Core) -> None:
    baseline.keep_up(core)

    [found] = logged(core)
    assert (found.value, found.n, len(found.scores), set(found.persons)) == (1.0, 12, 12, {0, 1, 2})


def test_a_segment_of_ten_is_recorded_and_a_smaller_one_is_not(core: Core) -> None:
    freeze(core, 9)
    baseline.keep_up(core)
    before = {one.segment for one in logged(core, Wanted(dataset="frozen"))}
    freeze(core, 12)
    baseline.keep_up(core)

    assert before == {"all"}
    assert {"route:documents", "surface:mention"} <= {one.segment for one in logged(core, Wanted(dataset="frozen"))}


def test_the_same_state_is_measured_once(core: Core) -> None:
    assert baseline.keep_up(core) > 0
    assert not baseline.is_due(core)
    assert baseline.keep_up(core) == 0


def test_a_promotion_is_measured_on_the_same_questions_and_named(core: Core) -> None:
    baseline.keep_up(core)
    tick(core)
    name = promoted(core, 0.0)
    assert baseline.is_due(core)
    baseline.keep_up(core)

    before, after = logged(core)
    assert before.dataset_hash == after.dataset_hash
    assert after.change == f"fusion {name[:8]} promoted by U9"


def test_what_was_taken_back_is_written_down_and_not_measured_again(core: Core) -> None:
    baseline.keep_up(core)
    name = promoted(core, 0.0)
    tick(core)
    baseline.keep_up(core)
    release.roll_back(core, name, "U9")
    tick(core)

    baseline.keep_up(replace(core, encoder=BrokenEncoder()))

    first, _, third = logged(core)
    assert (third.value, third.scores, third.versions) == (first.value, first.scores, first.versions)
    assert third.change == f"fusion {name[:8]} rolled back by U9, the default serves again"


def test_new_documents_are_a_change(core: Core) -> None:
    baseline.keep_up(core)
    tick(core)
    know(core, "new.md", "vpn client portal, once more")
    baseline.keep_up(core)

    assert logged(core)[-1].change == "index: 1 documents new or changed (+1 -0 passages)"


def test_a_grown_set_is_another_data_set(core: Core) -> None:
    freeze(core, 11)
    baseline.keep_up(core)
    freeze(core, 12)
    baseline.keep_up(core)

    first, second = logged(core)
    assert first.dataset_hash != second.dataset_hash
    assert second.change == "the frozen questions: 11 → 12"


def test_a_question_that_was_deleted_is_asked_no_more(core: Core) -> None:
    with core.database.begin() as db:
        questions.mark_deleted(db, "q-a03", core.now())
    baseline.keep_up(core)

    [found] = logged(core)
    assert (found.n, len(found.scores)) == (11, 11)
    assert found.dataset_hash == evaluation_sets.identity(
        SetKind.FROZEN, [one for one in freeze(core, 12).items if one.question_id != "q-a03"]
    )


def test_without_any_question_nothing_is_due(tmp_path: Path) -> None:
    empty = make_core(tmp_path)

    assert not baseline.is_due(empty)
    assert baseline.keep_up(empty) == 0
