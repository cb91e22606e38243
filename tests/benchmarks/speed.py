"""How long from a question to its ranked passages, as a multiple of embedding the question.

    python -m tests.benchmarks.speed --data FOLDER [--limit-corpus 10000] [--queries 200]

The promise is at most 2, at 10,000 and at 100,000 passages. Embedding alone and the whole shortlist (k = 40) alternate
question by question, so that whatever else the machine does hits both. No result is kept between questions, and a
commit lies between any two of them, as in a running bot, which stores every answer.
"""

import argparse
import time
from pathlib import Path
from tempfile import gettempdir

import numpy as np

from flywheel.core import Core
from flywheel.gateways.encoder import open_encoder
from flywheel.model import Audience
from flywheel.retrieval.search import shortlist
from flywheel.store import audit
from tests.benchmarks import corpora
from tests.benchmarks.corpora import say
from tests.benchmarks.rooms import room

_WARM = 20


def main() -> None:
    """Measure one data folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit-corpus", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--cache", type=Path, default=Path(gettempdir()) / "flywheel-benchmarks")
    given = parser.parse_args()
    corpus = corpora.read(given.data, open_encoder(), given.cache, given.limit_corpus)
    texts = [query.text for query in corpus.queries][: given.queries + _WARM]
    with room(corpus) as core:
        for line in measured(core, texts):
            say(line)


def measured(core: Core, texts: list[str]) -> list[str]:
    """Return the lines of the report."""
    encoding, whole, encoding_cpu, whole_cpu = [], [], [], []
    stages: dict[str, list[float]] = {}
    for text in texts:
        commit(core)
        started, cpu = time.perf_counter(), time.process_time()
        core.encoder.encode([text])
        encoding.append((time.perf_counter() - started) * 1e3)
        encoding_cpu.append((time.process_time() - cpu) * 1e3)
        started, cpu = time.perf_counter(), time.process_time()
        found = shortlist(core, text, Audience.everyone())
        whole.append((time.perf_counter() - started) * 1e3)
        whole_cpu.append((time.process_time() - cpu) * 1e3)
        for stage, spent in found.timings_ms.items():
            stages.setdefault(stage, []).append(spent)
    ratios = np.array(whole[_WARM:]) / np.array(encoding[_WARM:])
    low, middle, high = np.percentile(ratios, [25, 50, 75])
    parts = ", ".join(f"{stage} {np.median(spent[_WARM:]):.2f}" for stage, spent in stages.items())
    return [
        f"embedding {np.median(encoding[_WARM:]):.2f} ms, shortlist {np.median(whole[_WARM:]):.2f} ms",
        f"ratio of medians {np.median(whole[_WARM:]) / np.median(encoding[_WARM:]):.2f}, of CPU time"
        f" {np.median(whole_cpu[_WARM:]) / np.median(encoding_cpu[_WARM:]):.2f}",
        f"ratio per question: median {middle:.2f}, middle half {low:.2f} to {high:.2f}, n = {len(ratios)}",
        f"stages, median ms: {parts}",
    ]


def commit(core: Core) -> None:
    """Commit something that no question reads."""
    with core.database.begin() as db:
        audit.put(db, "U1", "ask", "speed", core.now())


if __name__ == "__main__":
    main()
