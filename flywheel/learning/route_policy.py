"""Estimate what another router would have earned, from the choices that the one that served left to chance.

A *choice* is what was searched: `everywhere`, or the names of the one or two retrievers that a sure router searched
alone. A sure question searched everywhere all the same with the probability `routing.router.EXPLORATION`, so both
choices were possible, and the propensity of the one that was made stands with the answer. The reward is the share of
yes among the answer's live votes; answers without a vote say nothing, and those for which a person chose the retriever
by hand were nobody's policy.

The *context* is the likeliest retriever of a sure question: what one policy earns on questions that look like code
questions says nothing of those that look like table questions. All others have the context `unsure`.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from flywheel.learning.off_policy import Estimate, Logged, Mix, estimates
from flywheel.model import Answer, Retriever, Signal
from flywheel.ports import Encoder
from flywheel.routing.model import RouteModel
from flywheel.routing.router import EXPLORATION, NoChance, choose
from flywheel.signals.votes import live_votes
from flywheel.store.ledger import Exchange, Ledger

EVERYWHERE = "everywhere"
ENOUGH = 30
"""Voted answers below which nothing is estimated."""

RoutePolicy = Callable[[Exchange], Mix]


def of_routes(ledger: Ledger, policy: RoutePolicy, seed: int) -> tuple[Estimate, ...]:
    """Return SNIPS and the doubly robust estimate of a routing policy's satisfaction, in [0, 1].

    Nothing where fewer than `ENOUGH` answers were voted on, or the policy would have chosen otherwise each time.
    """
    logged = logged_routes(ledger, policy)
    if len(logged) < ENOUGH or not any(one.target.get(one.choice, 0.0) > 0 for one in logged):
        return ()
    return estimates(logged, np.random.default_rng(seed))


def logged_routes(ledger: Ledger, policy: RoutePolicy) -> list[Logged]:
    """Return the routes that chance had a say in, or that were certain, and were voted on; oldest first."""
    rows = []
    signals = _by_answer(ledger)
    for one in ledger.exchanges:
        votes = live_votes(signals.get(one.answer.id, []))
        routing = one.answer.routing
        if not votes or routing.asked_for or not routing.searched:
            continue
        reward = sum(votes.values()) / len(votes)
        made = choice(routing.searched) if routing.sure and not routing.explored else EVERYWHERE
        person = min(votes)
        rows.append(Logged(made, reward, routing.propensity, policy(one), _context(one.answer), person))
    return rows


def of_model(model: RouteModel, encoder: Encoder, ledger: Ledger) -> RoutePolicy:
    """Return the policy of a trained router for the ledger's questions."""
    texts = {one.question.id: one.question.standalone or one.question.text for one in ledger.exchanges}
    vectors = dict(zip(texts, encoder.encode(list(texts.values())), strict=True)) if texts else {}

    def policy(exchange: Exchange) -> Mix:
        present = frozenset(Retriever(name) for name in exchange.answer.route)
        if not present:
            return {EVERYWHERE: 1.0}
        judgement = model.judge(vectors[exchange.question.id], texts[exchange.question.id])
        plan = choose(judgement, model.threshold, present, NoChance())
        if not plan.sure:
            return {EVERYWHERE: 1.0}
        return {choice([one.value for one in plan.searched]): 1 - EXPLORATION, EVERYWHERE: EXPLORATION}

    return policy


def choice(searched: Sequence[str]) -> str:
    """Return the name of searching these retrievers alone, in whichever order."""
    return "+".join(sorted(searched))


def _context(answer: Answer) -> str:
    if not answer.routing.sure or not answer.route:
        return "unsure"
    return max(sorted(answer.route), key=lambda name: answer.route[name])


def _by_answer(ledger: Ledger) -> dict[str, list[Signal]]:
    found: dict[str, list[Signal]] = defaultdict(list)
    for signal in ledger.signals:
        found[signal.answer_id].append(signal)
    return found
