"""Questions whose answer is known for certain, so that every vote on them measures its voter.

A *truth* says that a passage is right for a question: an approved correction or a serving verified answer names it as
its source, or it stands in a set that was checked by hand. Truths are opinions without a person; whoever contradicts
them on a near question loses trust, whoever agrees gains it (`trust.py`). Nobody can tell such a question from others:
they are the ordinary questions that somebody happens to have answered for good.
"""

from collections.abc import Iterable

from flywheel.curation.opinions import Opinion
from flywheel.model import CorrectionState, VerifiedAnswer
from flywheel.store.ledger import Ledger


def of_corrections(ledger: Ledger) -> list[Opinion]:
    """Return what approved corrections say of the questions that they were made on."""
    questions = {one.answer.id: one.question.id for one in ledger.exchanges}
    return [
        Opinion(f"truth {one.id} {passage}", "", questions[one.answer_id], passage)
        for one in ledger.corrections
        if one.state is CorrectionState.APPROVED and one.answer_id in questions
        for passage in ledger.sources.get(one.id, ())[:1]
    ]


def of_verified(answers: Iterable[VerifiedAnswer]) -> tuple[list[Opinion], dict[str, str]]:
    """Return what verified answers say, and the wording of their questions by the id that the opinions use."""
    known = [one for one in answers if one.passage_ids]
    opinions = [
        Opinion(f"truth {one.id} {passage}", "", f"honeypot {one.id}", passage)
        for one in known
        for passage in one.passage_ids[:1]
    ]
    return opinions, {f"honeypot {one.id}": one.question for one in known}
