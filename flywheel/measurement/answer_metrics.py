"""Say how good answers are, by what people said of their sources and by words alone; no language model judges here.

    citation precision    cited and judged good / cited and judged
    citation recall       wanted and cited / wanted
    context precision     how early the wanted passages stand among the ten that a writer reads: the mean over those
                          wanted of the precision down to each, as Ragas defines it, with people's labels for its judge
    faithfulness_lexical  characters of the answer in sentences that the cited passages support: they have its numbers
                          and a third of its words (`answering/marks.py`)
    answer_relevance_cosine    the cosine of question and answer under the encoder

The first three count the passages that people said something about (`curation/labels.py`): a yes speaks for what the
answer cited, so that satisfaction has a part in them. The last two are computed for a sample of answers, drawn by the
hash of their ids; an answer whose passages are gone since is left out. A sentence without a mark of its own is held
against the marks of its line, else against those before it, as a reader would.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from flywheel.answering import marks
from flywheel.answering.evidence import PASSAGES
from flywheel.answering.units import sentences
from flywheel.answering.written import MARK
from flywheel.core import Core
from flywheel.curation.dataset import TRUSTED
from flywheel.curation.labels import Label
from flywheel.learning.trial import Numbers
from flywheel.measurement.averages import Ratio
from flywheel.model import Hit
from flywheel.store import passages
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange

SAMPLE, ENCODED = 100, 50
"""Answers whose words are compared with their sources, and of those the ones that are encoded (50 ms each)."""
_SPACES = re.compile(r"\s+")
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer and the passages that people said something about: those they want, and those they do not."""

    exchange: Exchange
    wanted: frozenset[str]
    unwanted: frozenset[str]


def judged(exchanges: Iterable[Exchange], labels: Iterable[Label]) -> list[Judged]:
    """Return the answers with a judged passage. Wanted is a mean grade of 1 or more of labels that can be trusted."""
    of_answer: dict[str, dict[str, list[Label]]] = defaultdict(lambda: defaultdict(list))
    for label in labels:
        of_answer[label.answer_id][label.passage_id].append(label)
    return [_judged(one, of_answer[one.answer.id]) for one in exchanges if one.answer.id in of_answer]


def of_judged(found: Sequence[Judged]) -> list[Ratio]:
    """Return citation precision and recall, and context precision."""
    cited = [frozenset(source.passage_id for source in one.exchange.answer.citations) for one in found]
    good = np.array([len(ids & one.wanted) for ids, one in zip(cited, found, strict=True)], dtype=np.float64)
    bad = np.array([len(ids & one.unwanted) for ids, one in zip(cited, found, strict=True)], dtype=np.float64)
    wanted = np.array([len(one.wanted) for one in found], dtype=np.float64)
    early = np.array([context_precision(_listed(one.exchange), one.wanted) for one in found])
    has_list = np.array([bool(one.wanted and one.exchange.shortlist) for one in found], dtype=np.float64)
    made = [
        Ratio("citation_precision", good, good + bad),
        Ratio("citation_recall", good, wanted),
        Ratio("context_precision", early * has_list, has_list),
    ]
    return [one for one in made if one.weights.any()]


def context_precision(ids: Sequence[str], wanted: frozenset[str]) -> float:
    """Return Σ precision@k · is_wanted(k) / the number of wanted ones listed, in [0, 1]; 0 where none is listed."""
    total, hits = 0.0, 0
    for rank, one in enumerate(ids, start=1):
        if one in wanted:
            hits += 1
            total += hits / rank
    return total / hits if hits else 0.0


def sampled(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """Return up to `SAMPLE` answers that cite something, drawn by lot: the same ones each time."""
    written = [one for one in exchanges if one.answer.citations and not one.answer.abstained]
    return sorted(written, key=lambda one: sha256(one.answer.id.encode()).hexdigest())[:SAMPLE]


def faithfulness(db: Session, exchanges: Sequence[Exchange]) -> dict[str, float]:
    """Return the share of each answer's characters that its cited passages support, by answer id."""
    found = {}
    for one in exchanges:
        hits = _cited(db, one)
        if hits is not None:
            found[one.answer.id] = marks.check(marked(one.answer.text), hits, one.question.text).kept
    return found


def marked(text: str) -> str:
    """Return an answer with a sentence to each line, outside of code, and after each the marks that stand for it."""
    pieces = text.split(_FENCE)
    before = "".join(dict.fromkeys(one.group() for one in MARK.finditer(text)))
    for place in range(0, len(pieces), 2):
        lines = []
        for line in pieces[place].splitlines():
            before = "".join(one.group() for one in MARK.finditer(line)) or before
            lines += [f"{one} {before}" for one in sentences(MARK.sub("", line).strip())] or [""]
        pieces[place] = "\n".join(lines) + "\n"
    return _FENCE.join(pieces)


def relevance(core: Core, exchanges: Sequence[Exchange]) -> dict[str, float]:
    """Return the cosine with its question of each of the first `ENCODED` answers, by answer id."""
    exchanges = exchanges[:ENCODED]
    if not exchanges:
        return {}
    asked = core.encoder.encode([one.question.standalone or one.question.text for one in exchanges])
    said = core.encoder.encode([_SPACES.sub(" ", MARK.sub("", one.answer.text)) for one in exchanges])
    cosines = np.clip((asked * said).sum(axis=1), -1.0, 1.0)
    return {one.answer.id: float(value) for one, value in zip(exchanges, cosines, strict=True)}


def means(exchanges: Sequence[Exchange], of: Mapping[str, Mapping[str, float]]) -> list[Ratio]:
    """Return the mean of each metric over those of these answers that have a value; `of` maps metrics to values."""
    made = []
    for metric, values in of.items():
        known = np.array([one.answer.id in values for one in exchanges], dtype=np.float64)
        hits = np.array([values.get(one.answer.id, 0.0) for one in exchanges], dtype=np.float64)
        if known.any():
            made.append(Ratio(metric, hits, known))
    return made


def askers(exchanges: Sequence[Exchange]) -> Numbers:
    """Return a number for the person who asked, counted from 0 in order of appearance."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(one.question.person, len(numbers)) for one in exchanges], dtype=np.int64)


def _judged(exchange: Exchange, labels: Mapping[str, Sequence[Label]]) -> Judged:
    wanted, unwanted = set(), set()
    for passage_id, its in labels.items():
        weight = sum(one.weight for one in its)
        grade = sum(one.weight * one.grade for one in its) / weight if weight else 0.0
        if grade < 1:
            unwanted.add(passage_id)
        elif sum(one.weight for one in its if one.grade >= 1) >= TRUSTED:
            wanted.add(passage_id)
    return Judged(exchange, frozenset(wanted), frozenset(unwanted))


def _listed(exchange: Exchange) -> list[str]:
    return [one.passage_id for one in sorted(exchange.shortlist, key=lambda one: one.rank)][:PASSAGES]


def _cited(db: Session, exchange: Exchange) -> list[Hit] | None:
    """Return the passages so that mark `[n]` is the n-th, or None where one is gone."""
    cited = exchange.answer.citations
    hits = passages.hits(db, [one.passage_id for one in cited], exchange.question.audience)
    known = {hit.passage_id: hit for hit in hits}
    if any(one.passage_id not in known for one in cited) or [one.n for one in cited] != list(range(1, len(cited) + 1)):
        return None
    return [known[one.passage_id] for one in cited]
