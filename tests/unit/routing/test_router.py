"""The plan of a question: which retrievers, how likely, which kinds of passages that means."""

from flywheel.model import Kind, Retriever
from flywheel.routing.router import ANSWERS, everywhere, only


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
