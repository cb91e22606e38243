"""How much error probability a try may spend."""

import pytest

from flywheel.learning.spending import BUDGET, Try, allowance, level


def tries(count: int, slot: str = "reranker", *, stands: bool = False) -> list[Try]:
    """Return tries of different challengers."""
    return [Try(slot, f"{slot} {n}", f"snapshot {n}", stands) for n in range(count)]


def test_all_levels_of_a_series_together_stay_within_the_budget() -> None:
    assert BUDGET * 0.9 < sum(level(n) for n in range(1, 1_000)) < BUDGET


def test_each_try_has_less_than_the_one_before() -> None:
    assert level(1) > level(2) > level(3) > level(52) > 0


def test_the_first_try_of_a_slot_is_number_one() -> None:
    assert allowance([], "reranker", "c", "s").number == 1


def test_former_tries_of_the_same_slot_count() -> None:
    assert allowance(tries(3), "reranker", "c", "s").number == 4


def test_tries_of_another_slot_do_not_count() -> None:
    assert allowance(tries(3, "fusion"), "reranker", "c", "s").number == 1


def test_a_release_that_stands_begins_a_new_series() -> None:
    past = [*tries(5), *tries(1, stands=True), *tries(2)]

    assert allowance(past, "reranker", "c", "s").number == 3


def test_the_same_challenger_on_the_same_snapshot_is_no_new_try() -> None:
    past = tries(4)

    again = allowance(past, "reranker", past[1].challenger, past[1].snapshot)

    assert again.number == 2
    assert again.level == level(2)


def test_trying_one_challenger_twice_on_the_same_snapshot_counts_once() -> None:
    past = [*tries(1), *tries(1)]

    assert allowance(past, "reranker", "c", "s").number == 2


@pytest.mark.parametrize("changed", [("reranker 1", "other"), ("other", "snapshot 1")])
def test_another_snapshot_or_another_challenger_is_a_new_try(changed: tuple[str, str]) -> None:
    assert allowance(tries(4), "reranker", *changed).number == 5


def test_a_slot_is_tried_again_when_its_questions_have_grown_by_half() -> None:
    past = [Try("reranker", "c", "s", n=60)]

    assert allowance(past, "reranker", "other", "later").due == 90


def test_of_many_questions_two_hundred_more_are_news_enough() -> None:
    past = [Try("reranker", "c", "s", n=3_000)]

    assert allowance(past, "reranker", "other", "later").due == 3_200


def test_after_a_release_the_next_try_waits_for_nothing() -> None:
    past = [Try("reranker", "c", "s", n=60), Try("reranker", "d", "t", stands=True, n=90)]

    assert allowance(past, "reranker", "other", "later").due == 0


def test_the_same_challenger_on_the_same_snapshot_may_be_looked_at_again() -> None:
    past = [Try("reranker", "c", "s", n=60)]

    assert allowance(past, "reranker", "c", "s").due == 0


def test_too_few_new_questions_are_said_with_the_number_that_is_waited_for() -> None:
    soon = allowance([Try("reranker", "c", "s", n=60)], "reranker", "other", "later")

    assert "90" in soon.too_soon(70)
    assert soon.too_soon(90) == ""
