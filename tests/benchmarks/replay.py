"""What do noise and attackers cost? The same weeks are replayed with other people.

    python -m tests.benchmarks.replay --data DATA/banking77 --listed 10 --weeks 12 --scenarios clean,noisy,attacked

Prints a line per scenario: held-out figures before and after, what came to serve and what was taken back, and the weeks
that made anything significantly worse. `--json FOLDER` keeps each scenario's weeks.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.replay.home import opened
from flywheel.measurement.replay import material, telling
from flywheel.measurement.replay.clock import Clock
from flywheel.measurement.replay.habits import Attack, Habits
from flywheel.measurement.replay.weeks import Script, Week, play
from tests.benchmarks.corpora import say

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
SCENARIOS: Mapping[str, Mapping[str, object]] = {
    "clean": {"noise": 0.0},
    "usual": {"noise": 0.2},
    "noisy": {"noise": 0.3},
    "attacked": {"noise": 0.2, "attackers": 0.1},
    "inverted": {"noise": 0.2, "attackers": 0.1, "attack": Attack.INVERT},
}
_SHOWN = ("ndcg_at_10", "recall_at_1", "satisfied", "verified_wrong")


def main() -> None:
    """Replay every scenario."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scenarios", default=",".join(SCENARIOS))
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--listed", type=int, default=0)
    parser.add_argument("--reviewed", type=float, default=0.5)
    parser.add_argument("--heldout", type=int, default=200)
    parser.add_argument("--corpus", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    read = material.read(given.data, documents=given.corpus, heldout=given.heldout, rng=Random(given.seed))
    say("scenario | " + " | ".join(f"{one} before, after" for one in _SHOWN) + " | served | worse in weeks")
    for name in given.scenarios.split(","):
        habits = Habits(questions=given.questions, listed=given.listed, reviewed=given.reviewed)
        script = Script(read, replace(habits, **SCENARIOS[name]), given.seed)  # type: ignore[arg-type]  # fields by name
        weeks = replayed(script, given.weeks)
        say(row(name, weeks))
        if given.json is not None:
            told = json.dumps(telling.content(script, weeks), indent=1)
            (given.json / f"{given.data.name}-{name}.json").write_text(told, encoding="utf-8")


def replayed(script: Script, count: int) -> list[Week]:
    """Play so many weeks in a temporary data folder."""
    clock, weeks = Clock(MONDAY), []
    with opened(script, clock, None, here=False) as core:
        for week in play(core, clock, script, lambda _: None):
            weeks.append(week)
            if week.number == count:
                break
    return weeks


def row(name: str, weeks: list[Week]) -> str:
    """Return one row of the table."""
    first, last = weeks[0].measured, weeks[-1].measured
    figures = [f"{first.mean(one):.3f}, {last.mean(one):.3f}" for one in _SHOWN]
    served = [f"{one.number}: {done}" for one in weeks if (done := "; ".join([*telling.released(one), *one.watched]))]
    bad = ", ".join(map(str, telling.worse(weeks))) or "none"
    return " | ".join([name, *figures, "; ".join(served) or "nothing", bad])


if __name__ == "__main__":
    main()
