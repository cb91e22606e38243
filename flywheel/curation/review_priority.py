"""Which item to ask about first: what would most change the gate's next decision.

Each verdict of a turn lists both sides' score for every held-out question. If the label behind question q is turned
round, what ranked its target higher was wrong to, so its difference d_q = challenger - champion changes sign and the
mean difference moves by -2 d_q / n. The gate's boundary is where p equals the level, |z(level) - z(p)| standard errors
away, a standard error being the interval's width / 3.92. The *influence* of an item is how far it moves the mean
towards the boundary, divided by that distance; from about 1 on it changes the decision by itself. What moves the mean
away only confirms the decision, and has none.

What no decision hangs on comes after, by uncertainty times volume, each in [0, 1]: uncertainty is 4 b (1 - b) of the
belief, and volume n / (n + 1) of how often the question was asked. Surprising: this takes a label's effect for a
change of sign, as the turn keeps scores and not ranks; the next turn computes what really follows.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist

from flywheel.store import answers, corrections, review_volume
from flywheel.store.database import Session
from flywheel.store.reviews import ReviewItem, ReviewKind

GATE = 10.0
"""An item that moves a decision a tenth of its way to the boundary comes before all that no decision hangs on."""
MOST_INFLUENCE = 100.0
_LEAST = 0.001
"""No ranked item has the priority 0, which says that nobody has ranked it yet."""
_INTERVAL_WIDTH = 2 * 1.959964
_TINY = 1e-9


def ranked(db: Session, items: Sequence[ReviewItem], evidence: Mapping[str, object]) -> dict[str, float]:
    """Return the priorities of items by id, after the last turn's evidence (empty where there was no turn)."""
    about = {one.id: question for one in items if (question := _question_of(db, one)) is not None}
    influences = gate_influences(evidence)
    asked = review_volume.times_asked(db, set(about.values()))
    return {
        one.id: priority(one, influences.get(about.get(one.id, ""), 0.0), asked.get(about.get(one.id, ""), 0))
        for one in items
    }


def priority(item: ReviewItem, influence: float, volume: int) -> float:
    """Return an item's priority from the influence on the gate and how often its question was asked."""
    count = max(volume, _acts(item))
    base = _uncertainty(item) * count / (count + 1)
    return max(_LEAST, GATE * min(influence, MOST_INFLUENCE) + base)


def gate_influences(evidence: Mapping[str, object]) -> dict[str, float]:
    """Return the largest influence that turning a question's label round has on any decision, by question id."""
    learners = evidence.get("learners")
    shared = evidence.get("heldout")
    found: dict[str, float] = {}
    for told in learners.values() if isinstance(learners, Mapping) else ():
        if isinstance(told, Mapping):
            for question, influence in _influences(told, told.get("heldout", shared)):
                found[question] = max(found.get(question, 0.0), influence)
    return found


def _influences(told: Mapping[str, object], heldout: object) -> Iterable[tuple[str, float]]:
    """Yield the held-out questions of one verdict with their influence; none where nothing could be tested."""
    scores, decision = told.get("per_question"), _decision(told)
    if decision is None or not isinstance(scores, Mapping) or not isinstance(heldout, Mapping):
        return
    questions = [str(one) for one in heldout["question_ids"]]
    pairs = zip(scores["champion"], scores["challenger"], strict=True)
    differences = [float(challenger) - float(champion) for champion, challenger in pairs]
    passed, distance = decision
    for question, difference in zip(questions, differences, strict=True):
        towards = 2 * difference / len(differences) * (1 if passed else -1)
        yield question, max(0.0, towards) / max(distance, 1e-9)


def _decision(told: Mapping[str, object]) -> tuple[bool, float] | None:
    """Return whether p is below the level, and how far the mean is from where it would equal it; None if untested."""
    low, high, p, level = (told.get(name) for name in ("low", "high", "p_adjusted", "level"))
    if not told.get("tested") or not isinstance(low, float) or not isinstance(high, float):
        return None
    if not isinstance(p, float) or not isinstance(level, float):
        return None
    z = [NormalDist().inv_cdf(1 - min(max(one, _TINY), 1 - _TINY)) for one in (level, p)]
    return p < level, abs(z[0] - z[1]) * (high - low) / _INTERVAL_WIDTH


def _question_of(db: Session, item: ReviewItem) -> str | None:
    named = item.detail.get("question_id")
    if isinstance(named, str):
        return named
    answer_id = item.answer_id
    if item.kind is ReviewKind.CORRECTION:
        correction = corrections.find(db, item.subject)
        answer_id = correction.answer_id if correction else None
    answer = answers.find(db, answer_id) if answer_id else None
    return answer.question_id if answer else None


def _uncertainty(item: ReviewItem) -> float:
    """Return how little is known, in [0, 1]; where people contradict each other or wait for a word, nothing is."""
    if item.kind is ReviewKind.SAMPLE or item.kind is ReviewKind.JUDGE_SAMPLE:
        return _variance(item.detail.get("confidence"))
    if item.kind is ReviewKind.DOUBTED:
        return _variance(item.detail.get("belief"))
    if item.kind is ReviewKind.QUARANTINE:
        return _variance(item.detail.get("trust"))
    return 1.0


def _variance(belief: object) -> float:
    value = float(belief) if isinstance(belief, int | float) else 0.5
    return max(0.0, 4 * value * (1 - value))


def _acts(item: ReviewItem) -> int:
    """Return how much an item is about beside how often something was asked: at least itself."""
    if item.kind is ReviewKind.QUARANTINE:
        told = [item.detail.get(name) for name in ("agreed", "disagreed")]
        return max(1, round(sum(float(one) for one in told if isinstance(one, int | float))))
    count = item.detail.get("count")
    return max(1, count) if isinstance(count, int) else 1
