"""Ask sixty questions of real tables and count exact, missing and wrong answers, without a language model.

    python -m tests.benchmarks.table_answers --data FOLDER [--distractors 200] [--verbose]

`FOLDER` is the data folder `fetaqa`; the questions stand beside this module in `table_questions.jsonl`, one table each,
written before anything was tuned. The first thirty were used for tuning, the last thirty measured; one look at which of
those got no answer came before periods ("in office in 2005") were understood, which is worth one of them. Every
question is asked twice: *given* its table at the top of the shortlist, and with what search *found* among all tables.
The tables and as many distractors as asked for come in through the real ingest, with the bundled encoder.

An answer is *exact* when the values at the end of its first sentence are an accepted answer and nothing else; a
question that its table cannot answer is *exact* when nothing is answered. *Sure and wrong* is wrong with a confidence
of .5 or more, *wrong* with less; all are shares of all questions.
"""

import argparse
import gzip
import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from flywheel.answering.tabular import write
from flywheel.answering.written import Written
from flywheel.core import Core
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import Audience, Hit
from flywheel.retrieval.search import shortlist
from flywheel.store import passages
from tests.benchmarks.company_answers import open_core
from tests.benchmarks.corpora import say

QUESTIONS = Path(__file__).with_name("table_questions.jsonl")
TUNED_ON = 30
SURE = 0.5
OUTCOMES = ("exact", "abstained", "wrong", "sure and wrong")

Answers = Sequence[str | list[str]]


HitsOf = Callable[["Case"], Sequence[Hit]]


@dataclass(frozen=True)
class Case:
    """A question of one table. An accepted answer is a value, or a list of values that all belong to it."""

    table: str
    question: str
    answers: Answers
    kind: str


def main() -> None:
    """Ask, count, print."""
    asked = _arguments()
    cases = [Case(**json.loads(line)) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    with _room(asked.data, {case.table for case in cases}, asked.distractors) as core:
        for name, hits_of in (("given the table", _given(core)), ("found by search", _found(core))):
            outcomes = [(case, _outcome(core, case, hits_of(case), verbose=asked.verbose)) for case in cases]
            for part, chosen in (
                ("all", outcomes),
                ("tuned on", outcomes[:TUNED_ON]),
                ("only measured", outcomes[TUNED_ON:]),
            ):
                say(f"{name}, {part}: {_shares([outcome for _, outcome in chosen])}")
            for kind in sorted({case.kind for case in cases}):
                say(f"    {kind:11s} {_shares([outcome for case, outcome in outcomes if case.kind == kind])}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--distractors", type=int, default=200)
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


@contextmanager
def _room(data: Path, wanted: set[str], distractors: int) -> Iterator[Core]:
    """Ingest the tables of the questions and some others into a fresh core."""
    with gzip.open(data / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = list(file)
    own = [line for line in lines if json.loads(line)["_id"] in wanted]
    others = Random(0).sample([line for line in lines if json.loads(line)["_id"] not in wanted], distractors)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.jsonl"
        path.write_text("".join([*own, *others]), encoding="utf-8")
        core = open_core(Path(folder))
        ingest(core, [path], None, Silence())
        yield core


def _found(core: Core) -> HitsOf:
    return lambda case: shortlist(core, case.question, Audience.everyone()).hits


def _given(core: Core) -> HitsOf:
    with core.database.read() as db:
        every = passages.hits(db, sorted(passages.ids(db)), Audience.everyone())
    return lambda case: [hit for hit in every if hit.external_id == case.table]


def _outcome(core: Core, case: Case, hits: Sequence[Hit], *, verbose: bool) -> str:
    written = write(core, case.question, hits, Audience.everyone())
    outcome = graded(case, written)
    if verbose:
        first = written.text.splitlines()[0] if written else "nothing"
        say(f"  {outcome:14s} {case.question} → {first}")
    return outcome


def graded(case: Case, written: Written | None) -> str:
    """Return what an answer is worth."""
    if written is None:
        return "abstained" if case.answers else "exact"
    said = _plain(written.text.splitlines()[0])
    if any(_ends_with(said, [one] if isinstance(one, str) else one) for one in case.answers):
        return "exact"
    return "sure and wrong" if (written.confidence or 0.0) >= SURE else "wrong"


def _ends_with(said: str, values: Sequence[str]) -> bool:
    """Tell whether what stands behind an "is" or "are" is these values, in any order, and nothing else."""
    wanted = sorted(map(_plain, values))
    tails = [said[match.end() :] for match in re.finditer(r"\b(?:is|are) ", said)]
    return any(sorted(_parted(tail, len(wanted))) == wanted for tail in tails)


def _parted(tail: str, count: int) -> list[str]:
    """Return the values of "a, b and c" without the numbers in brackets that they were compared by."""
    parts = re.split(r", | and ", tail) if count > 1 else [tail]
    bare = [re.sub(r" \((?=[^()]*\d)(?:[^()]|\([^()]*\))*\)$", "", part) for part in parts]
    return [part.strip() for part in bare]


def _plain(text: str) -> str:
    """Return a text in lower case without marks, quotation marks and the commas of thousands."""
    text = re.sub(r"\s*\[\d+\]\.?$", "", text.lower()).replace('"', "")
    return re.sub(r"(?<=\d),(?=\d{3})", "", text).strip()


def _shares(outcomes: Sequence[str]) -> str:
    counted = Counter(outcomes)
    return f"n = {len(outcomes)}: " + ", ".join(f"{name} {counted[name] / len(outcomes):.0%}" for name in OUTCOMES)


if __name__ == "__main__":
    main()
