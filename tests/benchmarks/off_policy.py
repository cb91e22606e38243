"""Do the off-policy estimates find the known value of a policy that did not write the log?

    python -m tests.benchmarks.off_policy --data FOLDER

`FOLDER` holds obd_men: 10,000 impressions of a policy that chose at random and 10,000 of Thompson sampling, over the
same people and the same three places on the page, with true propensities. Each policy's click rate is estimated from
the other's log and compared with the rate that it had. A policy's probabilities are the shares of its own log by
place; Thompson sampling's move over the week, so the shares are what it did on the whole.
"""

import argparse
import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flywheel.learning.off_policy import Estimate, Logged, Mix, estimates
from tests.benchmarks.corpora import say


@dataclass(frozen=True, slots=True)
class Impression:
    """One item shown at one of three places, with the probability that it had, and whether it was clicked."""

    item: str
    place: str
    clicked: float
    propensity: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data
    logs = {name: read(folder / f"{name}.csv.gz.gz") for name in ("random", "bts")}
    say("policy | from the log of | method | clicks in 1,000 | 95 % interval | truth | logged | effective n | clipped")
    for policy, log in (("bts", "random"), ("random", "bts"), ("random", "random"), ("bts", "bts")):
        truth = float(np.mean([one.clicked for one in logs[policy]]))
        for one in estimated(logs[log], shares(logs[policy])):
            say(line(policy, log, one, truth))


def estimated(log: Sequence[Impression], policy: Mapping[str, Mix]) -> tuple[Estimate, Estimate]:
    """Return both estimates of a policy's click rate from another one's log; `policy` is by place."""
    rows = [Logged(one.item, one.clicked, one.propensity, policy[one.place], one.place) for one in log]
    return estimates(rows, np.random.default_rng(1))


def shares(log: Sequence[Impression]) -> dict[str, Mix]:
    """Return a policy's probability of each item by place, from the share of its own log, which needs no model.

    Items that a place never showed have none.
    """
    shown: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in log:
        shown[one.place][one.item] += 1
    return {place: {item: n / sum(items.values()) for item, n in items.items()} for place, items in shown.items()}


def read(path: Path) -> list[Impression]:
    """Return a log, oldest first; the file is compressed once or twice."""
    raw = gzip.decompress(path.read_bytes())
    text = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    rows = csv.DictReader(io.StringIO(text.decode("utf-8")))
    return [
        Impression(row["item_id"], row["position"], float(row["click"]), float(row["propensity_score"])) for row in rows
    ]


def line(policy: str, log: str, one: Estimate, truth: float) -> str:
    """Return one line of the table."""
    rate = f"{1_000 * one.value:.2f} | {1_000 * one.low:.2f} to {1_000 * one.high:.2f} | {1_000 * truth:.2f}"
    return f"{policy} | {log} | {one.method} | {rate} | {1_000 * one.logged:.2f} | {one.effective:.0f} | {one.clipped}"


if __name__ == "__main__":
    main()
