"""Find people who know about something: the retriever whose hits are persons.

    owner of a document near the topic, or given as such in one ("Owner: Ana Ruiz")
    author of approved answers on it, and who approved them
    author of changes, by the document's history, or of messages in a conversation
    who replied to questions about it, where the audience could have read along
    whose profile's title names it

Only what the audience may read counts, and nobody is named who asked not to be; they stay visible as the owner of a
source. A hit of this retriever names a person: `title` is their id in the workspace, or their name where that is all
that is known, `text` says why, and `document_id` is the document that speaks most for them.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.model import Audience, Hit, Retriever, VerifiedAnswer
from flywheel.retrieval.features import FEATURES, SCORES
from flywheel.retrieval.ties import Bond, Expert, Tie, experts, reasons, strength
from flywheel.retrieval.who import asks_for_people, topic
from flywheel.store import authors, expertise, origins, profiles, verified_questions
from flywheel.store.database import Session
from flywheel.store.direct import Reader
from flywheel.store.talk import PREFIX as TALK

__all__ = ["asks_for_people", "nearest", "present", "topic"]

MOST = 5
"""How many people join a shortlist."""

_DOCUMENTS = 8
_RELEVANT = 0.3
_SAME_TOPIC = 0.35  # cosine of a topic with a verified question, below which they have little in common
_SAME_QUESTION = 0.75
_VERIFIED = 8
_LEAST = 0.2  # of an author's tie, for one who has a hand in every document
_STRANGE = 0.5  # of an author's tie, where the workspace's people are known and this is none of them: perhaps gone
_BLANK = dict.fromkeys((*SCORES, *FEATURES), 0.0)
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?<=...)(?:ations?|ating|ate[ds]?|ings?|ments?|ers?|ed|es|s|e)$")  # calibrat(e|ion), backup(s)
_EMPTY_LIST = "a an and at by for from how in is of on or our the to use using with we what when where why"
_EMPTY = frozenset(_EMPTY_LIST.split())
_ROLE = re.compile(
    r"(?:^|;|\||\n)\s*(?P<role>owner|maintainer|responsible|contact|contact person|lead|expert|author)\s*:\s*"
    r"(?P<name>[^;|\n(]{2,60})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Near:
    """A document near the topic; `relevance` in [0, 1] is its best passage's."""

    hit: Hit
    relevance: float


def present(db: Reader, audience: Audience) -> bool:
    """Tell whether there is anybody to name: an owner of a document the audience may read, or a known profile."""
    return expertise.has_anybody(db, audience)


def nearest(core: Core, db: Reader, question: str, found_hits: Sequence[Hit], audience: Audience) -> list[Hit]:
    """Return up to `MOST` people who know about what the question is about, the best first.

    `found_hits` are passages that the audience may read, found for the question.
    """
    about = topic(question)
    near = _documents(about, found_hits)
    vector = core.encoder.encode([about])[0]
    known = verified_questions.readable(db, core.encoder.name, core.encoder.dimensions, audience)
    alike = _alike(known.ids, known.cosines(vector))
    with core.database.read() as session:
        ties = [*_of_passages(about, found_hits, near), *_of_documents(session, near, alike, audience)]
        ties += _titled(session, about)
        named = _as_known(session, ties)
    dense = {one.hit.document_id: one.hit.features.get("dense", 0.0) for one in near.values()}
    return [_hit(one, near, dense) for one in experts(named)[:MOST]]


def relevance(about: str, hit: Hit) -> float:
    """Return how much a passage has to do with a topic, in [0, 1]: its cosine, and the topic's words in it."""
    cosine = min(max((hit.features.get("dense", 0.0) - 0.15) / 0.45, 0.0), 1.0)
    wanted = _words(about)
    if not wanted:
        return cosine
    heads = _share(wanted, _words(" ".join([hit.title, *hit.heading_path])))
    text = _share(wanted, _words(hit.text))
    return 0.45 * cosine + 0.35 * heads + 0.2 * max(text, heads)


