"""Turn labels into questions that a ranking learner can train on and be judged by.

A *group* is one question with its stored shortlist: each candidate's features as they were when it was asked, and the
grade that people gave it. A question makes a group when at least one listed passage has a *trusted positive*: labels
of grade 1 or more that weigh `TRUSTED` together. A passage's grade is the weighted mean of its labels, in [0, 3];
nobody's opinion is grade 0, as in any pooled judgement (Voorhees, 2001).

The surprising part: a group's person is not the asker but the one whose judgement weighs most, because it is
judgements that somebody could flood.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flywheel.curation.labels import Label, Labelling
from flywheel.model import KIND_OF, Audience, Question
from flywheel.store.answers import Listed
from flywheel.store.ledger import Exchange, Ledger

TRUSTED = 0.5
"""The weight at which a positive can be trusted: one explicit judgement, one yes for the first source, two clicks."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed passage, its features when the question was asked, and its grade in [0, 3].

    `judged` tells a grade of 0 that somebody gave from one that nobody did.
    """

    passage_id: str
    features: Mapping[str, float]
    grade: float
    judged: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A question with its candidates, best first as they were shown.

    `missed` holds the grades of positives that the shortlist did not contain: they lower the ideal that nDCG is
    measured against. `thread` is None where the question stood alone. `wanted` maps each passage with a trusted
    positive, listed or not, to its grade in (0, 3]; `audience` is who could read the reply. `segments` names what the
    question is an example of: `route`, the retriever of the best wanted passage, and `surface`, where it was asked.
    """

    question_id: str
    text: str
    person: str
    asked_at: datetime
    thread: str | None
    candidates: tuple[Candidate, ...]
    missed: tuple[float, ...] = ()
    audience: Audience = field(default_factory=Audience.everyone)
    wanted: Mapping[str, float] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)

    @property
    def targets(self) -> frozenset[str]:
        """Return the passages that have a positive grade."""
        return frozenset(one.passage_id for one in self.candidates if one.grade > 0)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Groups by time, what was left out by reason, and how much of what people want the shortlists held.

    `listed` and `positives` count trusted positive (question, passage) pairs: those within a stored shortlist, and
    all of them; their ratio is the recall of the shortlist.
    """

    groups: tuple[Group, ...]
    left_out: Mapping[str, int]
    listed: int
    positives: int


@dataclass(frozen=True, slots=True)
class _Judged:
    grade: float
    listed: bool


def build(ledger: Ledger, labelling: Labelling, features: Collection[str]) -> Dataset:
    """Return the groups of a labelled ledger.

    A question whose stored shortlist lacks any of `features` (it was asked under an older retrieval) is left out and
    counted: a missing number is not a zero.
    """
    by_question: dict[str, list[Label]] = defaultdict(list)
    for label in labelling.labels:
        by_question[label.question_id].append(label)
    exchanges = {one.question.id: one for one in ledger.exchanges}  # the newest answer to a question stays
    groups, left_out = [], Counter[str]()
    listed = positives = 0
    for question_id, labels in sorted(by_question.items()):
        exchange = exchanges[question_id]
        rows = [row for row in exchange.shortlist if row.retriever in KIND_OF]
        judged = _judge(labels, {row.passage_id for row in rows})
        trusted = [one for one in judged.values() if one.grade >= 1]
        positives += len(trusted)
        listed += sum(one.listed for one in trusted)
        why = _unfit(rows, trusted, features)
        if why:
            left_out[why] += 1
            continue
        groups.append(_group(exchange, rows, _named(judged, ledger.first_passages), labels))
    groups.sort(key=lambda group: (group.asked_at, group.question_id))
    return Dataset(tuple(groups), dict(left_out), listed, positives)


def thread_of(question: Question) -> str | None:
    """Return what a question shares with the rest of its thread, its first message included."""
    root = question.thread_ts or question.message_ts
    return None if root is None else f"{question.channel or ''}:{root}"


def _judge(labels: Iterable[Label], listed: Collection[str]) -> dict[str, _Judged]:
    """Return each passage's grade; a positive that is not trusted counts as nobody's opinion and is left out."""
    of_passage: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        of_passage[label.passage_id].append(label)
    judged = {}
    for passage_id, its in of_passage.items():
        grade = sum(one.weight * one.grade for one in its) / sum(one.weight for one in its)
        support = sum(one.weight for one in its if one.grade >= 1)
        trusted = grade >= 1 and support >= TRUSTED
        judged[passage_id] = _Judged(grade if trusted else 0.0, passage_id in listed)
    return judged


def _unfit(rows: Sequence[Listed], trusted: Sequence[_Judged], features: Collection[str]) -> str:
    if not trusted:
        return "no trusted positive"
    if not any(one.listed for one in trusted):
        return "the wanted passage was not in the shortlist"
    wanted = frozenset(features)
    if any(not wanted <= row.features.keys() for row in rows):
        return "asked before the features existed"
    return ""


def _group(exchange: Exchange, rows: Sequence[Listed], judged: Mapping[str, _Judged], labels: list[Label]) -> Group:
    question = exchange.question
    wanted = {passage: one.grade for passage, one in judged.items() if one.grade > 0}
    candidates = [_candidate(row, judged.get(row.passage_id)) for row in sorted(rows, key=lambda row: row.rank)]
    missed = sorted((one.grade for one in judged.values() if not one.listed and one.grade > 0), reverse=True)
    return Group(
        question_id=question.id,
        text=question.standalone or question.text,
        person=_heaviest(labels),
        asked_at=question.asked_at,
        thread=thread_of(question),
        candidates=tuple(candidates),
        missed=tuple(missed),
        audience=question.audience,
        wanted=wanted,
        segments={"route": _route(rows, wanted), "surface": question.surface.value},
    )


def _named(judged: Mapping[str, _Judged], first_passages: Mapping[str, str]) -> dict[str, _Judged]:
    """Return grades by passage: a document that was named as a whole, and not listed, stands for its first passage."""
    return {first_passages.get(name, name): one for name, one in judged.items()}


def _route(rows: Sequence[Listed], wanted: Mapping[str, float]) -> str:
    """Return the retriever of the best wanted passage; nothing where it was not listed."""
    listed = [(-wanted[row.passage_id], row.rank, row.retriever.value) for row in rows if row.passage_id in wanted]
    return min(listed)[2] if listed else ""


def _candidate(row: Listed, judged: _Judged | None) -> Candidate:
    return Candidate(row.passage_id, row.features, judged.grade if judged else 0.0, judged=judged is not None)


def _heaviest(labels: Iterable[Label]) -> str:
    weights: dict[str, float] = defaultdict(float)
    for label in labels:
        weights[label.person] += label.weight if label.grade > 0 else 0.0
    return min(weights, key=lambda person: (-weights[person], person))
