"""Home, as it stands for one person: their questions and suggestions, and the board where they are an administrator.

A view is published with the hash of the one it was made from, so that of two acts at one moment the later one is shown:
where somebody was faster, it is made anew.
"""

import logging
from datetime import timedelta

from slack_sdk.errors import SlackApiError

from bot import administering, showing
from bot.blocks.admin_source import counted_as
from bot.blocks.home import Asked, Board, Mine, Suggested, home_view
from bot.blocks.message import Block
from bot.counted import Thread, permalink
from bot.face import Face
from bot.releasing import what_serves
from flywheel.curation import review_queue
from flywheel.model import Answer, Correction, CorrectionState, Question, SignalKind, VerifiedAnswer
from flywheel.store import (
    answers,
    corrections,
    escalations,
    experiments,
    homes,
    jobs,
    marks,
    profiles,
    questions,
    reports,
    signals,
)
from flywheel.store import verified as verified_answers
from flywheel.store.database import Session
from flywheel.store.experiments import State

LATELY = timedelta(days=7)
_CONFLICT = "hash_conflict"
_PARTS = {"store": "database", "knowledge": "documents", "encoder": "search model", "slack": "Slack"}
_LOG = logging.getLogger(__name__)


def publish(face: Face, person: str, view_hash: str = "") -> None:
    """Publish a person's Home; `view_hash` is that of the view they look at, where Slack told it."""
    try:
        face.client.views_publish(user_id=person, view=view_of(face, person), hash=view_hash or None)
    except SlackApiError as error:
        if error.response.get("error") != _CONFLICT:
            raise
        _LOG.info("the Home of %s has changed meanwhile and is made anew", person)
        face.client.views_publish(user_id=person, view=view_of(face, person))


def view_of(face: Face, person: str) -> Block:
    """Return the Home tab of a person."""
    with face.core.database.read() as db:
        mine = Mine(
            tuple(_asked(db, one, face.identity.url) for one in questions.recent_of(db, person)),
            tuple(_suggested(db, one) for one in homes.suggested_by(db, person)),
            profiles.is_hidden(db, person),
        )
    board = board_of(face, person) if administering.may(face, person) else None
    return home_view(face.identity.user, face.command, mine, board)


def board_of(face: Face, person: str) -> Board:
    """Return how the bot does now, and how many review cards wait for one administrator."""
    parts = [(_PARTS.get(name, name), _how(state)) for name, state in face.health().items()]
    health = [*parts, *_more_health(face)]
    with face.core.database.read() as db:
        newest = reports.newest(db)
        happened = homes.lately(db, face.core.now() - LATELY)
        running = [one for one in experiments.listed(db) if one.state is State.RUNNING]
    content = newest.content if newest else {}
    return Board(
        report_id=newest.id if newest else "",
        title=str(content.get("title") or ""),
        verdict=str(content.get("verdict") or ""),
        figures=tuple((str(one["name"]), str(one["value"])) for one in content.get("figures", ())),
        lately=(
            f"In the last seven days: {counted_as(happened.questions, 'question')}, votes on "
            f"{counted_as(happened.voted, 'answer')}, {counted_as(happened.suggested, 'suggestion')}."
        ),
        waiting=len(review_queue.offers(face.core, person)),
        serving=what_serves(face.core),
        experiments=tuple(f"{one.variable}: {one.hypothesis}" for one in running),
        health=health,
    )


def _how(state: str) -> str:
    """Return how a part is, without the name of a model's revision, which says nothing to people."""
    return "ok" if state.startswith("ok: ") and " " not in state[4:] else state.removeprefix("ok: ")


def _more_health(face: Face) -> list[tuple[str, str]]:
    with face.core.database.read() as db:
        dead = jobs.counts(db).get("dead", 0)
        built = homes.indexed_at(db)
    model = face.core.language_model
    age = "not built yet" if built is None else f"built {_ago(face.core.now() - built)} ago"
    return [
        ("index", age),
        ("failed jobs", f"{dead}; flywheel doctor and the log say why" if dead else "none"),
        ("language model", model.name if model else "none; answers quote your documents"),
    ]


def _ago(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours" if hours else "less than an hour"


def _asked(db: Session, question: Question, workspace_url: str) -> Asked:
    answer = answers.of_question(db, question.id)
    posted = answers.posted_at(db, answer.id) if answer else None
    channel, ts = question.channel, question.thread_ts or question.message_ts
    if ts is None and posted is not None:  # asked privately and then shared
        channel, ts = posted
    url = permalink(workspace_url, Thread("", channel, ts)) or ""
    return Asked(question.text, _standing(db, question, answer), url)


def _standing(db: Session, question: Question, answer: Answer | None) -> str:
    if answer is None:
        return "Waiting for its answer"
    if marks.find(db, showing.amended_mark(answer.id)) is not None:
        return "Corrected"
    acts = signals.of_answer(db, answer.id)
    done = {one.kind for one in acts}
    if any(one.kind is SignalKind.HUMAN_REPLY and one.person != question.person for one in acts):
        return "Answered by a person"
    if escalations.open_for(db, answer.id) is not None:
        return "Waiting for a person"
    if answer.abstained:
        return "Waiting for a person" if SignalKind.ESCALATE in done else "Not answered"
    pending = any(one.state is CorrectionState.PENDING for one in corrections.of_answer(db, answer.id))
    return "Answered; a suggestion waits for its reviewer" if pending else "Answered"


def _suggested(db: Session, correction_id: str) -> Suggested:
    one = corrections.find(db, correction_id)
    assert one is not None
    by = one.reviewer or ""
    if one.state is CorrectionState.PENDING:
        return Suggested(one.question, "Waiting for its reviewer")
    if one.state is CorrectionState.REJECTED:
        return Suggested(one.question, "Not taken over", by)
    made = verified_answers.of_correction(db, one.id)
    return Suggested(one.question, "Approved", by, _effect(db, one, made) if made else "")


def _effect(db: Session, correction: Correction, made: VerifiedAnswer) -> str:
    amended = [
        name for name in verified_answers.corrected_answers(db, correction.id) if _shows(db, name, correction.id)
    ]
    helped = homes.people_helped(db, made.id, amended, correction.person)
    still = "" if verified_answers.is_active(db, made.id) else " It serves no longer: its source has changed."
    return f"It has helped {helped} {'person' if helped == 1 else 'people'}.{still}"


def _shows(db: Session, answer_id: str, correction_id: str) -> bool:
    return marks.find(db, showing.amended_mark(answer_id)) == correction_id
