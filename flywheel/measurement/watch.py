"""Watch what serves: canaries, and releases younger than a fortnight; promote, hold or take back by themselves.

Run every hour in the running bot and at the beginning of each turn; running it more often does no harm. What answers
were made with is the log of exposures: an answer names the release of each learner. Left out are first routers made of
the index: what changes with them is the index.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flywheel.core import Core
from flywheel.learning import release as releasing
from flywheel.learning.canary import Experience, Fate, Finding, Seen, judge_canary, judge_release
from flywheel.learning.release import WHEEL
from flywheel.measurement.week import latency_ms
from flywheel.model import Signal
from flywheel.registry import Release
from flywheel.signals.votes import live_votes
from flywheel.store import ledger, releases, reviews
from flywheel.store.arms import sees
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange
from flywheel.store.reviews import ReviewItem, ReviewKind

YOUNG = timedelta(days=14)
"""So long a release that serves everybody is compared with as long a time before it."""
ACT = "watch"
"""Where a release's evidence keeps what the watch did, and why."""
LOOK = "canary"
"""Where it keeps how a canary fared when last looked at."""
_FROM_INDEX = "index"
_UNUSABLE = "default ("
"""How the version of an answer begins for which a release could not be used; see `retrieval/champions.py`."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A release and what became of it."""

    release: Release
    finding: Finding

    @property
    def acted(self) -> bool:
        """Tell whether anything changed."""
        return self.finding.fate is not Fate.WATCHED


def watch(core: Core) -> list[Watched]:
    """Look at everything that is to be watched, and do what is to be done."""
    return act(core, look(core))


def look(core: Core) -> list[Watched]:
    """Judge what is to be watched; nothing is changed."""
    now = core.now()
    with core.database.read() as db:
        young = _to_be_watched(db, now)
        if not young:
            return []
        start = min(begun for _, begun in young) - YOUNG
        exchanges = ledger.between(db, start, now)
        about = ledger.signals_about(db, exchanges)
    return [Watched(one, _judged(one, begun, exchanges, about, now)) for one, begun in young]


def act(core: Core, looked: Sequence[Watched]) -> list[Watched]:
    """Do what was found, and return what came of it: nothing where a person was faster."""
    return [_carried_out(core, one) for one in looked]


def sentences(db: Session, start: datetime) -> list[str]:
    """Return what was done to releases at or after a moment, and how canaries fare, for a report."""
    told = []
    for one in releases.listed(db):
        done, seen = one.evidence.get(ACT), one.evidence.get(LOOK)
        if isinstance(done, Mapping) and datetime.fromisoformat(str(done["at"])) >= start:
            told.append(f"{one.learner}, {done['fate']} by the watch: {done['reason']}")
        elif isinstance(seen, Mapping) and one.serving and one.share < 1:
            told.append(f"{one.learner}: {seen['reason']}")
    return told


def _to_be_watched(db: Session, now: datetime) -> list[tuple[Release, datetime]]:
    """Return canaries and young releases, each with when it began to serve its present share."""
    found = []
    for one in releases.listed(db):
        begun = releases.since(db, one.id) if one.serving and one.evidence.get("origin") != _FROM_INDEX else None
        if begun is not None and (one.share < 1 or begun >= now - YOUNG):
            found.append((one, begun))
    return found


def _judged(
    release: Release,
    begun: datetime,
    exchanges: Sequence[Exchange],
    about: Mapping[str, Sequence[Signal]],
    now: datetime,
) -> Finding:
    mine = [one for one in exchanges if _is_judged(one, release.learner)]
    after = [one for one in mine if _answered(one) >= begun]
    before = [one for one in mine if begun - YOUNG <= _answered(one) < begun and not _made_with(one, release)]
    is_canary = release.share < 1
    control = [one for one in after if not _meant_for(one, release)] if is_canary else before
    seen = Seen(
        treated=[_experience(one, about) for one in after if _made_with(one, release)],
        control=[_experience(one, about) for one in control],
        before=[ms for ms in map(latency_ms, before) if ms is not None],
        age=now - begun,
        broken=sum(_meant_for(one, release) and _is_unusable(one, release.learner) for one in after),
    )
    return judge_canary(seen) if is_canary else judge_release(seen)


def _is_judged(one: Exchange, learner: str) -> bool:
    """Tell whether an answer says anything about a learner: it had a part in it, and no person chose for it."""
    return learner in one.answer.versions and not one.answer.routing.asked_for


def _answered(one: Exchange) -> datetime:
    return one.answer.answered_at or one.question.asked_at


def _made_with(one: Exchange, release: Release) -> bool:
    return one.answer.versions[release.learner] == release.id


def _meant_for(one: Exchange, release: Release) -> bool:
    return sees(one.question.person, release.id, release.share)


def _is_unusable(one: Exchange, learner: str) -> bool:
    return one.answer.versions[learner].startswith(_UNUSABLE)


def _experience(one: Exchange, about: Mapping[str, Sequence[Signal]]) -> Experience:
    answer = one.answer
    return Experience(one.question.person, answer.abstained, live_votes(about[answer.id]), latency_ms(one))


def _carried_out(core: Core, watched: Watched) -> Watched:
    """Do what a finding says, keep it in the release's evidence, and return it.

    Where a person was faster there is nothing left to do.
    """
    release, finding = watched.release, watched.finding
    if watched.acted and not _stands(core, release):
        return Watched(release, Finding(Fate.WATCHED, "A person decided on it meanwhile.", finding.differences))
    if watched.acted:
        _ACTS[finding.fate](core, release.id, WHEEL)
    elif release.share == 1:
        return watched
    told = {
        "at": core.now().isoformat(),
        "fate": finding.fate.value,
        "reason": finding.reason,
        "differences": {name: asdict(one) for name, one in finding.differences.items()},
    }
    with core.database.begin() as db:
        releases.note(db, release.id, **{ACT if watched.acted else LOOK: told})
        if finding.fate in (Fate.ROLLED_BACK, Fate.HELD):
            reviews.put(db, [_alarm(release, told, core.now())])
    return watched


_ACTS: Mapping[Fate, Callable[[releasing.Registry, str, str], Release]] = {
    Fate.PROMOTED: releasing.promote,
    Fate.HELD: releasing.hold,
    Fate.ROLLED_BACK: releasing.roll_back,
}


def _alarm(release: Release, told: Mapping[str, object], at: datetime) -> ReviewItem:
    """Return what a person should look at: a release that did not stand the test of use."""
    name = reviews.identity(ReviewKind.ALARM, "watch", release.id, str(told["at"]))
    return ReviewItem(name, ReviewKind.ALARM, release.id, at, detail={"learner": release.learner, **told})


def _stands(core: Core, release: Release) -> bool:
    """Tell whether a release still serves whom it served when it was looked at."""
    with core.database.read() as db:
        now = next((one for one in releases.listed(db) if one.id == release.id), None)
    return now is not None and (now.serving, now.share) == (release.serving, release.share)
