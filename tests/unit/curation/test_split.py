"""Nothing that is trained on may stand on the other side: no question, wording, thread, cluster, author; nor time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flywheel.curation.dataset import Group
from flywheel.curation.split import LEAST_HELDOUT, LEAST_TRAIN, SAME, check, normalised, split
from flywheel.errors import FlywheelError
from flywheel.ports import Vectors

START = datetime(2026, 11, 2, tzinfo=UTC)


def asked(number: int, person: str = "ana", *, text: str = "", thread: str | None = None, minute: int = -1) -> Group:
    at = START + timedelta(minutes=number if minute < 0 else minute)
    return Group(f"q{number}", text or f"wording {number}", person, at, thread, ())


def apart(count: int) -> Vectors:
    """Return vectors that have nothing in common."""
    return np.eye(count, dtype=np.float32)


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[Group], Vectors]:
    """Return questions of a few people, with some wordings, threads, meanings and times in common."""
    count = draw(st.integers(0, 40))
    few = st.integers(0, 12)
    groups, rows = [], []
    for number in range(count):
        thread = f"t{draw(few)}" if draw(st.booleans()) else None
        wording = f"wording {draw(few)}" if draw(st.integers(0, 3)) == 0 else f"its own {number}"
        person = f"p{draw(st.integers(0, 6))}"
        groups.append(asked(number, person, text=wording, thread=thread, minute=draw(st.integers(0, 60))))
        rows.append(np.random.default_rng(draw(few) if draw(st.booleans()) else 100 + number).normal(size=24))
    vectors = np.array(rows, dtype=np.float32).reshape(count, 24)
    return groups, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@settings(max_examples=150)
@given(ledgers())
def test_no_random_ledger_leaks(made: tuple[list[Group], Vectors]) -> None:
    groups, vectors = made
    row = {one.question_id: vector for one, vector in zip(groups, vectors, strict=True)}

    parts = split(groups, vectors)

    for old in parts.train:
        for new in parts.heldout:
            assert old.question_id != new.question_id
            assert normalised(old.text) != normalised(new.text)
            assert old.thread is None or old.thread != new.thread
            assert float(row[old.question_id] @ row[new.question_id]) <= SAME
            assert old.asked_at <= new.asked_at


@settings(max_examples=150)
@given(ledgers())
def test_every_author_on_both_sides_is_counted(made: tuple[list[Group], Vectors]) -> None:
    parts = split(*made)

    both = {one.person for one in parts.train} & {one.person for one in parts.heldout}

    assert parts.shared_persons == len(both)
    assert [one.person in both for one in parts.heldout] == [not stranger for stranger in parts.strangers]


@settings(max_examples=100)
@given(ledgers(), st.sets(st.integers(0, 39), max_size=6))
def test_what_is_reserved_is_never_trained_on(made: tuple[list[Group], Vectors], numbers: set[int]) -> None:
    reserved = {f"q{number}" for number in numbers}

    parts = split(*made, reserved)

    barred = {parts.clusters[one] for one in reserved if one in parts.clusters}
    assert not [one for one in parts.train if parts.clusters[one.question_id] in barred]


def test_authors_stand_on_one_side_where_that_costs_little() -> None:
    regulars = [asked(number, f"p{number % 50}") for number in range(50)]
    both = [asked(number, "ana") for number in (50, 99)]
    others = [asked(number, f"r{number}") for number in range(51, 99)]

    parts = split([*regulars, *both, *others], apart(100))

    assert (parts.shared_persons, parts.apart) == (0, 1)
    assert "ana" not in {one.person for one in parts.train}


@pytest.mark.parametrize("questions", [300, 700, 1_000])
def test_forty_people_who_ask_all_the_time_leave_enough_on_both_sides(questions: int) -> None:
    groups = [asked(number, f"p{number * 7 % 40}") for number in range(questions)]

    parts = split(groups, apart(questions))

    assert len(parts.train) >= LEAST_TRAIN * questions
    assert len(parts.heldout) >= max(LEAST_HELDOUT * questions, 200 if questions >= 700 else 30)
    assert parts.strangers.any()


def test_a_question_whose_cluster_is_older_is_judged_by_nobody() -> None:
    groups = [asked(number, f"p{number}") for number in range(9)]
    late = replace(asked(9, "p9"), text="wording 0")

    parts = split([*groups, late], apart(10))

    assert parts.straddling == 1
    assert late not in parts.heldout


@pytest.mark.parametrize(
    ("leak", "what"),
    [
        (asked(0, "x"), "question"),
        (asked(99, "x", text="Wording 0!", minute=9), "wording"),
        (asked(99, "x", thread="t", minute=9), "thread"),
        (replace(asked(99, "x", minute=9), person="p0"), "author"),
    ],
)
def test_a_leak_is_refused_by_name(leak: Group, what: str) -> None:
    groups = [asked(number, f"p{number}", thread="t" if number == 1 else None) for number in range(10)]
    parts = split(groups, apart(10))

    with pytest.raises(FlywheelError, match=what):
        check(replace(parts, heldout=(*parts.heldout, leak)))


def test_a_cluster_on_both_sides_is_refused() -> None:
    parts = split([asked(number, f"p{number}") for number in range(10)], apart(10))
    joined = {**parts.clusters, parts.heldout[0].question_id: parts.clusters[parts.train[0].question_id]}

    with pytest.raises(FlywheelError, match="cluster"):
        check(replace(parts, clusters=joined))


def test_training_on_something_newer_is_refused() -> None:
    parts = split([asked(number, f"p{number}") for number in range(10)], apart(10))

    with pytest.raises(FlywheelError, match="asked after"):
        check(replace(parts, train=(*parts.train, asked(99, "new", minute=500))))


def test_a_ledger_without_questions_splits_into_nothing() -> None:
    parts = split([], apart(0))

    assert (parts.train, parts.heldout, parts.boundary) == ((), (), None)
