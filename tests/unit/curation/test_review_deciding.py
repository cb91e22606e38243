"""Who judges what, when something is decided, and what taking back takes back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, suggest
from flywheel.curation.labelling import Labelled
from flywheel.curation.labels import Labelling, Rules
from flywheel.curation.review_deciding import decide, settled, undo, undo_last
from flywheel.curation.review_guidelines import APPROVE
from flywheel.curation.review_queue import fill, offers, told
from flywheel.curation.routes import Routes
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.model import Signal, SignalKind, Surface
from flywheel.store import ledger, review_verdicts, reviews, signals, trusts, verified
from flywheel.store.question_tables import QuestionRow
from flywheel.store.review_verdicts import ReviewVerdict
from flywheel.store.reviews import SHARED, TWICE, ReviewItem, ReviewKind, ReviewState
from flywheel.store.standing import Standing
from tests.parts import MOMENT, FixedDirectory, StoppedClock, answered, know, make_core

ANA, BEN, CLEO = "U1", "U2", "U3"  # Ana and Ben are administrators, Cleo has proved trustworthy
HALF = Standing(agreed=9.0, disagreed=1.0, acts=10)


def once(number: int, *, wanted: int = 1) -> str:
    """Return an id that wants so many reviewers."""
    names = (f"i{one}" for one in range(number * 1_000, number * 1_000 + 1_000))
    return next(one for one in names if reviews.reviewers_wanted(ReviewKind.SAMPLE, one) == wanted)


NOTHING = Labelled(Labelling((), {}, "s", 0), Routes.nothing(), Rules(), {})
ONE, TWO, SECRET = once(0), once(2, wanted=2), once(3)


def sample(item: str, answer_id: str) -> ReviewItem:
    detail = {"answer_id": answer_id, "question_id": f"q-{answer_id}", "confidence": 0.5}
    return ReviewItem(item, ReviewKind.SAMPLE, answer_id, MOMENT, detail=detail)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with two answers for everybody, one of them for two reviewers, and one for channel C7 alone."""
    directory = FixedDirectory({ANA: frozenset({"C7"})})
    made = make_core(tmp_path, admins=frozenset({ANA, BEN}), directory=directory, now=StoppedClock())
    know(made, "vpn.md", "Install the client.")
    know(made, "pay.md", "Pay day is the 25th.", access=["channel:C7"])
    for name, cited in (("a1", "vpn.md:0"), ("a2", "vpn.md:0"), ("a3", "pay.md:0")):
        answered(made, name, cites=[cited], person="U8")
    with made.database.begin() as db:
        reviews.put(db, [sample(ONE, "a1"), sample(TWO, "a2"), sample(SECRET, "a3")])
        trusts.replace_all(db, {CLEO: HALF, "U5": Standing()}, MOMENT)
    return made


def offered(core: Core, person: str) -> list[str]:
    return [one.item.id for one in offers(core, person)]


def reviewed(core: Core) -> list[tuple[str, str]]:
    """Return what a turn would learn of answers: (answer, verdict)."""
    with core.database.read() as db:
        return sorted((one.answer_id, one.verdict) for one in ledger.read(db).reviewed)


def pass_time(core: Core, by: timedelta) -> None:
    assert isinstance(core.now, StoppedClock)
    core.now.advance(by)


def said(*verdicts: tuple[str, str]) -> list[ReviewVerdict]:
    return [ReviewVerdict(n, "i", who, word, "", MOMENT) for n, (who, word) in enumerate(verdicts)]


@pytest.mark.parametrize(
    ("verdicts", "wanted", "admins", "decides"),
    [
        ([(ANA, "right")], 1, {ANA}, "right"),
        ([(ANA, "right")], 2, {ANA, BEN}, None),
        ([(ANA, "right"), (BEN, "right")], 2, {ANA, BEN}, "right"),
        ([(ANA, "right"), (CLEO, "wrong")], 2, {ANA, BEN}, None),
        ([(ANA, "right"), (CLEO, "wrong")], 2, {ANA}, "right"),
        ([(ANA, "right"), (CLEO, "wrong"), (BEN, "wrong")], 2, {ANA, BEN}, "wrong"),
        ([(CLEO, "right"), (ANA, "wrong")], 1, {ANA, BEN}, "wrong"),
        ([], 1, {ANA}, None),
    ],
)
def test_equal_verdicts_decide_and_a_third_person_decides_on_unequal_ones(
    verdicts: list[tuple[str, str]], wanted: int, admins: set[str], decides: str | None
) -> None:
    found = settled(said(*verdicts), wanted, admins)

    assert (found.verdict if found else None) == decides


