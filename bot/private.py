"""What a channel may not read and the asker may: offered to the asker alone.

The answer in the channel was made for everybody in it. Where passages as near were withheld from them, the question is
looked up once more with the asker's own rights, without a language model, to see whether there is something; nothing of
that is kept. If it would be an answer that rests on a passage the channel may not read, the asker hears so: in the
channel, in a note that only they see, or, since such notes may stay unseen in threads, in their direct messages. The
answer itself is made when they press the button, is a question of its own, and is shown to them alone.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot import alone, showing
from bot.alone import Alone
from bot.blocks import private as words
from bot.blocks.message import note
from bot.click import Click
from bot.face import Face, say, tell
from bot.outbox import Outgoing, translate
from flywheel.answering.draft import Watch
from flywheel.answering.research import Task, research
from flywheel.errors import MembersUnknown
from flywheel.knowledge.access import audience_of
from flywheel.model import Answer, Audience, Question, Surface
from flywheel.store import answers, jobs, passages, questions
from flywheel.store.database import Session
from flywheel.store.jobs import Job, NewJob

OFFER_JOB = "private_offer"

_PRIORITY = 5  # questions first
_UNASKED = frozenset({Surface.AUTO, Surface.COMMAND})
"""Where nobody asked the bot, and where the asker has seen their own answer before."""
_CANNOT_SEE = frozenset({"user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived"})
_GONE = "The question was deleted, so I did not look again."
_log = logging.getLogger(__name__)


def offer(face: Face, answer: Answer) -> None:
    """Have it looked up, after the answer is on its way, whether its asker may read more than its channel."""
    with face.core.database.begin() as db:
        question = questions.find(db, answer.question_id)
        if question is None or not answer.routing.withheld or not _asked_among_others(question):
            return
        jobs.enqueue(db, NewJob(f"private:{answer.id}", OFFER_JOB, {"answer": answer.id}, _PRIORITY), face.core.now())
    face.wake()


def look(face: Face, job: Job) -> Mapping[str, Any]:
    """Tell the asker of an answer that there is more for them, where there is; return nothing to keep.

    Raises:
        Paced, Refused, Unclear: Slack does not say now what they may read, or does not take the note.
    """
    try:
        _tell_if_more(face, str(job.body["answer"]))
    except (SlackClientError, OSError, HTTPException, MembersUnknown) as error:
        raise translate(error, face.core.now()) from error
    return {}


def show(face: Face, click: Click) -> None:
    """Answer the question of a note for the person who asked it, and for nobody else."""
    with face.core.database.read() as db:
        question = questions.find(db, click.value)
        is_gone = question is None or questions.is_deleted(db, question.id)
    if not click.response_url or (question is not None and question.person != click.person):
        return
    if question is None or is_gone:
        say(face, Outgoing(f"gone:{click.key}", note(_GONE), response_url=click.response_url))
        return
    asked = Alone(_key(question), question.standalone or question.text, click.person, Surface.COMMAND)
    given = alone.answer(face, replace(asked, channel=question.channel, team=question.team))
    said = Outgoing(
        f"{_key(question)}:{click.stamp}",
        showing.answer_of(face, given, only_you=True),
        response_url=click.response_url,
        replace=click.only_you,
        asker=click.person,
        shows=given.id,
    )
    say(face, said)


def _tell_if_more(face: Face, answer_id: str) -> None:
    question = _question(face, answer_id)
    if question is None or not _has_more(face, question):
        return
    if question.thread_ts is not None or not _noted(face, question):
        tell(face, question.person, words.elsewhere(question.text, question.id), f"private:{question.id}")


def _asked_among_others(question: Question) -> bool:
    """Tell whether a person asked where others read the answer too."""
    labels = question.audience.labels
    is_shared = f"channel:{question.channel}" in labels and f"user:{question.person}" not in labels
    return is_shared and question.surface not in _UNASKED


def _question(face: Face, answer_id: str) -> Question | None:
    with face.core.database.read() as db:
        answer = answers.find(db, answer_id)
        question = questions.find(db, answer.question_id) if answer else None
        return question if question is not None and not questions.is_deleted(db, question.id) else None


def _has_more(face: Face, question: Question) -> bool:
    """Tell whether the asker, with their own rights, gets an answer from a passage that the channel may not read."""
    own = audience_of(face.core.directory, question.person, None)
    core = replace(face.core, language_model=None)
    draft = research(core, Task(question.standalone or question.text, own, person=question.person), Watch(core))
    if draft.abstained:
        return False
    sources = {one.passage_id for one in draft.written.citations}
    with face.core.database.read() as db:
        return not sources <= _readable(db, sources, question.audience)


def _readable(db: Session, sources: set[str], audience: Audience) -> set[str]:
    return {hit.passage_id for hit in passages.hits(db, sorted(sources), audience)}


def _noted(face: Face, question: Question) -> bool:
    """Show the asker a note in the channel; return False where they could not see it."""
    offered = words.offer(question.id)
    try:
        face.client.chat_postEphemeral(
            channel=str(question.channel), user=question.person, text=offered.text, blocks=list(offered.blocks)
        )
    except SlackApiError as error:
        if error.response.get("error") not in _CANNOT_SEE:
            raise
        _log.info("a note could not be shown in %s", question.channel)
        return False
    return True


def _key(question: Question) -> str:
    return f"private:{hashlib.sha256(question.id.encode()).hexdigest()[:40]}"
