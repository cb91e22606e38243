"""What people do without saying anything, and how far it says that an answer helped.

    as if it helped     copy, share, click (and stayed with it), edited a little
    as if it did not    quick return (a click, and on within seconds), follow-up, abandonment, regeneration, escalation,
                        edited much

A behaviour weighs as much as it has foretold votes so far: on answers that have both, the odds of a yes with it against
the odds without it, shrunk towards even where there are few, as Yule's Q, times the weight of a vote. One that
foretells nothing, or the opposite of what was expected, weighs nothing. Below `PAIRS` such answers the weights of
`FIRST` hold.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from flywheel.model import Answer, Signal, SignalKind
from flywheel.signals.votes import live_votes
from flywheel.store.ledger import Ledger

PAIRS = 30
MOST = 0.5
"""What a behaviour weighs that foretells votes without fail: as much as a yes."""
STAYED = timedelta(seconds=30)
"""A click that is left sooner was no satisfied one (Fox et al. 2005)."""
MUCH, LITTLE = 0.5, 0.2
"""Shares of an answer's characters that an edit changed."""
_LONGEST_COMPARED = 3_000


class Behaviour(StrEnum):
    """One thing people do without judging."""

    COPY = "copy"
    SHARE = "share"
    CLICK = "click"
    EDITED_LITTLE = "edited_little"
    QUICK_RETURN = "quick_return"
    FOLLOW_UP = "follow_up"
    ABANDON = "abandon"
    REGENERATE = "regenerate"
    ESCALATE = "escalate"
    EDITED_MUCH = "edited_much"


POSITIVE = frozenset({Behaviour.COPY, Behaviour.SHARE, Behaviour.CLICK, Behaviour.EDITED_LITTLE})

FIRST: Mapping[Behaviour, float] = {
    Behaviour.COPY: 0.25,
    Behaviour.SHARE: 0.25,
    Behaviour.CLICK: 0.25,
    Behaviour.EDITED_LITTLE: 0.25,
    Behaviour.QUICK_RETURN: 0.1,
    Behaviour.FOLLOW_UP: 0.1,
    Behaviour.ABANDON: 0.1,
    Behaviour.REGENERATE: 0.25,
    Behaviour.ESCALATE: 0.25,
    Behaviour.EDITED_MUCH: 0.25,
}
"""Weights before there are votes to learn them from: half a vote at most, so that one alone makes nothing trusted."""

_PLAIN = {
    SignalKind.COPY: Behaviour.COPY,
    SignalKind.SHARE: Behaviour.SHARE,
    SignalKind.FOLLOW_UP: Behaviour.FOLLOW_UP,
    SignalKind.ABANDON: Behaviour.ABANDON,
    SignalKind.REGENERATE: Behaviour.REGENERATE,
    SignalKind.ESCALATE: Behaviour.ESCALATE,
}
_LEAVING = frozenset({SignalKind.CITATION_CLICK, SignalKind.THUMBS_DOWN, SignalKind.REGENERATE, SignalKind.REROUTE})


@dataclass(frozen=True, slots=True)
class Weight:
    """How a behaviour counts: `value` in [0, `MOST`], learned from `pairs` answers that have it and a vote.

    `yes_with` and `yes_without` are the shares of helpful answers among those with and without it, None without any.
    """

    value: float
    pairs: int
    yes_with: float | None
    yes_without: float | None


