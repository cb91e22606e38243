"""The report's part about the review queue: what was judged, how right sampled answers were, how reviewers agree.

What counts are verdicts that stood at the window's `seen`, so that one taken back later does not change the report.
Agreement is between the first two reviewers of items that wanted two; neither had seen what the other said.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from flywheel.curation.review_deciding import settled
from flywheel.curation.review_guidelines import CANNOT_TELL, RIGHT
from flywheel.measurement.kappa import Agreement, agreement
from flywheel.measurement.section import Line, Section
from flywheel.measurement.week import Share, share
from flywheel.measurement.window import Window
from flywheel.store import corrections, review_verdicts, reviews
from flywheel.store.database import Session
from flywheel.store.review_verdicts import ReviewVerdict
from flywheel.store.reviews import ReviewItem, ReviewKind

KEY, TITLE = "review", "Review"
ENOUGH = 10
"""Pairs from which on kappa is told; of fewer, its interval spans nearly everything."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = {
    ReviewKind.DOUBTED: ("doubted label", "doubted labels"),
    ReviewKind.QUARANTINE: ("person in quarantine", "people in quarantine"),
    ReviewKind.ALARM: ("alarm", "alarms"),
    ReviewKind.DISAGREEMENT: ("disagreement", "disagreements"),
    ReviewKind.JUDGE_SAMPLE: ("answer of the judge's sample", "answers of the judge's sample"),
    ReviewKind.SAMPLE: ("answer drawn by chance", "answers drawn by chance"),
    ReviewKind.CORRECTION: ("suggested answer", "suggested answers"),
}
Judged = tuple[ReviewItem, list[ReviewVerdict]]


def told(db: Session, window: Window) -> Section:
    """Return the section; its numbers count verdicts of the window, agreement all up to the window's `seen`."""
    every = _by_item(review_verdicts.as_of(db, _EVER, window.seen))
    ours = [one for one in every if _verdicts_within([one], window)]
    waiting = _waiting(db, every, window.seen)
    sampled = {item.answer_id or "": word for item, said in ours if (word := _word(item, said)) is not None}
    silent = tuple(sorted(item.answer_id or "" for item, _ in ours if item.answer_id in sampled and _is_silent(item)))
    agreed = {kind: agreement(pairs, f"{window.period} {kind}") for kind, pairs in sorted(_pairs(every).items())}
    lines = [
        _counted(ours, _verdicts_within(ours, window), waiting),
        *_sample("drawn by chance and judged", sampled),
        *_sample("that nobody had voted on", {one: sampled[one] for one in silent}),
        *(_agreed(kind, one) for kind, one in agreed.items()),
    ]
    counts = {"verdicts": _verdicts_within(ours, window), **_numbers(ours, waiting, (sampled, silent), agreed)}
    return Section(KEY, TITLE, tuple(lines), counts)


def _by_item(said: Sequence[tuple[ReviewVerdict, ReviewItem]]) -> list[Judged]:
    found: dict[str, Judged] = {}
    for verdict, item in said:
        found.setdefault(item.id, (item, []))[1].append(verdict)
    return list(found.values())


def _waiting(db: Session, every: Sequence[Judged], seen: datetime) -> Counter[ReviewKind]:
    """Return how much waited at a moment, by kind; whether a suggestion did, its own row says."""
    decided = [item for item, said in every if settled(said, item.wanted, ()) is not None]
    done = {one.id for one in decided} | {one.answer_id for one in decided if one.answer_id}
    unseen = [one for one in reviews.unseen(db, seen) if one.id not in done and one.answer_id not in done]
    told = _NAMES.keys() - {ReviewKind.CORRECTION}
    counts = Counter[ReviewKind](one.kind for one in unseen if one.kind in told)
    undecided = (one for one in corrections.every(db) if one.reviewed_at is None or one.reviewed_at > seen)
    counts.update(ReviewKind.CORRECTION for one in undecided if one.at <= seen)
    return counts


