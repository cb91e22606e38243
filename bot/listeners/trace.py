"""Why this answer?: its trace, for the person who asks. What they may read is looked up anew, as for every source."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt import App

from bot.blocks.message import Block
from bot.blocks.route import WHY
from bot.blocks.trace import Found, Trace, gone_view, trace_view
from bot.click import clicked
from bot.face import Face
from flywheel.knowledge.access import audience_of
from flywheel.model import Answer, Audience, Question, Retriever
from flywheel.store import answers, origins, passages, questions
from flywheel.store.answers import Listed
from flywheel.store.database import Session


def register_front(front: App, face: Face) -> None:
    """Open the trace at once."""

    @front.action(WHY)
    def open_trace(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        face.client.views_open(trigger_id=click.trigger, view=_view(face, click.value, click.person))


def _view(face: Face, answer_id: str, person: str) -> Block:
    audience = audience_of(face.core.directory, person, None)
    with face.core.database.read() as db:
        answer = answers.find(db, answer_id)
        question = questions.find(db, answer.question_id) if answer else None
        if answer is None or question is None or questions.is_deleted(db, question.id):
            return gone_view()
        return trace_view(traced(db, answer, question, audience))


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
