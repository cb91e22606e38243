"""Write candidates as training data: chats for a language model, triplets for an encoder, graded lists for a reranker.

    chats       an example's question and its answer
    triplets    query, positive, negative: a source that was called wrong, or one that was mined (`negatives.py`); also
                of questions whose answer nobody liked, where people said which source would have been right
    graded      query and passages with grades: 0 (not it) to 3 (exactly it), judged by people; mined ones have 0

Like every candidate, all of it may be read by everybody and holds no personal data.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flywheel.core import Core
from flywheel.curation import dataset, labels
from flywheel.curation.candidates import Candidate, Origin, public_texts
from flywheel.curation.dataset import Group
from flywheel.curation.labels import Labelling, Rules
from flywheel.curation.negatives import mined
from flywheel.curation.redaction import redact
from flywheel.curation.split import normalised
from flywheel.curation.trust import Trust
from flywheel.ports import Vectors
from flywheel.store import embeddings, trusts
from flywheel.store import ledger as ledgers
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange, Ledger

_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Triplet:
    """A question, a passage that answers it, and one that does not."""

    query: str
    positive: str
    negative: str


@dataclass(frozen=True, slots=True)
class GradedPassage:
    """A passage and its grade for a question, in [0, 3]."""

    text: str
    grade: float


@dataclass(frozen=True, slots=True)
class GradedList:
    """A question and its passages, the best first."""

    query: str
    passages: tuple[GradedPassage, ...]


def triplets(core: Core, found: Sequence[Candidate]) -> Iterator[Triplet]:
    """Yield the triplets of candidates: first those with a source that somebody called wrong, then mined ones."""
    with core.database.read() as db:
        ledger = ledgers.read(db)
        right = _right(ledger, labels.curate(ledger, _rules(db)))
        wanted = {one.origin.answer_id for one in found if one.origin is not None}
        cosines = {one.answer.id: _cosines(one) for one in ledger.exchanges if one.answer.id in wanted}
        cited = {passage for one in found if one.origin is not None for passage in one.origin.cited}
        knowledge = _Knowledge.of(core, db, cited.union(*cosines.values()))
    for one in found:
        for positive in one.positives:
            yield from (Triplet(one.input, positive, negative) for negative in one.negatives)
        if one.origin is not None:
            taken = {*right[normalised(one.input)], *one.origin.rejected}
            yield from _mined(one.input, one.origin, (cosines.get(one.origin.answer_id, {}), taken), knowledge)


def graded(core: Core) -> list[GradedList]:
    """Return every judged question as a graded list, oldest first; those without a public positive are left out."""
    with core.database.read() as db:
        ledger = ledgers.read(db)
        labelling = labels.curate(ledger, _rules(db))
        groups = dataset.build(ledger, labelling, ()).groups
        named = {one.passage_id for group in groups for one in group.candidates} | {
            passage for group in groups for passage in group.wanted
        }
        knowledge = _Knowledge.of(core, db, named)
    right = _right(ledger, labelling)
    lists = [_graded(group, right[normalised(redact(group.text))], knowledge) for group in groups]
    return [one for one in lists if one.passages and one.passages[0].grade > 0]


def beside(core: Core, found: Sequence[Candidate]) -> list[GradedList]:
    """Return the graded lists of questions that none of these candidates asks, oldest first."""
    asked = {normalised(one.input) for one in found}
    return [one for one in graded(core) if normalised(one.query) not in asked]


def of_lists(lists: Iterable[GradedList]) -> Iterator[Triplet]:
    """Yield the triplets of graded lists: each passage that is right, with each that is not."""
    for one in lists:
        right = [row.text for row in one.passages if row.grade > 0]
        wrong = [row.text for row in one.passages if row.grade == 0]
        yield from (Triplet(one.query, positive, negative) for positive in right for negative in wrong)


@dataclass(frozen=True, slots=True)
class _Knowledge:
    """The texts of passages that everybody may read, and their vectors."""

    texts: Mapping[str, str]
    vectors: Mapping[str, Vectors]

    @classmethod
    def of(cls, core: Core, db: Session, passage_ids: Collection[str]) -> "_Knowledge":
        texts = public_texts(db, passage_ids)
        ordered = sorted(texts)
        vectors: dict[str, Vectors] = {}
        for start in range(0, len(ordered), _AT_ONCE):
            vectors.update(embeddings.vectors(db, core.encoder.name, ordered[start : start + _AT_ONCE]))
        return cls(texts, vectors)


def _rules(db: Session) -> Rules:
    """Return the rules by which nobody counts whom the last turn found in quarantine."""
    return Rules(Trust({person: one for person, one in trusts.every(db).items() if one.is_quarantined}))


def _right(ledger: Ledger, labelling: Labelling) -> dict[str, set[str]]:
    """Return what anybody called right, by the redacted words of the question."""
    asked = {one.question.id: one.question.standalone or one.question.text for one in ledger.exchanges}
    right: dict[str, set[str]] = defaultdict(set)
    for label in labelling.labels:
        if label.grade > 0:
            right[normalised(redact(asked[label.question_id]))].add(label.passage_id)
    return right


def _cosines(exchange: Exchange) -> dict[str, float]:
    """Return each listed passage's cosine with the question, as it was when it was asked."""
    return {row.passage_id: row.features["dense"] for row in exchange.shortlist if "dense" in row.features}


def _mined(
    query: str, origin: Origin, found: tuple[Mapping[str, float], Collection[str]], known: _Knowledge
) -> Iterator[Triplet]:
    """Yield mined triplets; `found` holds the listed passages' cosines, and what can be no negative."""
    cosines, taken = found
    for positive in origin.cited:
        for negative in mined(cosines, positive, taken, known.vectors):
            yield Triplet(query, redact(known.texts[positive]), redact(known.texts[negative]))


def _graded(group: Group, right: Collection[str], known: _Knowledge) -> GradedList:
    judged = {one.passage_id: 0.0 for one in group.candidates if one.judged} | dict(group.wanted)
    best = max(group.wanted, key=lambda one: (group.wanted[one], one), default="")
    cosines = {one.passage_id: one.features["dense"] for one in group.candidates if "dense" in one.features}
    negatives = mined(cosines, best, {*right, *judged}, known.vectors)
    rows = sorted((judged | dict.fromkeys(negatives, 0.0)).items(), key=lambda row: (-row[1], row[0]))
    passages = (GradedPassage(redact(known.texts[one]), grade) for one, grade in rows if one in known.texts)
    return GradedList(redact(group.text), tuple(passages))
