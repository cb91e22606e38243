"""Auto mode: answer a question in a channel that nobody had put to the bot, where it is sure, and otherwise keep quiet.

    cheap checks      mode, mute, words, the classifier, the day's caps
    the answer        looked up and written, kept only where it is sure enough
    just before       has a person answered meanwhile? Is there still a claim to be had?

Nothing of a message that is left alone stays: no question, no text, only a count by `Decision`. Surprising: what cannot
be found out (who would read the answer, whether somebody has replied) means keeping quiet; nobody waits for an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from enum import StrEnum
from http.client import HTTPException

from slack_sdk.errors import SlackClientError

from bot import asking
from bot.blocks.unasked import muted_notice
from bot.face import Face, say
from bot.heard import Heard
from bot.outbox import Outgoing
from flywheel.answering import courtesy
from flywheel.answering.ask import Asking, ask_if
from flywheel.answering.decide import Verdict
from flywheel.answering.draft import Draft
from flywheel.channels import ChannelSettings, Mode
from flywheel.errors import MembersUnknown
from flywheel.knowledge.access import audience_of
from flywheel.learning import unasked as learning
from flywheel.model import Audience, Surface
from flywheel.routing import chatter
from flywheel.store import answers, channels, marks, questions, unasked
from flywheel.store.database import Session
from flywheel.store.unasked import Claim

QUESTION_FROM = 0.8
"""The classifier's probability from which on a message in a channel is looked up."""
BURST = timedelta(minutes=2)
"""Messages of one person within this time get one answer at most."""

_Claims = tuple[Claim, Sequence[Claim]]
_REPLIES = 50
_EVERYBODY = ("@here", "@channel", "@everyone")


class Decision(StrEnum):
    """What became of a message that nobody had put to the bot; the values are the metric's labels."""

    ANSWERED = "answered"
    TALK = "talk"
    BURST = "burst"
    CAPPED = "capped"
    UNSURE = "unsure"
    REPLIED = "replied"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class _Case:
    """A message under consideration; `decision` is what the last check said."""

    face: Face
    said: Heard
    settings: ChannelSettings
    decision: Decision = Decision.UNSURE

    def is_wanted(self, draft: Draft) -> bool:
        """Tell whether a draft is to be posted, and claim the right to do so."""
        if not _is_sure(draft, learning.least(self.settings)):
            return False
        if _somebody_replied(self.face, self.said):
            self.decision = Decision.REPLIED
            return False
        return self._claim()

    def _claim(self) -> bool:
        wish = _wish(self.face, self.said)
        with self.face.core.database.begin() as db:
            standing = unasked.others(db, wish)
            self.decision = _hindrance(db, self.face, self.settings, (wish, standing)) or Decision.ANSWERED
            if self.decision is Decision.ANSWERED:
                unasked.claim(db, wish)
        return self.decision is Decision.ANSWERED


def hear(face: Face, said: Heard) -> None:
    """Answer a message in a channel unasked, if that channel wants it and the answer is sure."""
    with face.core.database.read() as db:
        settings = channels.find(db, said.channel)
        has_answer = answers.of_question(db, asking.fitting(said.question_id)) is not None
    if settings.mode is not Mode.AUTO or settings.muted_at is not None:
        return
    said = replace(said, surface=Surface.AUTO)
    decision = Decision.ANSWERED if has_answer else _consider(face, said, settings)
    if decision is Decision.ANSWERED:
        asking.answer(face, said, quiet=True)
    with face.core.database.begin() as db:
        unasked.count(db, decision.value)


def learn(face: Face, answer_id: str) -> None:
    """Bring a channel's threshold up to date after somebody judged an unasked answer; say so where that stops it."""
    with face.core.database.read() as db:
        answer = answers.find(db, answer_id)
        question = questions.find(db, answer.question_id) if answer else None
    if question is None or question.surface is not Surface.AUTO or question.channel is None:
        return
    _tune(face, question.channel)


