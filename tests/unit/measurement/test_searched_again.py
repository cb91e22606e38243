"""What is measured of questions that were asked again: how well what is found fits, and where it is lost."""

from datetime import UTC, datetime

import numpy as np
import pytest

from flywheel.curation.dataset import Group
from flywheel.measurement.averages import Ratio
from flywheel.measurement.searched_again import Found, retrieval, routing
from flywheel.model import Retriever
from flywheel.routing.router import Plan

AT = datetime(2026, 11, 18, tzinfo=UTC)
DOCUMENTS, CODE, PEOPLE = Retriever.DOCUMENTS, Retriever.CODE, Retriever.PEOPLE


def found(
    *ids: str, route: str = "documents", searched: tuple[Retriever, ...] = (DOCUMENTS,), version: str = "r1"
) -> Found:
    """Return a question that wants passages a and b, and what was found for it."""
    group = Group("q", "How?", "U1", AT, None, (), wanted={"a": 3.0, "b": 1.0}, segments={"route": route})
    plan = Plan(
        searched, {one: 1 / (n + 1) for n, one in enumerate(searched)}, sure=len(searched) == 1, version=version
    )
    return Found(group, ids, plan)


def values(ratios: list[Ratio]) -> dict[tuple[str, str], float]:
    """Return each metric's value, by metric and segment."""
    return {(one.metric, one.segment): float(one.hits.sum() / one.weights.sum()) for one in ratios if one.n}


def test_recall_precision_and_rank_are_of_what_is_wanted() -> None:
    told = values(retrieval([found("x", "a", "y")], None))

    assert (told["recall_at_1", "all"], told["recall_at_5", "all"]) == (0.0, 0.5)
    assert (told["precision_at_5", "all"], told["mrr_at_10", "all"]) == (0.2, 0.5)
    assert told["ndcg_at_10", "all"] == pytest.approx((7 / np.log2(3)) / (7 + 1 / np.log2(3)))


def test_seen_and_unseen_questions_are_apart() -> None:
    told = values(retrieval([found("a", "b"), found("x")], np.array([True, False])))

    assert (told["recall_at_5", "seen"], told["recall_at_5", "unseen"]) == (1.0, 0.0)


def test_the_product_says_where_it_is_lost() -> None:
    told = values(
        routing(
            [
                found("a"),
                found("x"),
                found("a", searched=(CODE,)),
                found("x", route="code", searched=(CODE,)),
            ]
        )
    )

    assert told["route_reached", "all"] == 0.75
    assert told["found_given_route", "all"] == pytest.approx(1 / 3)
    assert told["route_and_found", "all"] == pytest.approx(0.75 * told["found_given_route", "all"])


def test_looking_for_people_looks_everywhere() -> None:
    assert values(routing([found("a", route="code", searched=(PEOPLE, DOCUMENTS))]))["route_reached", "all"] == 1.0


def test_a_router_has_accuracy_coverage_precision_and_recall() -> None:
    told = values(
        routing(
            [
                found(route="documents", searched=(DOCUMENTS,)),
                found(route="documents", searched=(CODE, DOCUMENTS)),
                found(route="code", searched=(CODE,)),
            ]
        )
    )

    assert (told["route_accuracy", "all"], told["route_coverage", "all"]) == pytest.approx((2 / 3, 2 / 3))
    assert (told["route_precision", "route:code"], told["route_recall", "route:code"]) == (0.5, 1.0)
    assert (told["route_precision", "route:documents"], told["route_recall", "route:documents"]) == (1.0, 0.5)


def test_without_a_router_nothing_is_said_about_one() -> None:
    told = values(routing([found("a", searched=(DOCUMENTS, CODE), version="default")]))

    assert {metric for metric, _ in told} == {"route_reached", "found_given_route", "route_and_found"}


def test_a_question_whose_route_nobody_knows_is_left_out() -> None:
    assert values(routing([found("a", route="", version="default")])) == {}
