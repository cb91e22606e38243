"""Make what a big training learns from: the company's own text, and the questions that people have judged.

Authors have written thousands of questions already: a heading asks what the text below it answers. So from every public
passage below a heading comes a pair: the heading as the question, and the passage without it. Pairs from people's
judgements weigh `VOTED` times as much and are about what is really asked; a part of them judges instead of teaching.

The row of a job names questions by id, and their words are read when the training begins: who was forgotten in the
meantime, or whose question was deleted, teaches nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flywheel.curation.dataset import Candidate, Group
from flywheel.knowledge.embedding import encoded_text
from flywheel.retrieval.reranking import read_as
from flywheel.store import public_passages, training_jobs
from flywheel.store.database import Database, Session
from flywheel.store.public_passages import PublicPassage
from flywheel.store.training_jobs import TrainingJob

VOTED = 3.0
PAIRS = 6_000
"""Pairs from the company's text at most: encoding their passages takes about as long as two epochs over them."""
JUDGING = 0.2
"""The share of pairs that judge; of people's questions, if there are `ENOUGH_VOTED`, else of the text's."""
ENOUGH_VOTED = 100
MOST_JUDGING = 300
UNWANTED = 7
MARGIN = 0.95
"""A passage that nobody judged is no negative if its cosine comes so near to the wanted one's (NV-Retriever)."""
POOL = 3_000
"""Passages among which questions are judged, besides those that are wanted."""
_SHORTEST, _LONGEST, _LEAST_TEXT = 8, 110, 80
_SENTENCE_ENDS = (".", ",", ";", ":")
_MARKS = "#*_ \t"


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and the text that answers it, made from a passage or judged by people."""

    question: str
    text: str
    document_id: str


@dataclass(slots=True)
class _Texts:
    """Texts with a place each, the same text once."""

    places: dict[str, int] = field(default_factory=dict)

    def place(self, text: str) -> int:
        return self.places.setdefault(text, len(self.places))


def voted(groups: Iterable[Group]) -> dict[str, Any]:
    """Return what the row of a job keeps of judged questions: ids and grades, and until when they were asked."""
    kept = [one for one in groups if one.wanted]
    return {
        "questions": [[one.question_id, dict(sorted(one.wanted.items()))] for one in kept],
        "until": max(one.asked_at for one in kept).isoformat() if kept else "",
    }


def listed(groups: Sequence[Group]) -> dict[str, Any]:
    """Return what the row of a job keeps of judged questions and their lists: what is wanted, and `UNWANTED` others.

    The others are those that ranked highest without being wanted, but for any that nobody judged and that look as good
    as the best wanted one: too many of those answer the question too.
    """
    kept = []
    for one in groups:
        others = [its.passage_id for its in one.candidates if its.grade == 0 and (its.judged or _worse(its, one))]
        kept.append([one.question_id, {**dict.fromkeys(others[:UNWANTED], 0.0), **dict(sorted(one.wanted.items()))}])
    return {**voted(groups), "questions": kept}


def _worse(one: Candidate, group: Group) -> bool:
    best = max((its.features["dense"] for its in group.candidates if its.grade > 0), default=1.0)
    return one.features["dense"] < MARGIN * best


def of_job(database: Database, job: TrainingJob, base: str) -> dict[str, Any]:
    """Return the material of a job that trains the model in folder `base`, ready to be written as JSON."""
    with database.read() as db:
        asked = _asked(db, job.material["questions"])
        wanted = public_passages.named(db, sorted({one for _, its in asked for one in its}))
        corpus = public_passages.texts(db, 4 * PAIRS)
    seed = int(hashlib.sha256(job.snapshot.encode()).hexdigest()[:8], 16)
    made = assembled([one for one in map(pair_of, corpus) if one], asked, wanted, seed)
    rest = [encoded_text(one.title, one.heading_path, one.text) for one in corpus[:POOL]]
    passages = list(dict.fromkeys([*made["passages"], *rest]))
    return {**made, "passages": passages, "kind": job.learner, "base": base, "seed": seed,
            "settings": dict(job.material.get("settings", {}))}  # fmt: skip


def of_lists(database: Database, job: TrainingJob, base: str) -> dict[str, Any]:
    """Return the material of a job that trains a cross-encoder: graded passages of judged questions, newest judging.

    Labels are grades as shares of 3. What was listed and not wanted has label 0 and grade 0.
    """
    with database.read() as db:
        asked = _asked(db, job.material["questions"])
        known = public_passages.named(db, sorted({one for _, its in asked for one in its}))
    texts = _Texts()
    lists = []
    for question, its in asked:
        graded = {texts.place(_read_as(known[one])): grade for one, grade in its.items() if one in known}
        if any(graded.values()):
            lists.append((question, graded))
    cut = len(lists) - min(max(1, int(JUDGING * len(lists))), MOST_JUDGING)
    pairs = [[text, place, grade / 3] for text, its in lists[:cut] for place, grade in its.items()]
    judging = [[text, {str(place): grade for place, grade in its.items()}] for text, its in lists[cut:]]
    seed = int(hashlib.sha256(job.snapshot.encode()).hexdigest()[:8], 16)
    return {"passages": list(texts.places), "pairs": pairs, "judging": judging, "kind": job.learner, "base": base,
            "seed": seed, "settings": dict(job.material.get("settings", {}))}  # fmt: skip


def _read_as(passage: PublicPassage) -> str:
    return read_as(passage.title, passage.heading_path, passage.text)


def pair_of(passage: PublicPassage) -> Pair | None:
    """Return a passage's heading as a question, with the passage without it; None where it has no telling heading."""
    if passage.heading_path:
        question, text = passage.heading_path[-1], passage.text
        above = passage.heading_path[:-1]
    else:
        question, _, text = passage.text.strip().partition("\n")
        above = ()
    question, text = question.strip(_MARKS), text.strip()
    telling = _SHORTEST <= len(question) <= _LONGEST and len(question.split()) > 1
    if not telling or question.endswith(_SENTENCE_ENDS) or len(text) < _LEAST_TEXT or not question[0].isalnum():
        return None
    if question.casefold() == passage.title.casefold():
        return None
    return Pair(question, encoded_text(passage.title, above, text), passage.document_id)


