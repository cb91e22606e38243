"""Who is served worse than the rest, and who only seems to be."""

from collections.abc import Sequence

import numpy as np
import pytest

from flywheel.measurement.understanding.cases import Case
from flywheel.measurement.understanding.segments import Segment, of
from flywheel.model import Surface
from tests.unit.measurement.understanding.asked import case, voted

NOBODY = frozenset[str]()


def named(found: Sequence[Segment], name: str, value: str) -> Segment:
    return next(one for one in found if (one.name, one.value) == (name, value))


def two_routes(second: float, seed: int = 1) -> list[Case]:
    """Return 120 judged questions of two routes; documents satisfy nine in ten, code this share."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(120):
        route = "documents" if number % 2 else "code"
        person = f"P{int(rng.integers(20))}"
        yes = bool(rng.random() < (0.9 if route == "documents" else second))
        made.append(voted(case(number, person, route={route: 0.8, "people": 0.1}), {person: yes}))
    return made


def test_a_route_that_serves_much_worse_is_told() -> None:
    assert named(of(two_routes(0.4), NOBODY, NOBODY), "route", "code").worse == ("satisfied",)


@pytest.mark.parametrize("seed", range(5))
def test_a_route_that_serves_as_well_is_not_told(seed: int) -> None:
    assert not any(one.worse for one in of(two_routes(0.9, seed), NOBODY, NOBODY))


def test_the_better_of_two_routes_is_not_told() -> None:
    assert named(of(two_routes(0.4), NOBODY, NOBODY), "route", "documents").worse == ()


def test_one_person_who_is_never_satisfied_makes_no_segment_worse() -> None:
    loud = [voted(case(n, "loud", channel="C2"), {"loud": False}) for n in range(40)]
    rest = [voted(case(100 + n, f"P{n % 20}"), {f"P{n % 20}": True}) for n in range(60)]

    assert named(of([*loud, *rest], frozenset({"C1", "C2"}), NOBODY), "channel", "<#C2>").satisfied_p is None


def test_a_channel_that_not_everybody_may_see_is_not_named() -> None:
    found = of([case(0), case(1, channel="C9"), case(2, channel="C8")], frozenset({"C1"}), NOBODY)

    assert [one.value for one in found if one.name == "channel"] == ["<#C1>", "other channels"]


def test_direct_messages_are_a_segment() -> None:
    found = of([case(0), case(1, surface=Surface.DIRECT, channel="D1")], frozenset({"C1"}), NOBODY)

    assert named(found, "channel", "direct messages").questions == 1


def test_who_asked_nothing_before_is_new() -> None:
    found = of([case(0, "ben", week=-1), case(1, "ben"), case(2, "cem")], NOBODY, NOBODY)

    assert (named(found, "asker", "new").questions, named(found, "asker", "regular").questions) == (1, 2)


def test_those_who_ask_most_are_heavy() -> None:
    many = [case(n, "ben", week=-1) for n in range(10)]
    few = [case(20 + n, f"P{n}", week=-1) for n in range(20)]

    assert named(of([*many, *few], NOBODY, NOBODY), "asker", "heavy").persons == 1


def test_owners_are_a_segment() -> None:
    assert named(of([case(0), case(1, "ben")], NOBODY, frozenset({"ben"})), "owner", "owner").questions == 1


@pytest.mark.parametrize(("text", "length"), [("VPN?", "short"), ("How do I get on the VPN?", "medium")])
def test_questions_are_told_apart_by_length(text: str, length: str) -> None:
    long = case(1, text="Why " + "very " * 12 + "long?")

    assert named(of([case(0, text=text), long], NOBODY, NOBODY), "length", length).questions == 1
