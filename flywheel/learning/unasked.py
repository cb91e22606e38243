"""Tune auto mode in a channel from what people say of its answers there, and stop it where they do not want it.

An answer nobody had asked the bot for counts once somebody has voted on it, or muted its thread, which is a No. Where
an administrator sets the threshold by hand, that is the new anchor, and only answers given since then count.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flywheel.channels import ChannelSettings
from flywheel.core import Core
from flywheel.learning.unasked_threshold import DEFAULT, Judged, is_unwelcome, threshold
from flywheel.signals.votes import live_votes
from flywheel.store import audit, channels, marks, signals, unasked
from flywheel.store.database import Session
from flywheel.store.unasked import Given

ACTOR = "flywheel"
WINDOW = timedelta(days=365)
"""Older answers say nothing about today's."""

_NO_TIME = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Tuned:
    """What learning changed: the threshold before and after, and why auto mode was stopped, empty where it was not."""

    before: float
    after: float
    muted: str = ""


@dataclass(frozen=True, slots=True)
class _Memory:
    """What was tuned last, from which anchor, with answers since when; and when auto mode was stopped last."""

    anchor: float = DEFAULT
    tuned: float | None = None
    since: datetime = _NO_TIME
    stopped_at: datetime = _NO_TIME

    def written(self) -> str:
        times = {"since": self.since.isoformat(), "stopped_at": self.stopped_at.isoformat()}
        return json.dumps({"anchor": self.anchor, "tuned": self.tuned, **times})


def least(settings: ChannelSettings) -> float:
    """Return the confidence from which on auto mode answers in a channel, in [0, 1]."""
    return DEFAULT if settings.threshold is None else settings.threshold


def muted_mark(channel: str, thread_ts: str) -> str:
    """Return the name of the mark that a thread is muted; it holds who did it."""
    return f"muted:{channel}:{thread_ts}"


def tune(core: Core, channel: str) -> Tuned:
    """Bring a channel's threshold up to date with the votes there, and stop auto mode where they ask for it."""
    now = core.now()
    with core.database.begin() as db:
        settings = channels.find(db, channel)
        memory = _anchored(db, settings)
        judged = _judged(db, channel, now - WINDOW)
        before = least(settings)
        after = _after(judged, memory, before)
        stopping = "" if settings.muted_at else _unwelcome([one for at, one in judged if at > memory.stopped_at])
        changed = settings if after == before else replace(settings, threshold=after)
        if after != before:
            audit.put(db, ACTOR, "auto threshold", f"{channel}: {before:.2f} to {after:.2f}", now)
        if stopping:
            audit.put(db, ACTOR, "auto mute", f"{channel}: {stopping}", now)
            changed = replace(changed, muted_at=now, muted_why=stopping)
            memory = replace(memory, stopped_at=now)
        if changed != settings:
            channels.put(db, changed, ACTOR, now)
        marks.put(db, _memory_mark(channel), replace(memory, tuned=changed.threshold).written())
    return Tuned(before, after, stopping)


def why(core: Core, settings: ChannelSettings) -> str:
    """Say in a sentence how sure auto mode must be in a channel, and what that comes from."""
    sure = f"I answer unasked when I am at least {least(settings) * 100:.0f} % sure"
    with core.database.read() as db:
        memory = _anchored(db, settings)
        found = [one for at, one in _judged(db, settings.channel, core.now() - WINDOW) if at >= memory.since]
    if not found:
        return f"{sure}; nobody has voted on such an answer here yet."
    helped = sum(one.helpful >= 0.5 for one in found)
    return f"{sure}; of {len(found)} such answers that people judged here, {helped} helped."


def _after(judged: Sequence[tuple[datetime, Judged]], memory: "_Memory", before: float) -> float:
    counting = [one for at, one in judged if at >= memory.since]
    return threshold(counting, memory.anchor) if counting else before


def _unwelcome(judged: Sequence[Judged]) -> str:
    found = is_unwelcome(judged)
    return f"{found[0]} of the last {found[1]} answers that people judged here did not help" if found else ""


def _judged(db: Session, channel: str, since: datetime) -> list[tuple[datetime, Judged]]:
    """Return the verdicts on a channel's unasked answers, oldest first, with the times the answers were given."""
    found = [(one, _verdict(db, channel, one)) for one in unasked.given(db, channel, since)]
    return [(one.at, Judged(one.confidence, verdict)) for one, verdict in found if verdict is not None]


def _verdict(db: Session, channel: str, given: Given) -> float | None:
    votes = live_votes(signals.of_answer(db, given.answer_id))
    muted_by = marks.find(db, muted_mark(channel, given.thread_ts))
    if muted_by is not None:
        votes.setdefault(muted_by, False)
    return sum(votes.values()) / len(votes) if votes else None


def _anchored(db: Session, settings: ChannelSettings) -> _Memory:
    """Return what was tuned last; anew from where somebody else has set the threshold since."""
    stored = marks.find(db, _memory_mark(settings.channel))
    memory = _read(stored) if stored else _Memory()
    if settings.threshold == memory.tuned:
        return memory
    since = unasked.settings_changed_at(db, settings.channel) or _NO_TIME
    return replace(memory, anchor=least(settings), tuned=settings.threshold, since=since)


def _read(stored: str) -> _Memory:
    told = json.loads(stored)
    since, stopped_at = (datetime.fromisoformat(told[name]) for name in ("since", "stopped_at"))
    return _Memory(told["anchor"], told["tuned"], since, stopped_at)


def _memory_mark(channel: str) -> str:
    return f"unasked-tuned:{channel}"