def assembled(
    corpus: Sequence[Pair],
    asked: Sequence[tuple[str, Mapping[str, float]]],
    wanted: Mapping[str, PublicPassage],
    seed: int,
) -> dict[str, Any]:
    """Return passages, pairs and judging questions; no document that judges teaches where only the text judges."""
    texts = _Texts()
    readable = {one: encoded_text(its.title, its.heading_path, its.text) for one, its in wanted.items()}
    graded = [(text, {readable[one]: grade for one, grade in its.items() if one in readable}) for text, its in asked]
    graded = [(text, its) for text, its in graded if its]
    cut = len(graded) - min(int(JUDGING * len(graded)), MOST_JUDGING) if len(graded) >= ENOUGH_VOTED else len(graded)
    teaching, judging = graded[:cut], graded[cut:]
    pairs = list(corpus)
    if not judging:
        pairs, aside = _parted(pairs)
        judging = [(one.question, {one.text: 1.0}) for one in aside[:MOST_JUDGING]]
    chosen = np.random.default_rng(seed).permutation(len(pairs))[:PAIRS].tolist()
    taught = [[text, texts.place(max(its, key=lambda one: its[one])), VOTED] for text, its in teaching]
    taught += [[pairs[n].question, texts.place(pairs[n].text), 1.0] for n in chosen]
    judged = [[text, {str(texts.place(one)): grade for one, grade in its.items()}] for text, its in judging]
    return {"passages": list(texts.places), "pairs": taught, "judging": judged}


def _parted(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Part pairs by their documents: one in ten judges."""
    judges = [int(hashlib.sha256(one.document_id.encode()).hexdigest()[:8], 16) % 10 == 0 for one in pairs]
    return (
        [one for one, aside in zip(pairs, judges, strict=True) if not aside],
        [one for one, aside in zip(pairs, judges, strict=True) if aside],
    )


def _asked(db: Session, kept: Sequence[tuple[str, Mapping[str, float]]]) -> list[tuple[str, Mapping[str, float]]]:
    """Return judged questions with their words, oldest first; those that are gone are left out."""
    texts = training_jobs.wordings(db, [question_id for question_id, _ in kept])
    return [(texts[question_id], its) for question_id, its in kept if question_id in texts]