def _documents(about: str, hits: Sequence[Hit]) -> dict[str, _Near]:
    best: dict[str, _Near] = {}
    for hit in hits:
        score = relevance(about, hit) if hit.is_passage else 0.0
        if score >= _RELEVANT and (hit.document_id not in best or score > best[hit.document_id].relevance):
            best[hit.document_id] = _Near(hit, score)
    first = sorted(best.values(), key=lambda one: -one.relevance)[:_DOCUMENTS]
    return {one.hit.document_id: one for one in first}


def _of_passages(about: str, hits: Sequence[Hit], near: Mapping[str, _Near]) -> Iterator[Tie]:
    """Yield those whom a line about the topic names, and owners of documents.

    Who keeps a list of owners owns the list, not what stands in it.
    """
    wanted = _words(about)
    registers: set[str] = set()
    for hit in hits if wanted else ():
        for tie in _named(wanted, hit) if hit.is_passage else ():
            registers.add(tie.title)
            yield tie
    for one in near.values():
        if one.hit.owner and one.hit.title not in registers:
            yield _tie(Bond.OWNS, one.hit.owner, one)


def _named(wanted: frozenset[str], hit: Hit) -> Iterator[Tie]:
    for line in hit.text.splitlines():
        role = _ROLE.search(line)
        if role and wanted <= _words(_ROLE.sub("", line)):
            name, called = " ".join(role["name"].split()), role["role"].lower()
            yield Tie(name, Bond.NAMED, strength(Bond.NAMED, 1.0), hit.document_id, hit.title, role=called)


def _of_documents(
    db: Session, near: Mapping[str, _Near], alike: Mapping[str, float], audience: Audience
) -> Iterator[Tie]:
    ids = list(near)
    yield from _answered(db, near, alike, audience)
    replied: dict[tuple[str, str], set[str]] = defaultdict(set)
    for reply in expertise.replies_on(db, ids, audience):
        replied[(reply.document_id, reply.person)].add(reply.question_id)
    for (document_id, person), questions in replied.items():
        yield _tie(Bond.REPLIED, person, near[document_id], len(questions))
    written = authors.of_documents(db, ids, audience)
    changes = Counter[str]()
    for author in written:
        changes[author.document_id] += author.changes
    breadth = authors.breadth(db, {author.name for author in written})
    for author in (one for one in written if one.changes):  # who only asked knows nothing yet
        one, whole = near[author.document_id], changes[author.document_id]
        bond = Bond.TALKED if one.hit.external_id.startswith(TALK) else Bond.WROTE
        made = strength(bond, one.relevance, author.changes, author.changes / whole)
        made *= max(1 - breadth.get(author.name, 0.0), _LEAST)
        yield Tie(
            author.address or author.name, bond, made, one.hit.document_id, one.hit.title,
            role=author.name, count=author.changes, whole=whole,
        )  # fmt: skip


def _answered(db: Session, near: Mapping[str, _Near], alike: Mapping[str, float], audience: Audience) -> Iterator[Tie]:
    """Yield authors and approvers, of a document's answers first and then of those near the topic by their question."""
    counted: set[str] = set()
    by_document: dict[tuple[str, Bond, str], int] = Counter()
    for one in expertise.approved_on(db, list(near), audience):
        if one.answer.id not in counted:
            counted.add(one.answer.id)
            for bond, person in _behind(one.answer):
                by_document[(one.document_id, bond, person)] += 1
    for (document_id, bond, person), count in by_document.items():
        yield _tie(bond, person, near[document_id], count)
    on_topic: dict[tuple[Bond, str], list[float]] = defaultdict(list)
    for verified_id, closeness in alike.items():
        answer = origins.readable(db, verified_id, audience) if verified_id not in counted else None
        for bond, person in _behind(answer) if answer else ():
            on_topic[(bond, person)].append(closeness)
    for (bond, person), found in on_topic.items():
        yield Tie(person, bond, strength(bond, max(found), len(found)), count=len(found))


def _behind(answer: VerifiedAnswer) -> list[tuple[Bond, str]]:
    people = [(Bond.ANSWERED, answer.author)]
    if answer.approved_by != answer.author:
        people.append((Bond.APPROVED, answer.approved_by))
    return [(bond, person) for bond, person in people if person]


