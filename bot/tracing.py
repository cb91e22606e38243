"""The trace of an answer for the person who asks. What they may read is looked up anew, as for every source."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.blocks.credit import Blame
from bot.blocks.message import Block
from bot.blocks.trace import Found, Trace, gone_view, trace_view
from bot.face import Face
from flywheel.curation import credit_review
from flywheel.errors import NotFound
from flywheel.knowledge.access import audience_of
from flywheel.model import Answer, Audience, Question, Retriever
from flywheel.store import answers, origins, passages, questions
from flywheel.store.answers import Listed
from flywheel.store.database import Session


def view(face: Face, answer_id: str, person: str) -> Block:
    """Render the trace of an answer for one person."""
    audience = audience_of(face.core.directory, person, None)
    try:
        correctable = person in credit_review.reviewers(face.core, answer_id)
    except NotFound:
        return gone_view()
    with face.core.database.read() as db:
        answer = answers.find(db, answer_id)
        question = questions.find(db, answer.question_id) if answer else None
        if answer is None or question is None:
            return gone_view()
        blame = _blame(db, answer_id, correctable=correctable)
        return trace_view(replace(traced(db, answer, question, audience), blame=blame))


def traced(db: Session, answer: Answer, question: Question, audience: Audience) -> Trace:
    """Return what a person who may read that much is told of an answer's way."""
    listed = answers.shortlist_of(db, answer.id)
    titles = _titles(db, listed, audience, reads_all=question.audience.labels <= audience.labels)
    numbers = {citation.passage_id: citation.n for citation in answer.citations}
    found = tuple(
        Found(titles[one.passage_id], one.retriever, one.score, numbers.get(one.passage_id))
        for one in listed
        if one.passage_id in titles
    )
    return Trace(answer, question.text, question.standalone, found, hidden=len(listed) - len(found))


def _blame(db: Session, answer_id: str, *, correctable: bool) -> Blame | None:
    standing = credit_review.to_blame(credit_review.of_answer(db, answer_id))
    if standing is None:
        return None
    return Blame(answer_id, standing.part.value, standing.why, standing.corrected_by, correctable)


def _titles(db: Session, listed: Sequence[Listed], audience: Audience, *, reads_all: bool) -> Mapping[str, str]:
    """Return by id what was found and may be read. People were found through documents that all readers may read."""
    read = passages.hits(db, [one.passage_id for one in listed], audience)
    titles = {hit.passage_id: " › ".join(dict.fromkeys((hit.title, *hit.heading_path[-1:]))) for hit in read}
    for one in listed:
        if one.retriever is Retriever.ANSWERS:
            verified = origins.readable(db, one.passage_id, audience)
            titles |= {one.passage_id: verified.question} if verified else {}
        elif one.retriever is Retriever.PEOPLE and reads_all:
            titles[one.passage_id] = one.external_id
    return titles