def test_a_fifth_of_what_is_shared_wants_two_reviewers() -> None:
    drawn = [reviews.reviewers_wanted(ReviewKind.SAMPLE, f"sample_{number}") for number in range(5_000)]

    assert drawn.count(2) / len(drawn) == pytest.approx(TWICE, abs=0.02)
    assert {reviews.reviewers_wanted(kind, TWO) for kind in set(ReviewKind) - SHARED} == {1}


def test_the_second_reviewer_is_another_person_and_decides(core: Core) -> None:
    decide(core, TWO, ANA, "right")

    assert TWO not in offered(core, ANA)
    assert decide(core, TWO, CLEO, "right").verdict == "right"


def test_one_of_two_verdicts_decides_nothing_and_is_told_nobody(core: Core) -> None:
    found = decide(core, TWO, ANA, "right")

    assert (found.state, found.verdict) == (ReviewState.OPEN, None)
    assert reviewed(core) == []


def test_two_that_differ_are_shown_to_an_administrator_alone(core: Core) -> None:
    decide(core, TWO, ANA, "right")
    decide(core, TWO, CLEO, "wrong")

    assert TWO in offered(core, BEN)
    assert decide(core, TWO, BEN, "wrong").verdict == "wrong"


def test_who_may_not_read_the_sources_is_offered_nothing_of_them(core: Core) -> None:
    assert SECRET in offered(core, ANA)
    assert SECRET not in offered(core, CLEO)
    with pytest.raises(NotFound):
        decide(core, SECRET, CLEO, "right")


def test_somebody_without_standing_judges_nothing(core: Core) -> None:
    assert offered(core, "U5") == []
    with pytest.raises(NotAllowed):
        decide(core, ONE, "U5", "right")


def test_the_trusted_do_not_judge_people(core: Core) -> None:
    with core.database.begin() as db:
        reviews.put(db, [ReviewItem("q1", ReviewKind.QUARANTINE, "U7", MOMENT, "U7")])

    with pytest.raises(NotAllowed):
        decide(core, "q1", CLEO, "trusted")


def test_who_voted_on_an_answer_does_not_judge_it(core: Core) -> None:
    with core.database.begin() as db:
        signals.put(db, Signal("s1", "a1", SignalKind.THUMBS_UP, ANA, MOMENT))

    assert ONE not in offered(core, ANA)
    with pytest.raises(NotAllowed, match="voted"):
        decide(core, ONE, ANA, "right")


def test_what_was_asked_in_private_is_shown_to_nobody_else(core: Core) -> None:
    answered(core, "a4", cites=["vpn.md:0"], readers=("public", "user:U8"))
    with core.database.begin() as db:
        reviews.put(db, [sample("private", "a4")])

    assert "private" not in offered(core, ANA)


def test_a_verdict_becomes_a_label_of_the_answer(core: Core) -> None:
    decide(core, ONE, CLEO, "right")

    assert reviewed(core) == [("a1", "right")]


def test_a_verdict_taken_back_is_learned_from_no_longer(core: Core) -> None:
    decide(core, ONE, CLEO, "right")
    undo(core, ONE, CLEO)

    assert reviewed(core) == []
    assert ONE in offered(core, CLEO)


def test_a_verdict_taken_back_keeps_its_row(core: Core) -> None:
    decide(core, ONE, CLEO, "right")
    pass_time(core, timedelta(hours=1))
    undo(core, ONE, CLEO)

    with core.database.read() as db:
        assert [one.verdict for one, _ in review_verdicts.as_of(db, MOMENT, MOMENT)] == ["right"]
        assert review_verdicts.as_of(db, MOMENT, core.now()) == []


def test_after_a_day_only_an_administrator_takes_back(core: Core) -> None:
    decide(core, ONE, CLEO, "right")
    pass_time(core, timedelta(days=2))

    assert undo_last(core, CLEO) is None
    with pytest.raises(NotAllowed, match="within a day"):
        undo(core, ONE, CLEO)
    assert undo(core, ONE, ANA).state is ReviewState.OPEN


