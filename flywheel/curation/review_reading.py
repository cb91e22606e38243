"""What a reviewer is shown of an item, or nothing where they may not read all of it.

Shown are the question, the answer and what it cites, and one sentence that says what is doubted. Who voted how, what a
judge scored and what another reviewer said is left out: it would be agreed with.

Surprising: a question that was asked in private is shown to nobody but those who could read the reply, so what was
asked in direct messages reaches no reviewer, administrators included.
"""

from dataclasses import dataclass, replace

from flywheel.curation.bursts import Burst
from flywheel.curation.review_sampling import Differs
from flywheel.model import PUBLIC, Answer, Audience, CorrectionState, Hit, Question
from flywheel.store import answers, corrections, documents, expertise, labels, origins, passages, questions
from flywheel.store.database import Session
from flywheel.store.reviews import ReviewItem, ReviewKind

_SAID = {
    Differs.VOTERS.value: "People who voted on this answer disagree with each other.",
    Differs.YES.value: "What people say and how sure the bot was are far apart.",
    Differs.NO.value: "What people say and how sure the bot was are far apart.",
}
_BURSTS = {
    Burst.PERSON.value: "Votes of one person",
    Burst.ANSWER.value: "Votes on one answer",
    Burst.PASSAGE.value: "Votes on one source",
    Burst.FLIPS.value: "Votes that were turned round",
}
_NOTHING = "No answer was found."
"""What stands for an abstention: the titles that it names were for its asker."""

_SAMPLED = "Drawn by chance: it stands for all answers of its week, those that nobody voted on included."

_CHECKED = "Drawn by chance from what a language model has judged, to see whether it can be trusted."


@dataclass(frozen=True, slots=True)
class Matter:
    """An item as a reviewer sees it; what does not apply is empty. `sources` are in the order of their numbers."""

    item: ReviewItem
    doubt: str
    question: str = ""
    answer: str = ""
    suggested: str = ""
    sources: tuple[Hit, ...] = ()


def read(db: Session, item: ReviewItem, audience: Audience) -> Matter | None:
    """Return an item as somebody with these labels may see it, or None where they may not, or something is gone."""
    if item.kind is ReviewKind.QUARANTINE:
        return Matter(item, _of_person(item))
    if item.kind is ReviewKind.ALARM:
        return Matter(item, _of_alarm(item))
    if item.kind is ReviewKind.DOUBTED:
        return _of_label(db, item, audience)
    if item.kind is ReviewKind.CORRECTION:
        return _of_correction(db, item, audience)
    return _of_answer(db, Matter(item, _of_differing(item)), item.answer_id or "", audience)


def _of_answer(db: Session, matter: Matter, answer_id: str, audience: Audience) -> Matter | None:
    """Return a matter with an answer, its question and sources, or None where not all of them may be read."""
    answer = answers.find(db, answer_id)
    question = _asked(db, answer.question_id, audience) if answer else None
    if answer is None or question is None:
        return None
    sources = _cited(db, answer, audience)
    if sources is None:
        return None
    text = question.standalone or question.text
    return replace(matter, question=text, answer=_NOTHING if answer.abstained else answer.text, sources=tuple(sources))


def _asked(db: Session, question_id: str, audience: Audience) -> Question | None:
    question = questions.find(db, question_id)
    if question is None or questions.is_deleted(db, question_id):
        return None
    open_to_all = {f"channel:{one}" for one in expertise.open_channels(db)}
    return question if question.audience.labels <= {PUBLIC, *open_to_all, *audience.labels} else None


def _cited(db: Session, answer: Answer, audience: Audience) -> list[Hit] | None:
    cited = list(dict.fromkeys(one.passage_id for one in answer.citations))
    repeated = answer.verified_answer_id
    if repeated is not None and origins.readable(db, repeated, audience) is None:
        return None
    read = passages.hits(db, [one for one in cited if one != repeated], audience)
    return read if {one.passage_id for one in read} | {repeated} >= set(cited) else None


def _of_label(db: Session, item: ReviewItem, audience: Audience) -> Matter | None:
    question_id, target = str(item.detail.get("question_id", "")), str(item.detail.get("target", ""))
    question = _asked(db, question_id, audience)
    if question is None or not target:
        return None
    text = question.standalone or question.text
    found = documents.passage(db, target, audience)
    if found is None:
        is_route = " " in item.subject and not item.subject.endswith(f" {target}")
        return Matter(item, f"Somebody said that this is answered from: {target}.", text) if is_route else None
    graded = next((one.grade for one in labels.of_question(db, question_id) if _named(one) == item.subject), None)
    suits = "does not answer" if graded == 0 else "answers"
    return Matter(
        item,
        f"Somebody said that this source {suits} the question.",
        text,
        sources=tuple(passages.hits(db, [target], audience)),
    )


def _named(label: labels.StoredLabel) -> str:
    return f"{label.signal_key} {label.target}"


def _of_correction(db: Session, item: ReviewItem, audience: Audience) -> Matter | None:
    correction = corrections.find(db, item.subject)
    if correction is None or correction.state is not CorrectionState.PENDING:
        return None
    named = f" Its source: {correction.source}." if correction.source else " It names no source."
    matter = Matter(item, f"Somebody suggests another answer.{named}", suggested=correction.text)
    return _of_answer(db, matter, correction.answer_id, audience)


def _of_person(item: ReviewItem) -> str:
    agreed, disagreed, trust = (item.detail.get(name) for name in ("agreed", "disagreed", "trust"))
    return (
        f"The others bear out {agreed} of this person's opinions and contradict {disagreed}: a trust of {trust}, where "
        "a half is what anybody starts with. Their votes train nothing."
    )


def _of_alarm(item: ReviewItem) -> str:
    """Say what is unusual: the sentence that came with the alarm, a threshold's words, or a burst's counts."""
    told = item.detail
    if told.get("reason"):
        return str(told["reason"])
    if told.get("asked"):
        return f"{told.get('name')}: {told.get('seen')}, where {told['asked']} is asked for."
    what = _BURSTS.get(str(told.get("what")), "Votes")
    return f"{what} on {told.get('day')}: {told.get('count')}, where {told.get('usual')} a day are usual."


def _of_differing(item: ReviewItem) -> str:
    if item.kind is not ReviewKind.DISAGREEMENT:
        return _SAMPLED if item.kind is ReviewKind.SAMPLE else _CHECKED
    return _SAID.get(str(item.detail.get("what")), "People and a measure disagree on this answer.")
