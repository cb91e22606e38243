"""Make questions from passages, so that what serves can be measured on the day it is installed.

A language model writes them where one is configured; the rest is made from headings, titles, the comments of code, the
columns of tables and the captions of pictures. Kept is a question that

    is answerable    the real search finds its passage among the first `FOUND_WITHIN`
    is not trivial   its passage repeats less than `TRIVIAL` of its words
    is new           no kept question has a cosine above `SAME` with it

Only passages that everybody may read are asked about. Surprising: the first condition makes retrieval look better than
it is, since what no search finds is never asked. The figures are for comparing one version with the next, never with
people's questions, and no verdict of the gate rests on them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from random import Random

import numpy as np

from flywheel.answering.words import content_words, covered
from flywheel.core import Core
from flywheel.curation.candidates import public_texts
from flywheel.curation.dataset import Group
from flywheel.curation.model_questions import proposed
from flywheel.curation.redaction import redact
from flywheel.curation.split import SAME
from flywheel.knowledge.identifiers import split
from flywheel.model import Audience, Kind
from flywheel.ports import Vectors
from flywheel.retrieval.search import shortlist
from flywheel.store import materials, synthetic
from flywheel.store.materials import Material
from flywheel.store.synthetic import SyntheticQuestion

MOST, ENOUGH = 300, 100
"""Questions that are kept, and those that need no more: each costs a search, at every indexing."""
PER_KIND = 250
"""Passages of each kind that are asked about at most."""
FOUND_WITHIN = 20
TRIVIAL = 0.9
INDEX = "index"
"""Who made a question that no model wrote."""
GRADE = 3.0
_SEED = 20_260_101
_LONGEST = 14
_ASKS = re.compile(r"(?:how|what|why|when|where|which|who|whom|whose|can|do|does|is|are)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:\d+[.)]\s*)+")
_WORDLIKE = re.compile(r"[^\W\d_]{3,}")
_FORMS = (
    "How does {} work?",
    "What do I need to know about {}?",
    "Where can I read about {}?",
    "What are the rules for {}?",
    "Can you explain {}?",
)
_TABLE_FORMS = ("What is the {column} of {value}?", "Which {key} has the highest {column}?")


@dataclass(frozen=True, slots=True)
class _Proposal:
    passage_id: str
    text: str
    made_by: str
    trivial: bool


def make(core: Core) -> int:
    """Bring the stored questions up to date with the index and return how many there are.

    Those whose passages are gone go; where fewer than `ENOUGH` are left, new ones are made until there are `MOST`.
    """
    with core.database.begin() as db:
        synthetic.drop_stale(db, core.encoder.name)
    with core.database.read() as db:
        kept = synthetic.every(db, core.encoder.name)
        found = [one for kind in Kind for one in materials.sample(db, kind, PER_KIND)]
        public = public_texts(db, {one.passage_id for one in found})
    asked_about = {one.passage_id for one, _ in kept}
    fresh = [one for one in found if one.passage_id in public and one.passage_id not in asked_about]
    if len(kept) >= ENOUGH or not fresh:
        return len(kept)
    chosen = _chosen(core, _proposals(core, fresh), [vector for _, vector in kept])
    with core.database.begin() as db:
        synthetic.put(db, core.encoder.name, chosen)
    return len(kept) + len(chosen)


def groups(core: Core) -> tuple[Group, ...]:
    """Return the stored questions as groups to be measured on: each wants its passage, and everybody reads along."""
    with core.database.read() as db:
        found = [one for one, _ in synthetic.every(db, core.encoder.name)]
        public = public_texts(db, {one.passage_id for one in found})
    return tuple(_group(one) for one in found if one.passage_id in public)


def _group(one: SyntheticQuestion) -> Group:
    return Group(
        question_id=one.id,
        text=one.text,
        person=one.made_by,
        asked_at=one.at,
        thread=None,
        candidates=(),
        audience=Audience.everyone(),
        wanted={one.passage_id: GRADE},
    )


def _proposals(core: Core, fresh: Sequence[Material]) -> list[_Proposal]:
    """Return what may be asked, a model's questions first, one of each passage made from the index."""
    ordered = sorted(fresh, key=lambda one: _lot(one.passage_id))
    written: list[_Proposal] = []
    if core.language_model is not None:
        name = core.language_model.name
        pairs = proposed(core.language_model, core.encoder, ordered)
        written = [_proposal(one, text, name) for one, text in pairs]
    asked = {one.passage_id for one in written}
    made = [_proposal(one, text, INDEX) for one in ordered if one.passage_id not in asked for text in made_from(one)]
    return [*written, *made]


def _proposal(one: Material, text: str, made_by: str) -> _Proposal:
    asked = content_words(text)
    repeated = covered(asked, content_words(one.text))
    return _Proposal(one.passage_id, redact(text), made_by, len(repeated) >= TRIVIAL * len(asked))


