"""What another router would have earned, from answers whose route chance had a say in."""

from datetime import UTC, datetime

import numpy as np

from flywheel.learning.off_policy import Mix
from flywheel.learning.route_policy import EVERYWHERE, choice, logged_routes, of_routes
from flywheel.model import Answer, Audience, Question, Routing, Signal, SignalKind, Surface
from flywheel.routing.router import EXPLORATION
from flywheel.store.ledger import Exchange, Ledger

AT = datetime(2026, 11, 2, tzinfo=UTC)
ALL = ("code", "documents", "tables")
SHARES = {"code": 0.9, "documents": 0.08, "tables": 0.02}


def exchange(number: int, routing: Routing) -> Exchange:
    """Return an answer given under this routing, by a router that held code for likeliest."""
    question = Question(f"q{number}", "why", f"asker{number}", Surface.MENTION, AT, Audience.everyone())
    answer = Answer(f"a{number}", f"q{number}", "so", False, 0.8, "extractive", route=SHARES, routing=routing)
    return Exchange(question, answer)


def ledger(routings: list[Routing], *, helped: list[bool]) -> Ledger:
    """Return a ledger in which each answer got one vote."""
    exchanges = tuple(exchange(number, routing) for number, routing in enumerate(routings))
    signals = tuple(
        Signal(f"k{n}", f"a{n}", SignalKind.THUMBS_UP if yes else SignalKind.THUMBS_DOWN, f"p{n}", AT)
        for n, yes in enumerate(helped)
    )
    return Ledger(exchanges, signals, (), {}, frozenset())


def sure() -> Routing:
    """Return the routing of a question that went to code alone."""
    return Routing(("code",), sure=True, propensity=1 - EXPLORATION)


def explored() -> Routing:
    """Return the routing of a sure question that was searched everywhere all the same."""
    return Routing(ALL, sure=True, explored=True, propensity=EXPLORATION)


def always_everywhere(_: Exchange) -> Mix:
    """Return the policy without a router."""
    return {EVERYWHERE: 1.0}


def test_a_sure_question_is_logged_with_its_choice_and_propensity() -> None:
    (row,) = logged_routes(ledger([sure()], helped=[True]), always_everywhere)

    assert (row.choice, row.propensity, row.reward, row.context) == ("code", 1 - EXPLORATION, 1.0, "code")


def test_an_explored_question_was_searched_everywhere() -> None:
    (row,) = logged_routes(ledger([explored()], helped=[False]), always_everywhere)

    assert (row.choice, row.propensity, row.reward, row.context) == (EVERYWHERE, EXPLORATION, 0.0, "code")


def test_an_answer_without_a_vote_says_nothing() -> None:
    assert logged_routes(ledger([sure()], helped=[]), always_everywhere) == []


def test_a_retriever_chosen_by_hand_is_nobodys_policy() -> None:
    by_hand = Routing(("code",), sure=True, asked_for="code")

    assert logged_routes(ledger([by_hand], helped=[True]), always_everywhere) == []


def test_searching_everywhere_earns_what_explored_answers_earned() -> None:
    rng = np.random.default_rng(3)
    chance = [bool(one) for one in rng.random(1_000) < EXPLORATION]
    helped = [bool(one) for one in rng.random(1_000) < np.where(chance, 0.9, 0.4)]
    made = ledger([explored() if one else sure() for one in chance], helped=helped)

    snips, robust = of_routes(made, always_everywhere, seed=1)

    assert snips.value > 0.75
    assert robust.value > 0.75
    assert robust.logged < 0.5


def test_too_few_votes_estimate_nothing() -> None:
    assert of_routes(ledger([sure()] * 29, helped=[True] * 29), always_everywhere, seed=1) == ()


def test_a_policy_that_always_chose_otherwise_is_not_estimated() -> None:
    def to_tables(_: Exchange) -> Mix:
        return {"tables": 1.0}

    assert of_routes(ledger([sure()] * 40, helped=[True] * 40), to_tables, seed=1) == ()


def test_the_order_of_two_retrievers_is_no_choice() -> None:
    assert choice(("tables", "code")) == choice(("code", "tables"))
