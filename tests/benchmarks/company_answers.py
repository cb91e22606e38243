"""Ask the sample company's questions through the whole pipeline, and count right, wrong and missing answers.

    python -m tests.benchmarks.company_answers [--verbose] [--home FOLDER]

An answer is *right* when its text has every word of `answer_contains`; a question that no document answers is right
when the bot abstains. Each question is asked by somebody who may read its document, and alone; private questions are
also asked by somebody who may not, who should get no answer. Three sets are counted apart: the questions, the first
paraphrase of each, and the others, which are *held out*: nobody looks at how they fail, so nothing is tuned to them.
"""

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import yaml

from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.gateways.encoder import open_encoder
from flywheel.gateways.exact_scan import ExactScan
from flywheel.gateways.picture_reader import RapidPictureReader
from flywheel.gateways.tantivy_index import TantivyIndex
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.learning import first_router
from flywheel.model import PUBLIC, Answer, Audience, Surface
from flywheel.ports import Reach, Standing
from flywheel.store.database import Database

HELD_OUT = "paraphrases held out"
COMPANY = Path(__file__).parents[2] / "bot" / "simulator" / "company"


@dataclass(frozen=True)
class Case:
    """One wording of one question."""

    text: str
    wanted: tuple[str, ...]
    document: str | None
    audience: str
    kind: str


class NoDirectory:
    """Nobody is in any channel."""

    def channels_of(self, person: str) -> frozenset[str]:
        return frozenset()

    def members_of(self, channel: str) -> frozenset[str] | None:
        return None

    def standing_of(self, person: str) -> Standing:
        return Standing.UNKNOWN

    def reach_of(self, channel: str) -> Reach:
        return Reach.COMPANY


def open_core(home: Path) -> Core:
    """Return a core with the bundled encoder and small indexes, its database in `home`."""
    database = Database(f"sqlite:///{home / 'benchmark.db'}")
    database.migrate()
    encoder = open_encoder()
    return Core(
        database=database,
        encoder=encoder,
        vectors=ExactScan(database, encoder.name, encoder.dimensions),
        words=TantivyIndex(database),
        directory=NoDirectory(),
        language_model=None,
        now=lambda: datetime.now(UTC),
        rng=Random(1),
        admins=frozenset({"U0PRIYA"}),
        picture_reader=RapidPictureReader(),
    )


def cases(company: Mapping[str, Any]) -> Iterator[tuple[str, Case]]:
    """Yield every wording of the questions of company.yaml with the name of its set."""
    for entry in company["questions"]:
        wanted = tuple(str(word) for word in entry.get("answer_contains") or ())
        sets = ["questions", "paraphrases", *[HELD_OUT] * (len(entry["paraphrases"]) - 1)]
        for name, text in zip(sets, [entry["question"], *entry["paraphrases"]], strict=True):
            yield name, Case(text, wanted, entry["document"], entry["audience"], entry.get("kind", ""))
            if entry["audience"] != PUBLIC:
                yield name, Case(text, (), None, PUBLIC, "outsider")


def answered(core: Core, case: Case, number: int) -> Answer:
    """Ask one question as somebody who may read its document."""
    audience = Audience(frozenset({PUBLIC, case.audience}))
    return ask(core, Asking(case.text, "U0TEST", Surface.TERMINAL, audience, f"q{number}-{time.time_ns()}"))


def outcome(case: Case, answer: Answer) -> str:
    """Return right, wrong or abstained; for an unanswerable question abstaining is right."""
    if case.document is None:
        return "right" if answer.abstained else "wrong"
    if answer.abstained:
        return "abstained"
    said = _bare(answer.text)
    return "right" if all(_bare(word) in said for word in case.wanted) else "wrong"


def main(arguments: Sequence[str]) -> None:
    """Print the counts and the time per question, and with --verbose every answer that was not right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--home", type=Path)
    options = parser.parse_args(arguments)
    home = options.home or Path(tempfile.mkdtemp())
    home.mkdir(parents=True, exist_ok=True)
    core = open_core(home)
    report = ingest(core, [COMPANY], None, Silence())
    _say(f"{report.added + report.unchanged} documents, {report.passages} passages, refused: {len(report.refused)}")
    first_router.train(core)
    company = yaml.safe_load((COMPANY / "company.yaml").read_text(encoding="utf-8"))
    counts: Counter[tuple[str, str, str]] = Counter()
    seconds = []
    for number, (name, case) in enumerate(cases(company)):
        began = time.process_time()
        answer = answered(core, case, number)
        seconds.append(time.process_time() - began)
        result = outcome(case, answer)
        counts[name, "unanswerable" if case.document is None else "answerable", result] += 1
        if options.verbose and result != "right" and name != HELD_OUT:
            _say(f"\n[{result}] ({case.kind}) {case.text}  ·  wanted {case.wanted} in {case.document}")
            _say(f"    {answer.confidence:.2f} {[one.external_id for one in answer.citations]}\n    {answer.text}")
    _summarise(counts)
    _say(f"processor time per question: median {median(seconds) * 1e3:.0f} ms, longest {max(seconds) * 1e3:.0f} ms")


def _summarise(counts: Mapping[tuple[str, str, str], int]) -> None:
    for group in dict.fromkeys(key[:2] for key in counts):
        shares = {key[2]: count for key, count in sorted(counts.items()) if key[:2] == group}
        total = sum(shares.values())
        _say(f"{', '.join(group)}: {total} asked, {shares}, right {shares.get('right', 0) / total:.1%}")


def _bare(text: str) -> str:
    return re.sub(r"[\s,]+", " ", text.lower())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
