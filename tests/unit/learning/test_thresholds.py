"""When to answer, learned from what people said of answers."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flywheel.answering.decide import Thresholds
from flywheel.core import Core
from flywheel.curation.credit import attribute
from flywheel.curation.dataset import Dataset
from flywheel.curation.split import split
from flywheel.learning import thresholds
from flywheel.learning.lesson import Lesson
from flywheel.learning.outcomes import Outcome, lines_served, of_artefact, outcomes
from flywheel.learning.thresholds import ThresholdsLearner, answered, learned, utility
from flywheel.model import Routing, Signal, SignalKind
from flywheel.registry import Outcome as Fate
from flywheel.registry import Release
from flywheel.retrieval.champions import Champions
from flywheel.store import releases
from flywheel.store.ledger import Exchange, Ledger
from tests.parts import MOMENT, make_core
from tests.unit.curation.exchanges import did, exchange

DEFAULT = Thresholds()
LINES = {DEFAULT.answer: DEFAULT}


def sigmoid(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def given(number: int = 0, log_odds: float = 1.0, *, line: float = DEFAULT.answer) -> Exchange:
    """Return an exchange answered, or not, with this confidence under the default thresholds."""
    made = exchange(number, text=f"Question {number} about {number * 7919 % 1009}?")
    stored = sigmoid(log_odds)
    routing = Routing(("documents",), line=line)
    answer = replace(made.answer, confidence=stored, abstained=stored < line, routing=routing)
    return replace(made, answer=replace(answer, versions={"writer": "abstained" if stored < line else "extractive"}))


def judged(seed: int = 1, n: int = 200, *, right_from: float = 1.0) -> tuple[list[Exchange], list[Signal]]:
    """Return answers of which those above a confidence are mostly right, with a vote on each."""
    rng = np.random.default_rng(seed)
    made, votes = [], []
    for number in range(n):
        log_odds = float(rng.uniform(-0.9, 3.0))
        right = rng.uniform() < sigmoid(4 * (log_odds - right_from))
        kind = SignalKind.THUMBS_UP if right else SignalKind.THUMBS_DOWN
        made.append(given(number, log_odds))
        votes.append(did(kind, f"p{number % 20}", number=number))
    return made, votes


def found(made: list[Exchange], votes: list[Signal]) -> list[Outcome]:
    everything = Ledger(tuple(made), tuple(votes), (), {}, frozenset())
    return outcomes(everything, attribute(everything), LINES)


def test_a_yes_says_that_the_answer_was_right() -> None:
    [one] = found([given()], [did(SignalKind.THUMBS_UP)])

    assert one.right
    assert one.log_odds == pytest.approx(1.0)


def test_people_who_do_not_agree_say_nothing() -> None:
    assert found([given()], [did(SignalKind.THUMBS_UP), did(SignalKind.THUMBS_DOWN, "bo")]) == []


@pytest.mark.parametrize("reason", ["too_long", "outdated"])
def test_a_no_that_is_not_about_what_was_found_says_nothing(reason: str) -> None:
    assert found([given()], [did(SignalKind.THUMBS_DOWN, reason=reason)]) == []


def test_an_abstention_was_wrong_where_the_right_passage_was_among_the_first() -> None:
    votes = [did(SignalKind.THUMBS_DOWN), did(SignalKind.CITATION_UP, "bo", passage_id="p3")]
    made = given(log_odds=-2.0)
    made = replace(made, answer=replace(made.answer, citations=()))

    assert [one.right for one in found([made], votes)] == [True]


def test_an_abstention_was_right_where_nothing_could_have_answered() -> None:
    assert [one.right for one in found([given(log_odds=-2.0)], [did(SignalKind.ESCALATE)])] == [False]


def test_a_confidence_under_unknown_thresholds_says_nothing() -> None:
    assert found([given(line=0.41)], [did(SignalKind.THUMBS_UP)]) == []


def test_a_recalibrated_confidence_is_brought_back() -> None:
    served = Thresholds(0.3, slope=2.0, intercept=1.0)
    one = given(log_odds=3.0, line=0.3)
    everything = Ledger((one,), (did(SignalKind.THUMBS_UP),), (), {}, frozenset())

    [outcome] = outcomes(everything, attribute(everything), {0.3: served})

    assert outcome.log_odds == pytest.approx(1.0)


def test_a_specialists_confidence_is_not_that_of_the_shortlist() -> None:
    one = given()
    tables = replace(one, answer=replace(one.answer, versions={"writer": "tables"}))

    assert found([tables], [did(SignalKind.THUMBS_UP)]) == []


def test_the_memorys_confidence_is_not_that_of_the_shortlist() -> None:
    one = given()
    first = replace(one.shortlist[0], features={**one.shortlist[0].features, "remembered": one.answer.confidence})

    assert found([replace(one, shortlist=(first, *one.shortlist[1:]))], [did(SignalKind.THUMBS_UP)]) == []


def test_nobody_decides_more_than_their_share() -> None:
    made, votes = judged(n=200)
    flooding = [replace(one, person="attacker") for one in votes[:150]]

    kept = found(made, [*flooding, *votes[150:]])

    assert sum(one.person == "attacker" for one in kept) == 20


def test_the_line_moves_to_where_answers_begin_to_be_right() -> None:
    artefact = learned(found(*judged(n=400, right_from=0.0)), DEFAULT)
    made = of_artefact(artefact)
    cut = (math.log(made.answer / (1 - made.answer)) - made.intercept) / made.slope

    assert -0.3 < cut < 0.3


def test_more_is_gained_with_what_was_learned_on_questions_not_learned_from() -> None:
    made = of_artefact(learned(found(*judged(1, n=400, right_from=0.0)), DEFAULT))
    newer = found(*judged(2, n=400, right_from=0.0))

    assert utility(newer, made).mean() > utility(newer, DEFAULT).mean() + 0.02


def test_where_everything_is_right_the_line_stays() -> None:
    known = found(*judged(n=100, right_from=-9.0))
    artefact = learned(known, DEFAULT)

    assert answered(known, of_artefact(artefact)) == answered(known, DEFAULT)


def test_the_line_never_takes_more_than_a_fifth_of_the_answers() -> None:
    known = found(*judged(n=400, right_from=9.0))
    made = of_artefact(learned(known, DEFAULT))

    assert answered(known, made) >= 0.8 * answered(known, DEFAULT)


def test_few_votes_hardly_move_the_calibration() -> None:
    artefact = learned(
        found([given(0), given(1)], [did(SignalKind.THUMBS_UP), did(SignalKind.THUMBS_DOWN, number=1)]), DEFAULT
    )

    assert artefact["slope"] == pytest.approx(1.0, abs=0.15)


def test_overconfidence_is_taken_back() -> None:
    known = found(*judged(n=400, right_from=2.0))
    made = of_artefact(learned(known, DEFAULT))

    assert thresholds.brier(known, made) < thresholds.brier(known, DEFAULT) - 0.05


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return make_core(tmp_path)


def lesson(core: Core, made: list[Exchange], votes: list[Signal]) -> Lesson:
    everything = Ledger(tuple(made), tuple(votes), (), {}, frozenset())
    nothing = split((), np.zeros((0, 2), dtype=np.float32))
    return Lesson(core, everything, Dataset((), {}, 0, 0), nothing, Champions(0.6, None, {}), 1)


def test_fifty_judged_answers_are_enough(core: Core) -> None:
    assert [ThresholdsLearner().enough(lesson(core, *judged(n=n)))[0] for n in (49, 50)] == [False, True]


def test_the_word_of_somebody_in_quarantine_does_not_count(core: Core) -> None:
    taught = lesson(core, *judged(n=52))

    assert [ThresholdsLearner(quarantined=one).enough(taught)[0] for one in ((), ("p1",))] == [True, False]


def test_where_nobody_judged_there_is_nothing_to_say(core: Core) -> None:
    assert ThresholdsLearner().enough(lesson(core, [given()], [])) == (False, "")


def test_both_sides_are_scored_on_questions_that_nothing_was_learned_from(core: Core) -> None:
    learner, given_lesson = ThresholdsLearner(), lesson(core, *judged(n=400, right_from=0.0))
    trial = learner.evaluate(learner.fit(given_lesson), given_lesson)

    assert trial.metric == "utility"
    assert len(trial.question_ids) == len(trial.champion) >= 100
    assert trial.challenger.mean() > trial.champion.mean()


def test_the_same_lesson_gives_the_same_thresholds(core: Core) -> None:
    first, again = (ThresholdsLearner().fit(lesson(core, *judged())) for _ in range(2))

    assert first == again


def test_what_was_learned_can_serve(core: Core) -> None:
    learner = ThresholdsLearner()
    artefact = learner.fit(lesson(core, *judged()))
    release = Release(learner.export(artefact), "thresholds", artefact, {}, "s", MOMENT, Fate.HELD, serving=False)
    with core.database.begin() as db:
        releases.put(db, release)
        releases.promote(db, release.id)

    with core.database.read() as db:
        assert Thresholds.of(releases.serving(db, "thresholds")) == of_artefact(artefact)


def test_a_line_that_belongs_to_two_thresholds_tells_nothing(core: Core) -> None:
    artefact = {"answer": DEFAULT.answer, "slope": 2.0, "intercept": 0.0}
    identity = releases.identity("thresholds", artefact)
    with core.database.begin() as db:
        releases.put(db, Release(identity, "thresholds", artefact, {}, "s", MOMENT, Fate.HELD, serving=False))

    with core.database.read() as db:
        assert lines_served(db) == {}
