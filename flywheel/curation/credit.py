"""Give each signal to the one part of the bot that it is about.

    part        is to blame where the right passage, as far as people have said which it is (`credit_evidence`),
    router      is of a kind that was not searched
    retrieval   is in the index and was not among the passages found
    ranking     was found and not shown: it stood behind what was cited
    writing     was cited, or stood before what was cited, or was among the first and nothing was answered
    knowledge   is nowhere in the index, or is out of date
    none        is not known; nor is a praise about anything that must be mended

Exactly one part per signal, so that one No never punishes four; and none rather than a guess: a plain No, where nobody
has said what would have been right, blames nobody. Only what a person last said counts: an earlier vote gets no credit.
A reviewer's word goes before all of this (`overridden`). Pure: a ledger in, attributions out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flywheel.answering.grounded import PASSAGES
from flywheel.curation import credit_evidence
from flywheel.curation.credit_evidence import Evidence, Known, Right
from flywheel.model import KIND_OF, CorrectionState, Reason, Signal, SignalKind
from flywheel.signals.votes import VOTE, live_votes
from flywheel.store.credits import Attribution, Part, Word
from flywheel.store.ledger import Exchange, Ledger
from flywheel.store.places import Place

HELPED = "It helped: there is nothing to mend."
BY_WORD = "A reviewer said so."
_PRAISE = frozenset({SignalKind.COPY, SignalKind.SHARE})
_POINTS = frozenset({SignalKind.CITATION_UP, SignalKind.MORE_LIKE_THIS})
_COMPLAINTS = frozenset(
    {SignalKind.EDIT, SignalKind.ESCALATE, SignalKind.ABANDON, SignalKind.REGENERATE, SignalKind.CITATION_DOWN}
)
_VOTES = frozenset({SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN, SignalKind.REACTION_ADDED})
_SAID = {
    "verified": "an approved correction names",
    "corrected": "a correction names",
    "pointed": "people pointed at",
    "asked_more": "people wanted more of",
    "rerouted": "helped when somebody looked elsewhere",
    "replied": "a colleague linked",
    "helped": "helped in another answer to this question",
}


@dataclass(frozen=True, slots=True)
class _Finding:
    part: Part
    why: str
    helped: bool = False
    place: int | None = None
    right: Right | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """One complaint, the answer that it is about, and all that was done about that answer."""

    exchange: Exchange
    signal: Signal
    done: Sequence[Signal]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    """What every case is judged by; `done` is by answer id, `answers` by question id."""

    ledger: Ledger
    known: Known
    evidence: Evidence
    done: Mapping[str, Sequence[Signal]]
    answers: Mapping[str, Sequence[Exchange]]


def attribute(ledger: Ledger, known: Known | None = None) -> dict[str, Attribution]:
    """Return the attribution of every signal that says something about quality, by signal key, oldest first."""
    file = _opened(ledger, known or Known())
    made = [
        _attribution(case.signal, _found(case, file))
        for exchange in ledger.exchanges
        for case in _cases(exchange, file.done.get(exchange.answer.id, ()))
    ]
    return {one.signal_key: one for one in sorted(made, key=lambda one: (one.at, one.signal_key))}


def overridden(attributions: Mapping[str, Attribution], words: Mapping[str, Word]) -> dict[str, Attribution]:
    """Return attributions with reviewers' words, by answer id, in place of what was computed for complaints."""
    return {
        key: _by_word(one, words[one.answer_id]) if one.answer_id in words and not one.helped else one
        for key, one in attributions.items()
    }


def parts(attributions: Iterable[Attribution]) -> dict[str, Part]:
    """Return the part that each complaint blames, by signal key; praise is left out."""
    return {one.signal_key: one.part for one in attributions if not one.helped}


def blameless(attributions: Iterable[Attribution]) -> frozenset[str]:
    """Return the keys of complaints for which no passage is to blame, because the writing or the knowledge is."""
    return frozenset(key for key, part in parts(attributions).items() if part in (Part.WRITING, Part.KNOWLEDGE))


def _opened(ledger: Ledger, known: Known) -> _File:
    done: dict[str, list[Signal]] = defaultdict(list)
    for signal in sorted(ledger.signals, key=lambda one: one.at):
        done[signal.answer_id].append(signal)
    answers: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in ledger.exchanges:
        answers[exchange.question.id].append(exchange)
    return _File(ledger, known, credit_evidence.collect(ledger, known), done, answers)


