"""Voted answers stand for all answers: by raking, with small levels joined."""

import pytest

from flywheel.measurement.estimates import Estimate
from flywheel.measurement.weighting import OTHERS, Voted, joined, weighted, weights

POPULATION = [{"asker": "much"}] * 200 + [{"asker": "seldom"}] * 200


def said(level: str, count: int, yes: int, *, askers: int = 10) -> list[Voted]:
    """Return so many voted answers of a level, of as many askers in turn."""
    return [Voted(f"{level}{n % askers}", {"asker": level}, float(n < yes)) for n in range(count)]


def width(found: Estimate | None) -> float:
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


def test_who_votes_less_than_they_ask_counts_more() -> None:
    voted = [*said("much", 90, 81), *said("seldom", 10, 2)]

    made = weights(POPULATION, [one.levels for one in voted])

    assert made[0] == pytest.approx(200 / 90)
    assert made[-1] == pytest.approx(20.0)


def test_the_weighted_share_is_the_mean_of_the_strata_by_their_size() -> None:
    voted = [*said("much", 90, 81), *said("seldom", 10, 2)]
    found = weighted(voted, weights(POPULATION, [one.levels for one in voted]))

    assert found is not None
    assert found.value == pytest.approx((0.9 + 0.2) / 2)


def test_an_uneven_sample_has_a_wider_interval_than_an_even_one() -> None:
    uneven = [*said("much", 90, 72), *said("seldom", 10, 8)]
    even = [*said("much", 50, 40), *said("seldom", 50, 40)]

    wide, narrow = (weighted(some, weights(POPULATION, [one.levels for one in some])) for some in (uneven, even))

    assert width(wide) > width(narrow)


def test_one_asker_s_answers_are_one_witness() -> None:
    one, many = ([*said("much", 50, 25, askers=n), *said("seldom", 50, 50, askers=n)] for n in (1, 50))

    alone, crowd = (weighted(some, [1.0] * 100) for some in (one, many))

    assert width(alone) > width(crowd)


def test_two_margins_are_met_at_once() -> None:
    population = [{"a": a, "b": b} for a, b, n in (("x", "u", 40), ("x", "v", 10), ("y", "u", 20), ("y", "v", 30))
                  for _ in range(n)]  # fmt: skip
    voted = [{"a": a, "b": b} for a, b in (("x", "u"), ("x", "v"), ("y", "u"), ("y", "v")) for _ in range(12)]
    made = weights(population, voted)

    assert sum(w for w, one in zip(made, voted, strict=True) if one["a"] == "x") == pytest.approx(50)
    assert sum(w for w, one in zip(made, voted, strict=True) if one["b"] == "u") == pytest.approx(60)


def test_small_levels_are_joined() -> None:
    population = [{"route": name} for name in ("documents", "code", "tables", "people") for _ in range(50)]
    voted = [{"route": "documents"}] * 30 + [{"route": "code"}] * 6 + [{"route": "tables"}] * 6

    assert joined(population, voted)["route"] == {
        "documents": "documents", "code": OTHERS, "tables": OTHERS, "people": OTHERS,
    }  # fmt: skip


def test_others_too_small_for_themselves_join_the_smallest_level() -> None:
    population = [{"route": name} for name in ("documents", "code", "tables") for _ in range(50)]
    voted = [{"route": "documents"}] * 30 + [{"route": "code"}] * 20 + [{"route": "tables"}] * 2

    assert joined(population, voted)["route"]["tables"] == "code"


def test_a_margin_of_one_level_is_left_out() -> None:
    assert joined(POPULATION, [{"asker": "much"}] * 12) == {}


def test_nothing_voted_is_weighted_to_nothing() -> None:
    assert weighted([], []) is None