def _titled(db: Session, about: str) -> Iterator[Tie]:
    wanted = _words(about)
    for one in profiles.titled(db, [word for word in sorted(wanted) if len(word) > 1]):
        share = _share(wanted, _words(one.title))
        if share >= 0.5:
            yield Tie(one.id, Bond.TITLED, strength(Bond.TITLED, share), role=one.title)


def _as_known(db: Session, ties: Iterable[Tie]) -> list[Tie]:
    """Return the ties with ids in place of names and addresses, without those of people who are hidden.

    The same tie counts once, also where two documents of one title say so.
    """
    found = list(ties)
    names = {name for tie in found for name in (tie.person, tie.role if tie.bond is Bond.WROTE else "") if name}
    known = _directory(profiles.known_as(db, names))
    strange = _STRANGE if profiles.are_known(db) else 1.0
    resolved: dict[tuple[str, Bond, str, str], Tie] = {}
    for tie in found:
        profile = known.get(tie.person.lower()) or (known.get(tie.role.lower()) if tie.bond is Bond.WROTE else None)
        if profile is not None and profile.hidden:
            continue
        written_by = tie.role if tie.bond is Bond.WROTE else tie.person
        trust = strange if tie.bond is Bond.WROTE and profile is None else 1.0
        one = replace(tie, person=profile.id if profile else written_by, strength=tie.strength * trust)
        resolved.setdefault((one.person, one.bond, one.title, one.role), one)
    return list(resolved.values())


def _directory(known: Sequence[profiles.Profile]) -> dict[str, profiles.Profile]:
    """Return profiles by id, address and name in lower case; a name that two people have says nothing, unless one of
    them is hidden.
    """
    by_name: dict[str, profiles.Profile] = {}
    names = Counter(one.name.lower() for one in known)
    for one in known:
        if names[one.name.lower()] == 1 or one.hidden:
            by_name[one.name.lower()] = one
    for one in known:
        by_name[one.id.lower()] = one
        if one.address:
            by_name[one.address] = one
    by_name.pop("", None)
    return by_name


def _tie(bond: Bond, person: str, near: _Near, count: int = 1) -> Tie:
    made = strength(bond, near.relevance, count)
    return Tie(person, bond, made, near.hit.document_id, near.hit.title, count=count)


def _hit(one: Expert, near: Mapping[str, _Near], dense: Mapping[str, float]) -> Hit:
    documents = one.documents
    return Hit(
        passage_id=_name(one.person),
        document_id=documents[0] if documents else "",
        external_id=one.person,
        title=one.person,
        text=reasons(one.ties),
        retriever=Retriever.PEOPLE,
        score=one.score,
        updated_at=near[documents[0]].hit.updated_at if documents and documents[0] in near else None,
        features={**_BLANK, "dense": max([dense.get(document, 0.0) for document in documents], default=0.0),
                  "person_score": one.score},
        detail={"documents": " ".join(documents)},
    )  # fmt: skip


def _name(person: str) -> str:
    """Return a hit's id for a person; a name that is long or written freely becomes a digest."""
    if re.fullmatch(r"[\w.\-]{1,40}", person):
        return f"person:{person}"
    return f"person:{hashlib.sha256(person.encode()).hexdigest()[:32]}"


def _alike(ids: Sequence[str], cosines: NDArray[np.float32]) -> dict[str, float]:
    """Return the verified questions nearest to the topic, each with how much it has to do with it, in [0, 1]."""
    order = [place for place in np.argsort(-cosines)[:_VERIFIED] if cosines[place] >= _SAME_TOPIC]
    width = _SAME_QUESTION - _SAME_TOPIC
    return {ids[place]: min((float(cosines[place]) - _SAME_TOPIC) / width, 1.0) for place in order}


def _words(text: str) -> frozenset[str]:
    """Return the stems of a text's words."""
    return frozenset(_ENDING.sub("", word) for word in _WORD.findall(text.lower()) if word not in _EMPTY)


def _share(wanted: frozenset[str], present_words: frozenset[str]) -> float:
    """Return how many of the wanted words are there, in [0, 1]."""
    return len(wanted & present_words) / len(wanted)
