"""Pushed votes are found in a planted world, and quiet weeks stay quiet."""

from random import Random

import pytest

from flywheel.measurement.gaming import agreement
from flywheel.measurement.suspicion import Suspicion, What, suspicions
from flywheel.measurement.vote_evidence import Evidence, Voice, Vote, of
from tests.unit.measurement.voting_world import Pushing, World, together, week

USUAL = 4


def looked(seed: int, pushing: Pushing | None = None, world: World | None = None) -> list[Suspicion]:
    """Return what alarms in the fifth week of a world, in which people may push."""
    rng = Random(seed)
    before = together([week(rng, number, world) for number in range(USUAL)])
    found = suspicions(of(week(rng, USUAL, world, pushing)), of(before))
    return [one for one in found if one.is_alarming]


@pytest.mark.parametrize("seed", range(5))
def test_three_who_push_yes_everywhere_are_found_and_named(seed: int) -> None:
    found = looked(seed, Pushing(("U3", "U8", "U14"), 0.6))

    assert {person for one in found if one.what is What.EAGER for person in one.persons} == {"U3", "U8", "U14"}


@pytest.mark.parametrize("seed", range(5))
def test_friends_who_never_ask_are_found(seed: int) -> None:
    assert What.STRANGERS in {one.what for one in looked(seed, Pushing(("F1", "F2", "F3", "F4"), 0.3))}


@pytest.mark.parametrize("seed", range(5))
def test_votes_before_anybody_can_have_read_are_found(seed: int) -> None:
    assert What.HASTY in {one.what for one in looked(seed, Pushing(("F1",), 0.4, 0.5, 3.0))}


def test_twenty_quiet_weeks_raise_at_most_one_alarm() -> None:
    rng = Random(77)
    weeks = [week(rng, number) for number in range(24)]

    rung = [
        any(one.is_alarming for one in suspicions(of(weeks[at]), of(together(weeks[at - USUAL : at]))))
        for at in range(USUAL, 24)
    ]

    assert sum(rung) <= 1


def test_an_answer_that_gets_better_is_no_gaming() -> None:
    rng = Random(3)
    before = together([week(rng, number, World(good=0.6)) for number in range(USUAL)])

    found = suspicions(of(week(rng, USUAL, World(good=0.9))), of(before))

    assert not any(one.is_alarming for one in found)


@pytest.mark.parametrize("seed", range(5))
def test_an_honest_curator_is_no_gaming(seed: int) -> None:
    assert looked(seed, world=World(curator=0.33)) == []


def test_what_is_said_names_nobody() -> None:
    for one in looked(1, Pushing(("U3", "U8", "U14"), 0.6)):
        assert not any(person in one.text for person in one.persons)


def test_honest_votes_agree_with_what_people_do() -> None:
    rng = Random(5)
    found = agreement(of(together([week(rng, number) for number in range(8)])), Voice.BEHAVIOUR)

    assert found.r is not None
    assert found.low is not None
    assert found.low > 0.1


def test_pushing_makes_votes_agree_less() -> None:
    rng = Random(5)
    honest = agreement(of(together([week(rng, number) for number in range(8)])), Voice.BEHAVIOUR)
    pushed = [week(rng, number, None, Pushing(("U3", "U8", "U14"), 0.6)) for number in range(8)]

    found = agreement(of(together(pushed)), Voice.BEHAVIOUR)

    assert found.r is not None
    assert honest.r is not None
    assert found.r < honest.r


def test_no_votes_suspect_nobody() -> None:
    rng = Random(1)
    nothing = of(week(rng, 0, World(questions=1, bystanders=0.0)))

    assert suspicions(nothing, nothing) == [] or not any(one.is_alarming for one in suspicions(nothing, nothing))


def test_the_order_of_what_is_surely_chance_hangs_on_no_rounding() -> None:
    now, before = said(10, 6, "now", 1), said(54, 38, "before", 0)

    found = suspicions(now, before)

    assert [one.p for one in found] == pytest.approx([1.0, 1.0])
    assert found[0].p != found[1].p
    assert [one.what for one in found] == [What.BYSTANDERS, What.PARTED]


def said(yes: int, no: int, name: str, others: int) -> Evidence:
    """Return votes of which `others` yes are not the asker's own; what got a no is contradicted."""
    votes = [Vote(f"{name}{n}", "U2" if n < others else "U1", "U1", n < yes, seconds=60.0) for n in range(yes + no)]
    bad = frozenset(one.answer_id for one in votes if not one.yes)
    marks = {Voice.BEHAVIOUR: {one.answer_id: True for one in votes}}
    return Evidence(tuple(votes), bad | {"before0"} if name == "before" else bad, frozenset({"U1", "U2"}), 1.0, marks)
