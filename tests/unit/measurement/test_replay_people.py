"""What simulated people read and do, without a bot."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from flywheel.measurement.replay import agenda
from flywheel.measurement.replay.habits import Attack, Habits
from flywheel.measurement.replay.people import population
from flywheel.measurement.replay.reacting import Wish, honest, hostile, judgements
from flywheel.measurement.replay.reading import examined
from flywheel.measurement.replay.wording import in_other_words
from flywheel.measurement.retrieval_set import Judged
from flywheel.model import Retriever, SignalKind

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
WISH = Wish({"right": 1.0}, Retriever.CODE, "decoy")
QUESTIONS = [Judged(f"how do i do thing {n} of kind {n % 5}", {f"d{n % 5}": 1.0}) for n in range(60)]


def test_a_passage_far_down_is_read_as_often_as_its_rank_says() -> None:
    rng = Random(1)

    reads = [examined(["a", "b", "c", "d"], (), 1.0, rng) for _ in range(4_000)]

    assert sum("d" in one for one in reads) / 4_000 == pytest.approx(1 / 4, abs=0.03)


def test_nothing_is_read_below_what_satisfies() -> None:
    assert examined(["right", "b"], {"right"}, 0.0, Random(1)) == ["right"]


def test_without_noise_nobody_speaks_against_what_is_right() -> None:
    rng, habits = Random(2), Habits(noise=0.0, clicks=0.0)

    kinds = {deed.kind for _ in range(300) for deed in honest(["right"], WISH, 1.0, habits, rng)}

    assert kinds == {SignalKind.THUMBS_UP, SignalKind.CITATION_UP, SignalKind.COPY}


def test_as_many_judgements_are_wrong_as_the_habits_say() -> None:
    rng, habits = Random(3), Habits(noise=0.3, clicks=0.0)

    said = Counter(honest(["wrong"], WISH, 1.0, habits, rng)[0].kind for _ in range(3_000))

    pleased = said[SignalKind.THUMBS_UP] + said[SignalKind.CITATION_UP] + said[SignalKind.COPY]
    assert pleased / 3_000 == pytest.approx(0.3, abs=0.03)


def test_whoever_suggests_a_source_knows_the_right_one() -> None:
    rng, habits = Random(4), Habits(noise=0.0)

    said = [deed for _ in range(100) for deed in honest([], WISH, 1.0, habits, rng)]

    assert {one.target for one in said if one.kind is SignalKind.EDIT} == {"right"}


def test_who_finds_it_down_a_list_names_it() -> None:
    rng, habits = Random(13), Habits(noise=0.0, clicks=0.0, steepness=0.0, listed=10)

    said = [honest(["wrong", "right"], WISH, 1.0, habits, rng)[0] for _ in range(50)]

    assert {(one.kind, one.target) for one in said} == {(SignalKind.CITATION_UP, "right")}


def test_a_mistaken_suggestion_names_another_source() -> None:
    rng, habits = Random(5), Habits(noise=1.0)

    said = [deed for _ in range(100) for deed in honest([], WISH, 1.0, habits, rng)]

    assert {one.target for one in said if one.kind is SignalKind.EDIT} == {"decoy"}


def test_nobody_looks_elsewhere_where_there_is_no_elsewhere() -> None:
    rng, alone = Random(6), replace(WISH, retriever=None)

    said = [deed.kind for _ in range(300) for deed in honest(["wrong"], alone, 1.0, Habits(), rng)]

    assert SignalKind.REROUTE not in said


def test_attackers_push_one_document_whatever_is_shown() -> None:
    deeds = hostile(["right"], WISH, Attack.PUSH, "pushed")

    assert [(one.kind, one.target) for one in deeds] == [
        (SignalKind.THUMBS_DOWN, ""),
        (SignalKind.CITATION_UP, "pushed"),
    ]


def test_attackers_say_the_opposite_of_what_is_true() -> None:
    against = hostile(["right"], WISH, Attack.INVERT, "")
    praise = hostile(["wrong"], WISH, Attack.INVERT, "")

    assert {one.kind for one in against} == {SignalKind.THUMBS_DOWN, SignalKind.CITATION_DOWN}
    assert {one.kind for one in praise} == {SignalKind.THUMBS_UP, SignalKind.CITATION_UP}


def test_who_did_not_ask_only_votes() -> None:
    said = [deed for _ in range(300) for deed in honest(["wrong"], WISH, 1.0, Habits(), Random(7))]

    assert {one.kind for one in judgements(said)} <= {
        SignalKind.THUMBS_UP,
        SignalKind.THUMBS_DOWN,
        SignalKind.CITATION_UP,
        SignalKind.CITATION_DOWN,
    }


def test_a_small_share_of_attackers_is_at_least_one() -> None:
    people = population(Habits(people=5, attackers=0.05), Random(8))

    assert sum(one.attacks for one in people) == 1


def test_people_judge_as_much_as_the_habits_say_on_average() -> None:
    people = population(Habits(people=2_000, feedback=0.4), Random(9))

    assert sum(one.readiness for one in people) / 2_000 == pytest.approx(0.4, abs=0.02)


def test_a_week_asks_in_order_between_monday_and_friday() -> None:
    people = population(Habits(), Random(10))

    asked = agenda.week(MONDAY, people, agenda.pool(QUESTIONS, Random(10)), Habits(questions=40), Random(10))

    assert [one.at for one in asked] == sorted(one.at for one in asked)
    assert {one.at.weekday() for one in asked} <= {0, 1, 2, 3, 4}


def test_without_repeats_no_question_is_asked_twice() -> None:
    habits, rng = Habits(questions=60, repeat=0.0), Random(11)

    asked = agenda.week(MONDAY, population(habits, rng), agenda.pool(QUESTIONS, rng), habits, rng)

    assert {one.judged.text for one in asked} == {one.text for one in QUESTIONS}


def test_a_pool_that_is_used_up_goes_on_in_other_words() -> None:
    habits, rng = Habits(questions=90, repeat=0.0), Random(12)

    asked = agenda.week(MONDAY, population(habits, rng), agenda.pool(QUESTIONS, rng), habits, rng)

    known = {one.text for one in QUESTIONS}
    assert sum(one.judged.text not in known for one in asked) >= 25


def test_other_words_are_words_of_the_question() -> None:
    said = [in_other_words("how do i renew my parking permit", Random(n)) for n in range(50)]

    assert len(set(said)) > 20
    assert all(len(one.split()) >= 3 for one in said)
