"""The off-policy estimates against a real log whose other policy's value is known (Open Bandit Dataset, men).

The data is no part of this repository: FLYWHEEL_DATA names the folder that holds `obd_men`. Without it the estimates
are checked in `tests/unit/learning/test_off_policy.py`, against values known in closed form.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from flywheel.learning.off_policy import Estimate
from tests.benchmarks.off_policy import Impression, estimated, read, shares

FOLDER = Path(os.environ.get("FLYWHEEL_DATA", "")) / "obd_men"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="set FLYWHEEL_DATA to the folder that holds obd_men")


@pytest.fixture(scope="module")
def logs() -> dict[str, list[Impression]]:
    """Return both policies' logs: one that chose at random, and Thompson sampling."""
    return {name: read(FOLDER / f"{name}.csv.gz.gz") for name in ("random", "bts")}


def known(log: list[Impression]) -> float:
    """Return the click rate that a policy really had."""
    return float(np.mean([one.clicked for one in log]))


@pytest.mark.parametrize(("policy", "log"), [("bts", "random"), ("random", "bts")])
def test_both_intervals_hold_the_known_click_rate(logs: dict[str, list[Impression]], policy: str, log: str) -> None:
    found = estimated(logs[log], shares(logs[policy]))

    assert all(one.low <= known(logs[policy]) <= one.high for one in found)


def test_both_estimates_are_nearer_to_it_than_the_log_itself(logs: dict[str, list[Impression]]) -> None:
    truth, found = known(logs["bts"]), estimated(logs["random"], shares(logs["bts"]))

    assert all(abs(one.value - truth) < abs(one.logged - truth) for one in found)


def test_ten_thousand_rows_say_what_three_thousand_of_the_targets_own_would(
    logs: dict[str, list[Impression]],
) -> None:
    snips: Estimate = estimated(logs["random"], shares(logs["bts"]))[0]

    assert 2_000 < snips.effective < 4_000
