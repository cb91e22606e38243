"""What answers take: time in all and per stage, tokens, money.

A percentile's interval is that of order statistics: the ranks between which the true one lies in 95 % of samples,
n·p ± 1.96 √(n·p·(1-p)) (Conover, 1999, §3.2); where a rank falls outside of the sample there is none. Money is recorded
only where every answer of a window that asked a model has a price: nothing is guessed. Pure.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from flywheel.measurement.averages import Ground, Ratio
from flywheel.registry import Record
from flywheel.store.ledger import Exchange

_Z = 1.959964
_TOTAL = "total"
_PERCENTILES = ((0.5, "stage_p50_ms"), (0.95, "stage_p95_ms"))


def stages(exchanges: Sequence[Exchange], ground: Ground) -> list[Record]:
    """Return the median and the 95th percentile of each stage's time."""
    took: dict[str, list[float]] = defaultdict(list)
    for one in exchanges:
        for stage, spent in one.answer.timings_ms.items():
            if stage != _TOTAL:
                took[stage].append(spent)
    return [record for stage, values in sorted(took.items()) for record in _of_stage(stage, values, ground)]


def percentile(values: Sequence[float], share: float) -> tuple[float, float | None, float | None]:
    """Return a percentile of at least one value, and the ends of its 95 % interval; `share` lies in (0, 1)."""
    ordered, n = sorted(values), len(values)
    wide = _Z * math.sqrt(n * share * (1 - share))
    low, high = math.floor(n * share - wide), math.ceil(n * share + wide)
    ends = (ordered[low - 1] if low >= 1 else None, ordered[high - 1] if high <= n else None)
    return float(np.percentile(ordered, 100 * share)), *(ends if None not in ends else (None, None))


def usage(exchanges: Sequence[Exchange]) -> list[Ratio]:
    """Return tokens and money per answer, over all answers: one that asked no model took none."""
    told = [one.answer.usage or {} for one in exchanges]
    asked = [one for one in told if one]
    if not asked:
        return []
    ones = np.ones(len(told))
    made = []
    if all(one.get("prompt_tokens") is not None for one in asked):
        made.append(Ratio("tokens_per_answer", np.array([_tokens(one) for one in told]), ones))
    if all(one.get("cost") is not None for one in asked):
        made.append(Ratio("cost_per_answer", np.array([_number(one.get("cost")) for one in told]), ones))
    return made


def _of_stage(stage: str, values: Sequence[float], ground: Ground) -> Iterator[Record]:
    for share, metric in _PERCENTILES:
        value, low, high = percentile(values, share)
        segment = f"stage:{stage}"
        yield Record(ground.at, metric, value, len(values), low, high, segment, ground.dataset, ground.dataset_hash)


def _tokens(spent: object) -> float:
    assert isinstance(spent, dict)
    return _number(spent.get("prompt_tokens")) + _number(spent.get("completion_tokens"))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
