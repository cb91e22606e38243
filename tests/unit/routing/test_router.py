"""The route is a calibrated reading of what was found."""

from flywheel.model import Retriever
from flywheel.routing.router import route


def test_a_retriever_that_found_nothing_serves_with_probability_zero() -> None:
    assert route({}) == {"documents": 0.0, "answers": 0.0}


def test_a_closer_hit_is_more_likely_right() -> None:
    near, far = (route({Retriever.ANSWERS: cosine})["answers"] for cosine in (0.9, 0.6))

    assert 0 < far < 0.5 < near < 1


def test_the_two_retrievers_are_judged_apart() -> None:
    both = route({Retriever.ANSWERS: 0.7, Retriever.DOCUMENTS: 0.7})

    assert both["documents"] == route({Retriever.DOCUMENTS: 0.7})["documents"]
