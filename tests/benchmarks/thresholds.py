"""How often thresholds raise a false alarm, and how soon they see a drop: `python -m tests.benchmarks.thresholds 20`.

In each world of `voting_world.py` thresholds are proposed from eight weeks and confirmed as they are. Then twenty quiet
weeks are looked at every six hours, on the newest seven days, as the running bot does every ten minutes; and other
worlds in which the share of good answers falls from 75 to 50 %, or to 35 %.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from flywheel.measurement.baselines import About, counted
from flywheel.measurement.breaches import is_breach
from flywheel.measurement.proposals import is_wanted, of_weeks
from flywheel.measurement.window import Window
from flywheel.store.thresholds import Threshold, ThresholdState
from tests.unit.measurement.voting_world import WEEK, World, together, week

BASELINE, QUIET = 8, 20
EVERY = timedelta(hours=6)


def confirmed(weeks: Sequence[Window]) -> dict[About, Threshold]:
    """Return what these weeks propose, in force."""
    seen = [{one.about: one for one in counted(window)} for window in weeks]
    abouts = {about for some in seen for about in some if is_wanted(*about)}
    made = [of_weeks([some[about] for some in seen if about in some]) for about in sorted(abouts)]
    at = weeks[-1].end
    return {
        (one.metric, one.segment): Threshold(
            one.metric, one.segment, one.bound, one.value, ThresholdState.CONFIRMED, "U9", "so", at, one.baseline
        )
        for one in made
        if one is not None
    }


def rolling(weeks: Sequence[Window]) -> Iterator[Window]:
    """Yield the newest seven days of some weeks, every six hours, as they are seen then."""
    whole = together(weeks)
    end = weeks[0].end
    while end <= weeks[-1].end:
        yield _until(whole, end)
        end += EVERY


def episodes(standing: Mapping[About, Threshold], windows: Iterator[Window]) -> list[tuple[About, datetime]]:
    """Return every breach that begins, and when."""
    lasting: set[About] = set()
    found = []
    for window in windows:
        for one in counted(window):
            threshold = standing.get(one.about)
            if threshold is None:
                continue
            if one.about not in lasting and is_breach(threshold, one):
                lasting.add(one.about)
                found.append((one.about, window.end))
            elif one.is_enough and not threshold.is_worse(one.estimate.value):
                lasting.discard(one.about)
    return found


def world(seed: int, questions: int, good: float) -> tuple[dict[About, Threshold], list[Window]]:
    """Return a world's thresholds and the weeks after them, of which so many answers are good."""
    rng, usual = Random(seed), World(questions=questions)
    before = [week(rng, number, usual) for number in range(BASELINE)]
    after = [week(rng, BASELINE + number, replace(usual, good=good)) for number in range(QUIET if good == 0.75 else 3)]
    return confirmed(before), [before[-1], *after]


def main(seeds: int) -> None:
    """Print the rates."""
    for questions in (150, 400):
        runs = [world(seed, questions, 0.75) for seed in range(seeds)]
        rung = [episodes(standing, rolling(weeks)) for standing, weeks in runs]
        by = Counter(about for one in rung for about, _ in one)
        limits = sum(len(standing) for standing, _ in runs) / seeds
        sys.stdout.write(
            f"{questions} a week, quiet: {sum(map(len, rung))} alarms in {seeds * QUIET} weeks of {limits:.1f} "
            f"thresholds, {sum(len(one) > 1 for one in rung)} of {seeds} worlds had more than one {dict(by)}\n"
        )
        for good in (0.5, 0.35):
            days = [_days(*world(1_000 + seed, questions, good)) for seed in range(seeds)]
            seen = sorted(one for one in days if one is not None)
            middle = f", after {seen[len(seen) // 2]:.1f} days at the median" if seen else ""
            sys.stdout.write(f"{questions} a week, {good:.0%} good: found {len(seen)} of {seeds} in 3 weeks{middle}\n")


def _days(standing: Mapping[About, Threshold], weeks: Sequence[Window]) -> float | None:
    rung = episodes(standing, rolling(weeks))
    return (rung[0][1] - weeks[0].end) / timedelta(days=1) if rung else None


def _until(whole: Window, end: datetime) -> Window:
    start = end - WEEK
    exchanges = tuple(one for one in whole.exchanges if start <= one.question.asked_at < end)
    about = {one.answer.id: [did for did in whole.about[one.answer.id] if did.at <= end] for one in exchanges}
    return replace(whole, start=start, end=end, seen=end, exchanges=exchanges, about=about)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
