"""What administrators do to releases in Slack, and telling them what the watch did by itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import administering, outbox, scheduling, showing
from bot.blocks.message import Message
from bot.blocks.release import HOLD, PROMOTE, ROLL_BACK, Shown, ids_in, models_message, redrawn, watched_message
from bot.click import Click
from bot.face import Face
from bot.outbox import Outgoing
from flywheel.core import Core
from flywheel.errors import ArtefactError, InvalidInput, NotFound
from flywheel.learning import release
from flywheel.measurement.plain_verdicts import of_release
from flywheel.measurement.watch import ACT
from flywheel.registry import Outcome, Release
from flywheel.store import audit, jobs, releases
from flywheel.store.database import Session

TOLD_FOR = timedelta(days=2)
"""What the watch did longer ago is not announced any more: a bot that was away says only what is news."""
_POSTS = ("post:report:", "post:watch:")
_BY_GATE = ("hold", release.WHEEL)
"""What a verdict says already."""
_REFUSAL = "Only administrators decide what serves. Ask one of them, or vote on answers: that counts."


@dataclass(frozen=True, slots=True)
class Decision:
    """Something to do to a release, and when it has been done already."""

    act: Callable[[release.Registry, str, str], Release]
    is_done: Callable[[Release], bool]


DECISIONS: Mapping[str, Decision] = {
    PROMOTE: Decision(release.promote, lambda one: one.serving and one.share == 1),
    HOLD: Decision(release.hold, lambda one: one.outcome is Outcome.HELD),
    ROLL_BACK: Decision(release.roll_back, lambda one: one.outcome is Outcome.ROLLED_BACK),
}


def decide(face: Face, click: Click) -> str:
    """Let an administrator act on a release; return why it was refused, else an empty string.

    What has been done already is not done again, and is no reason to refuse: two presses may be handled at once.
    """
    if not administering.may(face, click.person):
        return _REFUSAL
    decision = DECISIONS[click.action]
    if _is_done(face.core, click.value, decision):
        return ""
    try:
        decision.act(face.core, click.value, click.person)
    except (NotFound, InvalidInput, ArtefactError) as refusal:
        return "" if _is_done(face.core, click.value, decision) else str(refusal)
    return ""


def _is_done(core: Core, release_id: str, decision: Decision) -> bool:
    found = shown(core, [release_id]).get(release_id)
    return found is not None and decision.is_done(found.release)


def models(core: Core) -> Message:
    """Render what serves, and of each learner the newest challenger that does not."""
    return models_message(what_serves(core))


def what_serves(core: Core) -> list[Shown]:
    """Return what serves, then of each learner the newest challenger that does not."""
    with core.database.read() as db:
        listed = releases.listed(db)
    newest: dict[str, Release] = {}
    for one in listed:
        if not one.serving:
            newest.setdefault(one.learner, one)
    wanted = [one for one in listed if one.serving] + list(newest.values())
    return list(_shown(core, wanted).values())


def shown(core: Core, release_ids: Iterable[str]) -> dict[str, Shown]:
    """Return releases as they stand, by id; unknown ones are left out."""
    wanted = set(release_ids)
    with core.database.read() as db:
        listed = releases.listed(db)
    return _shown(core, [one for one in listed if one.id in wanted])


def redraw(face: Face, release_id: str) -> None:
    """Bring every posted report and notice that shows a release up to date."""
    with face.core.database.read() as db:
        posted = [one for prefix in _POSTS for one in jobs.beginning(db, prefix) if one.result]
    for job in posted:
        blocks = job.body["message"]["blocks"]
        if release_id in ids_in(blocks):
            fresh = redrawn(blocks, shown(face.core, ids_in(blocks)))
            place = (str(job.result["channel"]), str(job.result["ts"]))
            showing.update(face, place, Message(str(job.body["message"]["text"]), tuple(fresh)))


def announce(face: Face) -> int:
    """Tell what the watch did by itself, once: in the report channel, else to each administrator; return how much."""
    now = face.core.now()
    with face.core.database.read() as db:
        listed = [one for one in releases.listed(db) if _is_news(one, now)]
    told = _shown(face.core, listed)
    for one in told.values():
        done = one.release.evidence[ACT]
        assert isinstance(done, Mapping)
        key = f"watch:{one.release.id}:{done['at']}"
        made = watched_message(one, str(done["reason"]))
        with face.core.database.begin() as db:
            for outgoing in _addressed(face, db, key, made):
                outbox.put(db, outgoing, now)
    if told:
        face.wake()
    return len(told)


def _addressed(face: Face, db: Session, key: str, made: Message) -> list[Outgoing]:
    channel = scheduling.channel_in(db, face.report_channel)
    if channel:
        return [Outgoing(key, made, channel=channel)]
    return [Outgoing(f"{key}:{one}", made, person=one) for one in sorted(face.core.admins)]


def _is_news(release: Release, now: datetime) -> bool:
    done = release.evidence.get(ACT)
    return isinstance(done, Mapping) and datetime.fromisoformat(str(done["at"])) >= now - TOLD_FOR


def _shown(core: Core, wanted: Iterable[Release]) -> dict[str, Shown]:
    listed = list(wanted)
    with core.database.read() as db:
        acts = audit.latest(db, [f"{one.learner} {one.id}" for one in listed])
    found = {}
    for one in listed:
        act, gate = acts.get(f"{one.learner} {one.id}"), of_release(one.evidence)
        is_news = act is not None and (act.act, act.person) != _BY_GATE
        found[one.id] = Shown(one, act.act, act.person, gate) if act and is_news else Shown(one, found=gate)
    return found