def _by_word(one: Attribution, word: Word) -> Attribution:
    return replace(one, part=word.part, why=BY_WORD, corrected_by=word.reviewer, corrected_at=word.at)


def _attribution(signal: Signal, found: _Finding) -> Attribution:
    told: dict[str, object] = {"kind": signal.kind.value}
    if found.right is not None:
        right = found.right
        told |= {"passages": list(right.passages[:3]), "how": right.how, "persons": len(right.persons)}
    if found.place is not None:
        told["place"] = found.place
    return Attribution(
        signal.key, signal.answer_id, signal.person, signal.at, found.part, found.why, found.helped, told
    )


def _cases(exchange: Exchange, done: Sequence[Signal]) -> Iterator[_Case]:
    """Return what has a say: the last vote of each person, and every other act that judges."""
    for person in live_votes(done):
        cast = [one for one in done if one.person == person and _is_vote(one)]
        reason = next((one.detail["reason"] for one in reversed(cast) if "reason" in one.detail), "")
        yield _Case(exchange, cast[-1], done, reason)
    others = _PRAISE | _POINTS | _COMPLAINTS | {SignalKind.REROUTE}
    yield from (_Case(exchange, one, done) for one in done if one.kind in others)


def _is_vote(signal: Signal) -> bool:
    return signal.kind in _VOTES and (signal.kind is not SignalKind.REACTION_ADDED or VOTE in signal.detail)


def _found(case: _Case, file: _File) -> _Finding:
    kind = case.signal.kind
    if kind in _PRAISE or (kind in _VOTES and live_votes(case.done)[case.signal.person]):
        return _Finding(Part.NONE, HELPED, helped=True)
    if kind in _POINTS:
        return _pointed(case, file)
    if kind is SignalKind.REROUTE:
        return _rerouted(case, file)
    return _complained(case, file)


def _pointed(case: _Case, file: _File) -> _Finding:
    """Judge by the passage that was pointed at, which is praise where it was cited."""
    passage = credit_evidence.named(case.exchange, case.signal.detail, file.ledger)
    if passage is None or passage in _cited(case.exchange):
        return _Finding(Part.NONE, HELPED, helped=True)
    how = "pointed" if case.signal.kind is SignalKind.CITATION_UP else "asked_more"
    return _located(case.exchange, Right((passage,), how, frozenset({case.signal.person}), 1), file.known)


def _rerouted(case: _Case, file: _File) -> _Finding:
    """Judge a choice of another retriever: by what came of it, where that is known."""
    chosen, searched = case.signal.detail.get("retriever", ""), case.exchange.answer.routing.searched
    later = [one for one in file.answers[case.exchange.question.id] if one.answer.routing.asked_for == chosen]
    votes = [vote for one in later for vote in live_votes(file.done.get(one.answer.id, ())).values()]
    if votes and not any(votes):
        return _Finding(Part.NONE, f"Looking in {chosen} instead did not help either.")
    if chosen not in searched:
        return _Finding(Part.ROUTER, f"Somebody looked in {chosen} instead, which had not been searched.")
    right = _right(case, file)
    if right is not None and right.how == "rerouted":
        return _located(case.exchange, right, file.known)
    return _Finding(Part.NONE, f"Somebody chose {chosen}, which had been searched; what they wanted is not known.")


def _complained(case: _Case, file: _File) -> _Finding:
    if case.reason == Reason.TOO_LONG:
        return _Finding(Part.WRITING, "Somebody found the answer too long.")
    if case.reason == Reason.OUTDATED:
        return _Finding(Part.KNOWLEDGE, "Somebody said that what it rests on is out of date.")
    if _names_unknown_source(case, file.ledger):
        return _Finding(Part.KNOWLEDGE, "The correction names a source that is not in the index.")
    right = _right(case, file)
    return _unlocated(case) if right is None else _located(case.exchange, right, file.known)


def _right(case: _Case, file: _File) -> Right | None:
    about = (case.signal.person, case.signal.answer_id)
    blamed = ""
    if case.signal.kind is SignalKind.CITATION_DOWN:
        blamed = credit_evidence.named(case.exchange, case.signal.detail, file.ledger) or ""
    return file.evidence.right(file.known.cluster_of(case.exchange), about, blamed)


def _names_unknown_source(case: _Case, ledger: Ledger) -> bool:
    """Tell whether the person's own correction of this answer names something that nobody can find."""
    own = [
        one
        for one in ledger.corrections
        if (one.person, one.answer_id) == (case.signal.person, case.signal.answer_id)
        and one.state is not CorrectionState.REJECTED
    ]
    return any(one.source and not ledger.sources.get(one.id) for one in own)