def look_after(face: Face) -> None:
    """Bring the thresholds of all channels in auto mode up to date, for votes that did not come from Slack."""
    with face.core.database.read() as db:
        automatic = [one.channel for one in channels.every(db) if one.mode is Mode.AUTO and one.muted_at is None]
    for channel in automatic:
        _tune(face, channel)


def is_muted(face: Face, channel: str, thread_ts: str) -> bool:
    """Tell whether somebody has asked the bot to keep quiet in a thread."""
    with face.core.database.read() as db:
        return marks.find(db, learning.muted_mark(channel, thread_ts)) is not None


def likely(face: Face, said: Heard, *, in_thread: bool = False) -> float:
    """Return the probability in [0, 1] that a message is a question for the bot; to `@here` is to everybody."""
    words = [word for word in said.text.split(" ") if word.strip(",:").lower() not in _EVERYBODY]
    return chatter.likely(face.core.encoder, " ".join(words), in_thread=in_thread)


def _tune(face: Face, channel: str) -> None:
    tuned = learning.tune(face.core, channel)
    if tuned.muted:
        key = f"auto-muted:{channel}:{face.core.now().isoformat()}"
        say(face, Outgoing(key, muted_notice(tuned.muted), channel=channel))


def _consider(face: Face, said: Heard, settings: ChannelSettings) -> Decision:
    if not said.person or said.names_others or said.is_too_long or courtesy.is_courtesy(said.text):
        return Decision.TALK
    if likely(face, said) < QUESTION_FROM:
        return Decision.TALK
    with face.core.database.begin() as db:
        wish = _wish(face, said)
        hindrance = _hindrance(db, face, settings, (wish, unasked.others(db, wish)))
    if hindrance is not None:
        return hindrance
    case = _Case(face, said, settings)
    try:
        audience = audience_of(face.core.directory, said.person, said.channel)
        answer, usage = ask_if(face.core, _asking(said, audience, learning.least(settings)), case.is_wanted)
    except (MembersUnknown, SlackClientError, OSError, HTTPException):
        return Decision.UNKNOWN
    if answer is None and usage is not None:
        with face.core.database.begin() as db:
            unasked.spend(db, _wish(face, said), usage)
    return case.decision


def _asking(said: Heard, audience: Audience, least: float) -> Asking:
    return Asking(
        text=said.text,
        person=said.person,
        surface=said.surface,
        audience=audience,
        question_id=asking.fitting(said.question_id),
        team=said.team,
        channel=said.channel,
        message_ts=said.ts,
        least=least,
    )


def _wish(face: Face, said: Heard) -> Claim:
    day = said.at.astimezone(face.zone).date().isoformat()
    return Claim(said.channel, day, asking.fitting(said.question_id), said.person, said.at)


def _hindrance(db: Session, face: Face, settings: ChannelSettings, claims: _Claims) -> Decision | None:
    """Return why a message may not be answered, given the day's other claims, or None."""
    wish, others = claims
    if any(one.person == wish.person and abs(one.at - wish.at) < BURST for one in others):
        return Decision.BURST
    if len(others) >= settings.daily_answers:
        return Decision.CAPPED
    if settings.daily_cost is None or face.core.language_model is None:
        return None
    midnight = wish.at.astimezone(face.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    spent = unasked.cost(db, wish, midnight.astimezone(UTC))
    return Decision.CAPPED if spent is None or spent >= settings.daily_cost else None


def _is_sure(draft: Draft, least: float) -> bool:
    """Tell whether a draft answers from what everybody in the channel may read, with enough confidence throughout."""
    if draft.abstained or draft.decision.verdict is Verdict.ABSTAIN or draft.written.writer == courtesy.WRITER:
        return False
    return min(draft.confidence, draft.decision.confidence) >= least


def _somebody_replied(face: Face, said: Heard) -> bool:
    page = face.client.conversations_replies(channel=said.channel, ts=said.ts, limit=_REPLIES)
    replies = [one for one in page["messages"] if one.get("ts") != said.ts]
    return any(one.get("user") != said.person for one in replies)
