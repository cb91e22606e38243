"""The plan of a question: which retrievers, how likely, which kinds of passages that means."""

from random import Random

import pytest

from flywheel.model import Kind, Retriever
from flywheel.routing.model import OUT, Judgement
from flywheel.routing.router import ANSWERS, EXPLORATION, NEVER, Plan, choose, everywhere, only

PRESENT = frozenset({Retriever.DOCUMENTS, Retriever.CODE, Retriever.TABLES})


class Chance(Random):
    """A generator that always draws the same number."""

    def __init__(self, drawn: float) -> None:
        super().__init__(0)
        self._drawn = drawn

    def random(self) -> float:
        """Return that number."""
        return self._drawn


def chosen(drawn: float = 0.9, threshold: float = 0.8, **probabilities: float) -> Plan:
    """Return the plan of a question judged so; the rest of the probability says that nothing answers it."""
    rest = {OUT: 1 - sum(probabilities.values())}
    return choose(Judgement({**probabilities, **rest}, 0.5, 0.7), threshold, PRESENT, Chance(drawn))


def test_nearer_verified_answers_are_likelier_to_fit() -> None:
    assert ANSWERS.probability(0.9) > 0.5 > ANSWERS.probability(0.6)


def test_without_a_trained_router_everything_there_is_gets_searched() -> None:
    plan = everywhere({Retriever.CODE, Retriever.DOCUMENTS})

    assert (plan.searched, plan.sure) == ((Retriever.DOCUMENTS, Retriever.CODE), False)
    assert sum(plan.probabilities.values()) == 1.0


def test_a_choice_by_hand_searches_that_retriever_alone() -> None:
    plan = only(Retriever.TABLES, everywhere({Retriever.DOCUMENTS, Retriever.TABLES}))

    assert (plan.searched, plan.kinds) == ((Retriever.TABLES,), frozenset({Kind.TABLE}))


def test_searching_every_kind_needs_no_filter() -> None:
    assert everywhere(set(Retriever)).kinds is None


def test_a_likely_enough_retriever_is_searched_alone() -> None:
    plan = chosen(code=0.85, documents=0.1)

    assert (plan.searched, plan.sure) == ((Retriever.CODE,), True)


def test_a_mixed_question_gets_the_two_retrievers_that_reach_the_threshold_together() -> None:
    assert chosen(code=0.5, tables=0.4, documents=0.1).searched == (Retriever.CODE, Retriever.TABLES)


def test_below_the_threshold_everything_is_searched_the_likeliest_first() -> None:
    plan = chosen(code=0.4, tables=0.3, documents=0.3, threshold=0.95)

    assert (plan.searched[0], len(plan.searched), plan.sure) == (Retriever.CODE, 3, False)


def test_a_question_that_seems_to_have_no_answer_here_is_never_sure() -> None:
    assert not chosen(documents=0.3).sure


def test_without_a_threshold_that_holds_nothing_is_sure() -> None:
    assert not chosen(code=1.0, threshold=NEVER).sure


def test_a_retriever_without_anything_is_neither_searched_nor_shown() -> None:
    plan = chosen(images=0.9, documents=0.05)

    assert Retriever.IMAGES not in plan.searched
    assert plan.probabilities[Retriever.DOCUMENTS] == pytest.approx(1.0)


def test_the_probabilities_shown_add_up_to_one() -> None:
    assert sum(chosen(code=0.4, tables=0.2).probabilities.values()) == pytest.approx(1.0)


def test_a_small_share_of_sure_questions_explores_everywhere() -> None:
    plan = chosen(drawn=EXPLORATION / 2, code=0.9)

    assert (len(plan.searched), plan.explored, plan.propensity) == (3, True, EXPLORATION)


def test_a_sure_choice_keeps_the_probability_that_chance_left_it() -> None:
    plan = chosen(drawn=EXPLORATION, code=0.9)

    assert (plan.explored, plan.propensity) == (False, 1 - EXPLORATION)


def test_where_nothing_is_left_out_chance_has_no_say() -> None:
    plan = chosen(drawn=0.0, code=0.4, documents=0.2, threshold=0.95)

    assert (plan.explored, plan.propensity) == (False, 1.0)


def test_exploration_happens_as_often_as_its_propensity_says() -> None:
    rng, judged = Random(7), Judgement({"code": 0.9, "documents": 0.1}, 0.5, 0.7)

    explored = sum(choose(judged, 0.8, PRESENT, rng).explored for _ in range(10_000))

    assert explored / 10_000 == pytest.approx(EXPLORATION, abs=0.01)


def test_people_are_found_among_all_kinds_of_passages() -> None:
    assert only(Retriever.PEOPLE, everywhere(PRESENT)).kinds is None