def _verdicts_within(judged: Sequence[Judged], window: Window) -> int:
    """Return how many of the verdicts were said within a window."""
    return sum(window.start <= one.at < window.end for _, said in judged for one in said)


def _word(item: ReviewItem, said: Sequence[ReviewVerdict]) -> str | None:
    """Return what was found of an answer of the weekly sample, or None where reviewers differ or cannot tell."""
    if item.kind is not ReviewKind.SAMPLE or (len(said) == 2 and said[0].verdict != said[1].verdict):
        return None
    return None if said[-1].verdict == CANNOT_TELL else said[-1].verdict


def _is_silent(item: ReviewItem) -> bool:
    """Tell whether nobody had voted on a sampled answer when it was drawn."""
    return item.kind is ReviewKind.SAMPLE and not item.detail.get("votes")


def _pairs(every: Sequence[Judged]) -> dict[ReviewKind, list[tuple[str, str]]]:
    pairs: dict[ReviewKind, list[tuple[str, str]]] = defaultdict(list)
    for item, said in every:
        if item.wanted >= 2 and len(said) >= 2:
            pairs[item.kind].append((said[0].verdict, said[1].verdict))
    return pairs


def _counted(ours: Sequence[Judged], verdicts: int, waiting: Mapping[ReviewKind, int]) -> Line:
    answers = tuple(sorted({item.answer_id for item, _ in ours if item.answer_id}))
    did = f"{_many(len(ours), 'item was', 'items were')} judged" if ours else "Nobody reviewed anything"
    extra = f", {verdicts} verdicts in all" if verdicts > len(ours) else ""
    rest = ", ".join(_many(count, *_NAMES[kind]) for kind, count in sorted(waiting.items()))
    wait = f"{_many(sum(waiting.values()), 'waits', 'wait')}: {rest}" if rest else "none waits"
    return Line(f"{did}{extra}; {wait}.", answers)


def _sample(what: str, words: Mapping[str, str]) -> list[Line]:
    if not words:
        return []
    right = _right(words)
    return [Line(f"Of {_many(right.total, 'answer', 'answers')} {what}, {_share(right)} right.", tuple(sorted(words)))]


def _agreed(kind: ReviewKind, found: Agreement) -> Line:
    said = (
        f"Two reviewers of the same {_NAMES[kind][1]} said the same in {found.equal.count} of {found.equal.total} cases"
    )
    if found.equal.total < ENOUGH:
        return Line(f"{said}: too few to tell how well they agree.")
    if found.kappa is None:
        return Line(f"{said}, always with the same verdict, so kappa says nothing.")
    ends = "" if found.low is None or found.high is None else f", 95 % interval {found.low:.2f} to {found.high:.2f}"
    return Line(f"{said} (kappa {found.kappa:.2f}, {found.words}{ends}).")


def _right(words: Mapping[str, str]) -> Share:
    return share(sum(one == RIGHT for one in words.values()), len(words))


def _share(one: Share) -> str:
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    was = "was" if one.count == 1 else "were"
    return f"{one.count} ({100 * one.value:.0f} %, 95 % interval {100 * one.low:.0f} to {100 * one.high:.0f} %) {was}"


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _numbers(
    ours: Sequence[Judged],
    waiting: Mapping[ReviewKind, int],
    samples: tuple[Mapping[str, str], Sequence[str]],
    agreed: Mapping[ReviewKind, Agreement],
) -> dict[str, object]:
    sampled, silent = samples
    return {
        "judged": {kind.value: count for kind, count in sorted(Counter(item.kind for item, _ in ours).items())},
        "waiting": {kind.value: count for kind, count in sorted(waiting.items())},
        "sampled": _plain(_right(sampled)),
        "sampled_without_votes": _plain(_right({one: sampled[one] for one in silent})),
        "agreement": {
            kind.value: {**_plain(one.equal), "kappa": one.kappa, "kappa_low": one.low, "kappa_high": one.high}
            for kind, one in agreed.items()
        },
    }


def _plain(one: Share) -> dict[str, object]:
    return {"count": one.count, "n": one.total, "value": one.value, "low": one.low, "high": one.high}
