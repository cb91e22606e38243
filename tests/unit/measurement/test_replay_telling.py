"""How a replay is told: what came to serve, and which weeks made things worse."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from flywheel.measurement.replay.drawing import draw
from flywheel.measurement.replay.habits import Habits
from flywheel.measurement.replay.material import Material
from flywheel.measurement.replay.measuring import METRICS, Measured
from flywheel.measurement.replay.telling import content, line, released, summary, turned, worse
from flywheel.measurement.replay.weeks import Script, Week
from flywheel.measurement.retrieval_set import Judged
from flywheel.store.turns import Turn, TurnState

MOMENT = datetime(2026, 1, 11, 3, tzinfo=UTC)
SCRIPT = Script(Material((), (), tuple(Judged(f"q{n}", {f"d{n % 2}": 1.0}) for n in range(40))), Habits(), 1)


def week(number: int, ndcg: float, learners: Mapping[str, Mapping[str, object]] | None = None) -> Week:
    """Return a week in which every held-out question scores the same, but for the first."""
    values = np.full(40, ndcg)
    values[0] = 1.0
    evidence = {"learners": learners}
    turn = Turn("t", TurnState.FINISHED, "replay", MOMENT, MOMENT, MOMENT, "s", evidence, None) if learners else None
    measured = Measured(dict.fromkeys(METRICS, values))
    return Week(
        number, {"asked": 10, "thumbs_up": 3, "citation_down": 1}, 8, 5, frozenset({"d0"}), measured, 1.0, (), turn
    )


def verdicts(**decisions: str) -> dict[str, dict[str, object]]:
    """Return what a turn says of learners that were all tried."""
    return {name: {"decision": one, "reason": "so", "challenger": {"id": "x"}} for name, one in decisions.items()}


def numbers(weeks: Sequence[float]) -> list[Week]:
    """Return weeks with these scores."""
    return [week(n, one) for n, one in enumerate(weeks)]


def test_a_week_that_loses_on_nearly_all_questions_is_worse() -> None:
    assert worse(numbers([0.5, 0.6, 0.4, 0.4])) == [2]


def test_a_summary_names_the_weeks_that_made_it_worse() -> None:
    assert "worse at the end of week 1." in summary(numbers([0.5, 0.4]))


def test_a_summary_of_gains_says_so() -> None:
    told = summary(numbers([0.5, 0.9]))

    assert "(+0.390" in told
    assert told.endswith("No week made it significantly worse.")


def test_what_passed_the_gate_is_told_apart_from_what_was_held() -> None:
    made = week(1, 0.5, verdicts(adapter="released", fusion="provisional", reranker="held"))

    assert released(made) == ["adapter", "fusion"]
    assert turned(made) == "adapter released; fusion provisional; reranker held"


def test_a_learner_that_had_too_little_to_learn_from_is_not_called_held() -> None:
    made = week(1, 0.5, {"reranker": {"decision": "held", "reason": "too little", "challenger": None}})

    assert turned(made) == "nothing to try yet"


def test_a_line_has_shares_of_what_was_asked_and_of_the_votes() -> None:
    cells = line(week(1, 0.5)).split()

    assert cells[:9] == ["1", "10", "80", "%", "50", "%", "4", "75", "%"]


def test_questions_about_what_was_asked_are_told_apart_from_the_others() -> None:
    told = content(SCRIPT, [week(0, 0.5)])["weeks"][0]

    assert (told["seen"]["n"], told["unseen"]["n"]) == (20, 20)
    assert told["seen"]["ndcg_at_10"] > told["unseen"]["ndcg_at_10"]


def test_a_release_is_marked_in_the_curve() -> None:
    without, marked = (
        draw("t", "s", [week(0, 0.5), week(1, 0.5, verdicts(adapter=one))]) for one in ("held", "released")
    )

    assert without.startswith(b"\x89PNG")
    assert without != marked
