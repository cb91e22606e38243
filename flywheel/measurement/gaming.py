"""Whether votes mean anything: how far they agree with what people do, with judges and reviewers, and when to doubt.

The agreement is the correlation of two yes-or-no values over the answers with a vote (phi; Cramér, 1946): most votes
say yes, and nothing contradicts. Its 95 % interval is Fisher's (1921), tanh(atanh r ± 1.96 / √(n - 3)). When votes and
the rest part (`suspicion.py`), administrators are asked to look. Names stand in the review queue alone.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flywheel.core import Core
from flywheel.measurement.estimates import Z
from flywheel.measurement.section import Line, Section
from flywheel.measurement.suspicion import Suspicion, What, suspicions
from flywheel.measurement.thresholds import DAYS
from flywheel.measurement.vote_evidence import Evidence, Voice, of, outside
from flywheel.measurement.week import week_of
from flywheel.measurement.window import Window, before, read
from flywheel.registry import Record
from flywheel.store import reviews
from flywheel.store.database import Session
from flywheel.store.reviews import ReviewItem, ReviewKind, identity

WHAT = "gaming"
"""What the alarm in the review queue says it is about."""
WEEKS = 4
"""How many weeks before say what is usual."""
SPANS = (1, 4)
"""Weeks that are looked at together: a little pushing among few votes shows in four weeks only."""
ENOUGH = 20
"""Answers with a vote that a correlation needs to be told."""
_NAMES: Mapping[Voice, str] = {
    Voice.BEHAVIOUR: "what people do",
    Voice.JUDGE: "the judge",
    Voice.REVIEWERS: "reviewers",
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far votes agree with another voice: r in [-1, 1], None where one of them always says the same."""

    voice: Voice
    r: float | None
    low: float | None
    high: float | None
    answers: tuple[str, ...]


def agreement(evidence: Evidence, voice: Voice) -> Agreement:
    """Return how far votes agree with a voice, over the answers that most voters agree on and the voice knows."""
    cast: dict[str, list[bool]] = defaultdict(list)
    for one in evidence.votes:
        cast[one.answer_id].append(one.yes)
    known = evidence.marks.get(voice, {})
    pairs = [
        (answer_id, 2 * sum(some) > len(some), known[answer_id])
        for answer_id, some in cast.items()
        if answer_id in known and 2 * sum(some) != len(some)
    ]
    r, n = _phi([(vote, good) for _, vote, good in pairs]), len(pairs)
    low, high = _ends(r, n)
    return Agreement(voice, r, low, high, tuple(answer_id for answer_id, _, _ in pairs))


def look(db: Session, window: Window, earlier: Window) -> tuple[Evidence, list[Suspicion]]:
    """Return the evidence of a window, and everything that was suspected in comparison with what was before."""
    now, usual = of(window, outside(db, window)), of(earlier, outside(db, earlier))
    return now, suspicions(now, usual)


def told(db: Session, window: Window, before: Window) -> Section:
    """Return what a report says, without names; `before` is what is usual."""
    now, found = look(db, window, before)
    then = of(before, outside(db, before))
    agreements = [agreement(now, voice) for voice in Voice]
    usual = {voice: agreement(then, voice) for voice in Voice}
    lines = [_agreement_line(one, usual[one.voice]) for one in agreements if one.answers]
    alarming = [one for one in found if one.is_alarming]
    lines += [Line(f"Look at this: {one.text} Who it is stands in the review queue.", one.answers) for one in alarming]
    if not alarming and now.votes:
        lines.append(Line("Nothing suggests that votes are pushed."))
    if not now.votes:
        lines.append(Line("Nobody voted, so there is nothing to compare."))
    numbers = {
        "agreement": [_agreement_numbers(one) for one in agreements],
        "before": [_agreement_numbers(one) for one in usual.values()],
        "looked_at": [_suspicion_numbers(one) for one in found],
    }
    return Section(WHAT, "Do votes mean anything?", tuple(lines), numbers)


def records_of(window: Window, at: datetime) -> list[Record]:
    """Return the record of how far a window's votes agree with what people do."""
    one = agreement(of(window), Voice.BEHAVIOUR)
    if one.r is None or len(one.answers) < ENOUGH:
        return []
    n = len(one.answers)
    return [Record(at, "vote_behaviour_correlation", one.r, n, one.low, one.high, dataset=window.period)]


def raise_alarms(core: Core) -> list[ReviewItem]:
    """Put up for review what is suspected of the last weeks; return what was not known. Once a week and matter."""
    now = core.now()
    found: list[Suspicion] = []
    with core.database.read() as db:
        for weeks in SPANS:
            window = read(db, f"the last {weeks} weeks", (now - weeks * DAYS, now), now, None)
            found += look(db, window, before(db, window, WEEKS, None))[1]
    alarming = [one for one in found if one.is_alarming]
    if not alarming:
        return []
    with core.database.begin() as db:
        return reviews.put(db, [_item(one, now) for one in alarming])


def _item(one: Suspicion, at: datetime) -> ReviewItem:
    period = week_of(at)[0]
    person = one.persons[0] if one.what is What.PERSON else None
    detail = {
        "what": WHAT,
        "reason": one.text,
        "day": at.date().isoformat(),
        "persons": list(one.persons),
        "found": {"suspicion": one.what.value, "p": one.p, "adjusted": one.adjusted, **one.numbers},
    }
    voice = str(one.numbers.get("voice", ""))
    name = identity(ReviewKind.ALARM, WHAT, one.what.value, voice, person or "", period)
    return ReviewItem(name, ReviewKind.ALARM, person or f"votes {period}", at, person, detail)


def _phi(pairs: list[tuple[bool, bool]]) -> float | None:
    n = len(pairs)
    both = sum(vote and good for vote, good in pairs)
    yes, well = sum(vote for vote, _ in pairs), sum(good for _, good in pairs)
    spread = yes * (n - yes) * well * (n - well)
    return (n * both - yes * well) / math.sqrt(spread) if spread else None


def _ends(r: float | None, n: int) -> tuple[float | None, float | None]:
    if r is None or n <= 3:
        return None, None
    if abs(r) >= 1:
        return r, r
    wide = Z / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - wide), math.tanh(math.atanh(r) + wide)


def _agreement_line(one: Agreement, usual: Agreement) -> Line:
    name, n = _NAMES[one.voice], len(one.answers)
    if n < ENOUGH:
        return Line(f"Votes and {name}: only {n} answers have both, too few to compare.", one.answers)
    if one.r is None or one.low is None or one.high is None:
        return Line(f"Votes and {name}: one of them says the same of all {n} answers.", one.answers)
    earlier = "" if usual.r is None or len(usual.answers) < ENOUGH else f"; before {usual.r:.2f}"
    ends = f"95 % interval {one.low:.2f} to {one.high:.2f}"
    return Line(f"Votes agree with {name}: correlation {one.r:.2f} ({ends}, {n} answers{earlier}).", one.answers)


def _agreement_numbers(one: Agreement) -> dict[str, object]:
    return {"voice": one.voice.value, "r": one.r, "low": one.low, "high": one.high, "n": len(one.answers)}


def _suspicion_numbers(one: Suspicion) -> dict[str, object]:
    return {"what": one.what.value, "p": one.p, "adjusted": one.adjusted, "alarming": one.is_alarming, **one.numbers}