def weights(ledger: Ledger, ignored: frozenset[str] = frozenset()) -> dict[str, Weight]:
    """Return the weight of each behaviour, by its name; acts of `ignored` persons count for nothing."""
    counts: dict[Behaviour, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for helped, shown in _votes_with_behaviour(ledger, ignored):
        for kind in Behaviour:
            counts[kind][kind in shown, helped] += 1
    return {kind.value: _weight(kind, counts[kind]) for kind in Behaviour}


def weight_of(kind: Behaviour, learned: Mapping[str, float]) -> float:
    """Return the weight of a behaviour: the learned one, else the first."""
    return learned.get(kind.value, FIRST[kind])


def behaviours(answer: Answer, done: Sequence[Signal]) -> Iterator[tuple[Behaviour, Signal]]:
    """Yield what people did about one answer; `done` holds its signals, oldest first."""
    hasty = quick_returns(done)
    for signal in done:
        if signal.kind in _PLAIN:
            yield _PLAIN[signal.kind], signal
        elif signal.kind is SignalKind.CITATION_CLICK:
            yield (Behaviour.QUICK_RETURN if signal.key in hasty else Behaviour.CLICK), signal
        elif signal.kind is SignalKind.EDIT and signal.detail.get("text"):
            changed = distance(answer.text, signal.detail["text"])
            if changed >= MUCH or changed <= LITTLE:
                yield (Behaviour.EDITED_MUCH if changed >= MUCH else Behaviour.EDITED_LITTLE), signal


def quick_returns(done: Sequence[Signal]) -> frozenset[str]:
    """Return the keys of clicks that their person left for something else about the same answer within `STAYED`."""
    hasty = set()
    for one in done:
        if one.kind is SignalKind.CITATION_CLICK and any(_left(one, later) for later in done):
            hasty.add(one.key)
    return frozenset(hasty)


def distance(before: str, after: str) -> float:
    """Return how much of a text an edit changed: 0 nothing, 1 all of it (Ratcliff and Obershelp 1988)."""
    compared = SequenceMatcher(None, before[:_LONGEST_COMPARED], after[:_LONGEST_COMPARED], autojunk=False)
    return 1.0 - compared.ratio()


def _left(click: Signal, later: Signal) -> bool:
    another = later.kind in _LEAVING and later.detail != click.detail
    return another and later.person == click.person and click.at < later.at <= click.at + STAYED


def _votes_with_behaviour(ledger: Ledger, ignored: frozenset[str]) -> Iterator[tuple[bool, frozenset[Behaviour]]]:
    """Yield, for each answer that most voters agree on, whether it helped and what was done about it."""
    done: dict[str, list[Signal]] = defaultdict(list)
    texts = {one.id: one.text for one in ledger.corrections}
    for signal in ledger.signals:
        if signal.person not in ignored:
            done[signal.answer_id].append(_with_text(signal, texts))
    for exchange in ledger.exchanges:
        about = done[exchange.answer.id]
        votes = Counter(live_votes(about).values())
        if votes[True] != votes[False]:
            shown = frozenset(kind for kind, _ in behaviours(exchange.answer, about))
            yield votes[True] > votes[False], shown


def _with_text(signal: Signal, texts: Mapping[str, str]) -> Signal:
    """Return an edit with the text it suggests, which its correction holds."""
    text = texts.get(signal.detail.get("correction", ""))
    if signal.kind is not SignalKind.EDIT or text is None:
        return signal
    detail = {**signal.detail, "text": text}
    return Signal(signal.key, signal.answer_id, signal.kind, signal.person, signal.at, detail)


def _weight(kind: Behaviour, counts: Counter[tuple[bool, bool]]) -> Weight:
    yes, no = counts[True, True], counts[True, False]
    other_yes, other_no = counts[False, True], counts[False, False]
    shares = _share(yes, no), _share(other_yes, other_no)
    if yes + no < PAIRS or other_yes + other_no < PAIRS:
        return Weight(FIRST[kind], yes + no, *shares)
    cells = [one + 0.5 for one in (yes, no, other_yes, other_no)]
    odds = math.log(cells[0] * cells[3] / (cells[1] * cells[2])) * (1 if kind in POSITIVE else -1)
    shrunk = odds * max(0.0, 1 - sum(1 / one for one in cells) / max(odds * odds, 1e-12))
    return Weight(MOST * max(0.0, math.tanh(shrunk / 2)), yes + no, *shares)


def _share(yes: int, no: int) -> float | None:
    return yes / (yes + no) if yes + no else None