def test_nobody_else_takes_a_verdict_back(core: Core) -> None:
    decide(core, ONE, ANA, "right")

    with pytest.raises(NotAllowed):
        undo(core, ONE, CLEO)


def test_what_nobody_judged_cannot_be_taken_back(core: Core) -> None:
    with pytest.raises(InvalidInput):
        undo(core, ONE, ANA)


def test_taking_back_lets_a_doubted_label_be_doubted_again(core: Core) -> None:
    with core.database.begin() as db:
        reviews.put(db, [ReviewItem("d1", ReviewKind.DOUBTED, "key p", MOMENT, "U8", {"belief": 0.2})])
    decide(core, "d1", ANA, "right")
    decide(core, "d1", BEN, "right")
    undo(core, "d1", ANA)
    undo(core, "d1", BEN)

    with core.database.read() as db:
        assert told(db).upheld == frozenset()


def test_what_else_waits_about_the_same_answer_is_decided_with_it(core: Core) -> None:
    twin = ReviewItem("twin", ReviewKind.DISAGREEMENT, "a1", MOMENT, detail={"answer_id": "a1"})
    with core.database.begin() as db:
        reviews.put(db, [twin])
    assert len({ONE, "twin"} & set(offered(core, ANA))) == 1
    decide(core, ONE, ANA, "wrong")

    with core.database.read() as db:
        assert {one.id for one in reviews.queued(db)} == {TWO, SECRET}
    undo(core, ONE, ANA)
    with core.database.read() as db:
        assert {one.id for one in reviews.queued(db)} == {ONE, TWO, SECRET, "twin"}


def test_a_turn_ranks_what_waits_and_puts_up_nothing_twice(core: Core) -> None:
    with core.database.begin() as db:
        counts = [fill(db, ledger.read(db), NOTHING, {}, MOMENT) for _ in range(2)]
        ranked = [one.priority for one in reviews.queued(db)]

    assert counts[0] == counts[1]
    assert all(one > 0 for one in ranked)


def test_a_label_that_is_doubted_no_longer_waits_no_longer(core: Core) -> None:
    doubts = [ReviewItem(one, ReviewKind.DOUBTED, f"key {one}", MOMENT, "U8", {"belief": 0.2}) for one in ("d1", "d2")]
    with core.database.begin() as db:
        reviews.put(db, doubts)
        fill(db, ledger.read(db), replace(NOTHING, beliefs={"key d2": 0.2}), {}, MOMENT)
        assert [one.id for one in reviews.queued(db, {ReviewKind.DOUBTED})] == ["d2"]
        fill(db, ledger.read(db), replace(NOTHING, beliefs={"key d1": 0.2}), {}, MOMENT)

        assert [one.id for one in reviews.queued(db, {ReviewKind.DOUBTED})] == ["d1"]


def test_the_most_urgent_comes_first(core: Core) -> None:
    with core.database.begin() as db:
        reviews.rank(db, {TWO: 3.0, ONE: 1.0})

    assert offered(core, ANA)[0] == TWO


def test_a_deactivated_administrator_judges_nothing(core: Core) -> None:
    left = replace(core, directory=FixedDirectory(gone=frozenset({ANA})))

    with pytest.raises(NotAllowed):
        decide(left, ONE, ANA, "right")


@pytest.mark.parametrize("surface", [Surface.AUTO, Surface.GROUP, Surface.SHORTCUT, Surface.MENTION])
def test_what_was_asked_in_a_closed_channel_stays_within_it(core: Core, surface: Surface) -> None:
    with core.database.begin() as db:
        db.execute(update(QuestionRow).where(QuestionRow.id == "q-a1").values(surface=surface.value))
    made = suggest(core, Suggestion("k1", "a1", CLEO, "Use client 5."))
    with core.database.begin() as db:
        reviews.put(db, [ReviewItem("s1", ReviewKind.CORRECTION, made.id, MOMENT)])

    decide(core, "s1", BEN, APPROVE)

    with core.database.read() as db:
        assert [one.access for one in verified.every(db)] == [frozenset({"channel:C1"})]
