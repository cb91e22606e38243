"""What becomes of a release: taken back for harm, promoted for patience, held for doubt, watched otherwise."""

from collections.abc import Sequence
from datetime import timedelta

from flywheel.learning.canary import BROKEN, PATIENCE, Experience, Fate, Seen, judge_canary, judge_release, slow_from

DAY = timedelta(days=1)


def answers(
    name: str, votes: Sequence[bool], *, people: int = 15, abstained: bool = False, milliseconds: float = 100.0
) -> list[Experience]:
    """Return an arm's answers, each with its asker's vote, people taking turns."""
    askers = [f"{name}{number % people}" for number in range(len(votes))]
    return [Experience(who, abstained, {who: yes}, milliseconds) for who, yes in zip(askers, votes, strict=True)]


def share(yes: int, no: int) -> list[bool]:
    """Return so many yes and no, mixed."""
    return [number * yes // (yes + no) != (number + 1) * yes // (yes + no) for number in range(yes + no)]


GOOD = answers("c", share(80, 20))


def seen(treated: Sequence[Experience], age: timedelta = DAY, broken: int = 0) -> Seen:
    """Return what a canary's people got beside a good control."""
    return Seen(treated, GOOD, [100.0] * 50, age, broken)


def test_a_canary_that_pleases_less_is_taken_back() -> None:
    finding = judge_canary(seen(answers("t", share(30, 70))))

    assert finding.fate is Fate.ROLLED_BACK
    assert "less satisfied" in finding.reason


def test_a_canary_that_pleases_as_much_is_watched() -> None:
    assert judge_canary(seen(answers("t", share(79, 21)))).fate is Fate.WATCHED


def test_a_canary_that_pleases_much_more_is_promoted() -> None:
    control = answers("c", share(20, 80))

    assert judge_canary(Seen(answers("t", share(90, 10)), control, [], DAY)).fate is Fate.PROMOTED


def test_four_weeks_without_harm_promote() -> None:
    finding = judge_canary(seen(answers("t", share(79, 21)), PATIENCE))

    assert finding.fate is Fate.PROMOTED
    assert "Four weeks" in finding.reason


def test_four_weeks_of_doubt_hold() -> None:
    assert judge_canary(seen(answers("t", share(70, 30)), PATIENCE)).fate is Fate.HELD


def test_a_canary_that_nobody_used_is_not_promoted() -> None:
    assert judge_canary(seen(answers("t", share(5, 1)), 2 * PATIENCE)).fate is Fate.WATCHED


def test_a_canary_that_leaves_questions_unanswered_is_taken_back() -> None:
    finding = judge_canary(seen(answers("t", share(80, 20), abstained=True)))

    assert (finding.fate, "unanswered" in finding.reason) == (Fate.ROLLED_BACK, True)


def test_a_slow_canary_is_taken_back() -> None:
    finding = judge_canary(seen(answers("t", share(80, 20), milliseconds=900.0)))

    assert (finding.fate, "slower" in finding.reason) == (Fate.ROLLED_BACK, True)


def test_a_canary_that_cannot_be_used_is_taken_back() -> None:
    assert judge_canary(seen([], broken=BROKEN)).fate is Fate.ROLLED_BACK


def test_one_voter_cannot_take_a_canary_back() -> None:
    honest = answers("t", share(80, 20))
    attacked = [Experience(f"t{n % 15}", False, {"mallory": False}) for n in range(60)]

    assert judge_canary(seen([*honest, *attacked])).fate is Fate.WATCHED


def test_a_release_is_taken_back_for_what_time_alone_does_not_explain() -> None:
    assert judge_release(seen(answers("t", share(20, 80)))).fate is Fate.ROLLED_BACK


def test_a_little_worse_than_before_may_be_the_season() -> None:
    assert judge_release(seen(answers("t", share(60, 40)))).fate is Fate.WATCHED


def test_slow_is_half_as_much_again_as_before() -> None:
    assert (slow_from([1_000.0] * 30), slow_from([100.0] * 30), slow_from([100.0] * 5)) == (1_500.0, 400.0, None)