def _chosen(
    core: Core, proposals: Sequence[_Proposal], before: Sequence[Vectors]
) -> list[tuple[SyntheticQuestion, Vectors]]:
    """Return those that pass all three conditions, with their vectors, until there are enough."""
    worth = [one for one in proposals if not one.trivial]
    if not worth:
        return []
    steady = replace(core, rng=Random(_SEED))  # noqa: S311 - so that the router explores the same each time
    known, chosen = list(before), []
    for one, vector in zip(worth, core.encoder.encode([one.text for one in worth]), strict=True):
        if len(known) >= MOST:
            break
        if not _is_known(vector, known) and _is_found(steady, one):
            known.append(vector)
            chosen.append((SyntheticQuestion(one.passage_id, one.text, one.made_by, core.now()), vector))
    return chosen


def _is_known(vector: Vectors, known: Sequence[Vectors]) -> bool:
    return bool(known) and float((np.array(known) @ vector).max()) > SAME


def _is_found(core: Core, one: _Proposal) -> bool:
    found = shortlist(core, one.text, Audience.everyone(), FOUND_WITHIN)
    return one.passage_id in {hit.passage_id for hit in found.hits}


def made_from(material: Material) -> Iterator[str]:
    """Yield the question that a passage itself suggests, if it suggests one."""
    if material.kind is Kind.TABLE and len(material.columns) > 1:
        yield _about_table(material)
        return
    topic = next((one for one in _TOPICS[material.kind](material) if one), "")
    if topic:
        yield topic if _ASKS.match(topic) or topic.endswith("?") else _form(topic).format(_lowered(topic))


def _headings(material: Material) -> Iterator[str]:
    """Yield the nearest heading, with what stands above it where it is short, then the title."""
    above = [_named(material.title), *material.heading_path]
    for place in range(len(above) - 1, 0, -1):
        heading = _topic(above[place])
        parent = _topic(above[place - 1])
        if heading:
            yield heading if len(heading.split()) > 2 or not parent else f"{heading} in {_lowered(parent)}"
    yield _topic(above[0])


def _comments(material: Material) -> Iterator[str]:
    """Yield what code is for: the sentence before it, its comment, the words of its name."""
    yield _topic(material.detail.get("about", ""))
    lines = (line.strip(" #/*\"'") for line in material.search_text.splitlines())
    yield from (_topic(line) for line in lines if _is_prose(line))
    yield _topic(" ".join(split(material.detail.get("symbol", "").split(".")[-1])))
    yield from _headings(material)


def _captions(material: Material) -> Iterator[str]:
    yield _topic(material.said)
    yield from _headings(material)


_TOPICS: Mapping[Kind, Callable[[Material], Iterable[str]]] = {
    Kind.TEXT: _headings,
    Kind.CODE: _comments,
    Kind.TABLE: _headings,
    Kind.IMAGE: _captions,
}


def _about_table(material: Material) -> str:
    number = int(_lot(material.passage_id), 16)
    column = material.columns[1 + number % (len(material.columns) - 1)]
    value = next((cell for row in material.rows for cell in row[:1] if _WORDLIKE.search(cell)), "")
    form = _TABLE_FORMS[0 if value else 1]
    return form.format(column=_lowered(column), value=value, key=_lowered(material.columns[0]))


def _form(topic: str) -> str:
    return _FORMS[int(_lot(topic.casefold()), 16) % len(_FORMS)]


def _topic(text: str) -> str:
    """Return words that can stand in a question, or nothing."""
    words = _NUMBERED.sub("", re.sub(r"[*_`~]+", "", text).strip(" .,:;#–-\xa0")).split()
    said = " ".join(words[:_LONGEST])
    return said if _WORDLIKE.search(said) else ""


def _named(title: str) -> str:
    """Return a title as people say it: without folders and a file's ending."""
    if " " in title:
        return title.strip()
    bare = re.sub(r"\.[a-z0-9]{1,5}$", "", title.rsplit("/", 1)[-1], flags=re.IGNORECASE)
    return re.sub(r"[_-]+", " ", bare).strip()


def _lowered(topic: str) -> str:
    """Return a topic with a small first letter, unless it begins with a name or an abbreviation."""
    words = topic.split()
    is_name = topic[:2].isupper() or (len(words) > 1 and words[1][:1].isupper())
    return topic if is_name else topic[:1].lower() + topic[1:]


def _is_prose(line: str) -> bool:
    return len(re.findall(r"[A-Za-z]{2,}", line)) >= 3 and not re.search(r"[={};]|\(\)|->", line)


def _lot(name: str) -> str:
    return sha256(name.encode()).hexdigest()