def _unlocated(case: _Case) -> _Finding:
    """Judge where nobody has said which passage is right."""
    answer, asked_on = case.exchange.answer, {one.kind for one in case.done}
    if answer.verified_answer_id and case.reason == Reason.WRONG:
        return _Finding(Part.KNOWLEDGE, "An approved answer was repeated, and somebody called it wrong.")
    if answer.abstained and asked_on & {SignalKind.ESCALATE, SignalKind.HUMAN_REPLY}:
        return _Finding(Part.KNOWLEDGE, "Nothing was found, and a colleague had to be asked.")
    if answer.abstained and not case.exchange.shortlist:
        return _Finding(Part.KNOWLEDGE, "Nothing that the readers may read says anything about it.")
    called_wrong = case.signal.kind is SignalKind.CITATION_DOWN or case.reason == Reason.WRONG_SOURCE
    if called_wrong and len(_ranks(case.exchange)) > len(_cited(case.exchange)):
        return _Finding(
            Part.RANKING, "A source that was shown is wrong; which of those behind it is right, nobody said."
        )
    return _Finding(Part.NONE, "Nobody has said what would have been right, so no part is to blame.")


def _located(exchange: Exchange, right: Right, known: Known) -> _Finding:
    """Judge by how far the right passage came."""
    return replace(_reached(exchange, right, known), right=right)


def _reached(exchange: Exchange, right: Right, known: Known) -> _Finding:
    what, ranks, cited = f"The passage that {_SAID[right.how]}", _ranks(exchange), _cited(exchange)
    numbers = [cited[passage] for passage in right.passages if passage in cited]
    if numbers:
        return _Finding(Part.WRITING, f"{what} was cited as source {min(numbers)}; what was made of it did not help.")
    if exchange.answer.verified_answer_id:
        return _Finding(Part.ROUTER, f"{what} was not used, because an approved answer was repeated in its place.")
    places = [ranks[passage] for passage in right.passages if passage in ranks]
    if not places:
        return _missed(exchange, right, known)
    place = min(places)
    if exchange.answer.abstained and place <= PASSAGES:
        why = f"{what} was found at place {place}, and the answer was that nothing was found."
        return _Finding(Part.WRITING, why, place=place)
    before = min((ranks[one] for one in cited if one in ranks), default=0)
    if place < before:
        why = f"{what} was found at place {place}, before the source that was cited, at place {before}."
        return _Finding(Part.WRITING, why, place=place)
    return _Finding(Part.RANKING, f"{what} was found at place {place} and not shown.", place=place)


def _missed(exchange: Exchange, right: Right, known: Known) -> _Finding:
    """Judge a right passage that was not found: because it could not be, was not looked for, or was overlooked."""
    what = f"The passage that {_SAID[right.how]}"
    there = [known.places[one] for one in right.passages if known.places and one in known.places]
    if known.places is not None and not there:
        return _Finding(Part.KNOWLEDGE, f"{what} is not in the index.")
    if there and not any(one.labels & exchange.question.audience.labels for one in there):
        return _Finding(Part.NONE, f"{what} may not be read by everybody who could read this answer.")
    if there and all(_came_later(one, exchange) for one in there):
        return _Finding(Part.KNOWLEDGE, f"{what} came into the index, or was changed, only after this answer.")
    searched = exchange.answer.routing.searched
    kinds = sorted({one.retriever.value for one in there})
    if searched and kinds and not set(kinds) & set(searched):
        return _Finding(Part.ROUTER, f"{what} is for {' and '.join(kinds)}, which was not searched.")
    found = len(_ranks(exchange))
    return _Finding(Part.RETRIEVAL, f"{what} is in the index and was not among the {found} that were found.")


def _came_later(place: Place, exchange: Exchange) -> bool:
    answered = exchange.answer.answered_at
    return answered is not None and place.indexed_at > answered


def _cited(exchange: Exchange) -> dict[str, int]:
    """Return the lowest source number of each passage that the answer cites."""
    return {one.passage_id: one.n for one in sorted(exchange.answer.citations, key=lambda one: -one.n)}


def _ranks(exchange: Exchange) -> dict[str, int]:
    """Return the place among passages, counted from 1, of each passage that was found."""
    passages = [row.passage_id for row in exchange.shortlist if row.retriever in KIND_OF]
    return {passage: place for place, passage in enumerate(passages, 1)}
