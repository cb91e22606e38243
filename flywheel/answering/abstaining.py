"""Say that nothing was found: what was looked at, and whom to ask instead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flywheel.model import Hit, Retriever

WRITER = "abstained"

_NAMED = 3
_LONGEST_TITLE = 80
_NEAR = 0.3
"""Cosine below which a document has nothing to do with the question, so that its owner is not bothered."""

_PLACES = {
    Retriever.DOCUMENTS: "the texts you can read",
    Retriever.CODE: "the code you can read",
    Retriever.TABLES: "the tables you can read",
    Retriever.IMAGES: "the pictures you can see",
    Retriever.PEOPLE: "what is known about who does what",
    Retriever.ANSWERS: "the answers that your colleagues approved",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """Where an answer was looked for: the hits, best first, and how many documents the asker can read.

    `missing` are the things that the question names and none of the hits mentions; `asked_for` is the retriever that a
    person chose, if one did.
    """

    hits: Sequence[Hit]
    documents: int
    admins: Collection[str]
    missing: Sequence[str] = ()
    asked_for: Retriever | None = None


def text(looked: Looked) -> str:
    """Return the message of an answer that is none. People are named by their ids."""
    if looked.documents == 0:
        return f"I can't answer this: there is no document yet that you can read. {_ask(None, looked.admins)}".strip()
    nearest = _nearest(looked.hits)
    count = "the one document" if looked.documents == 1 else f"the {looked.documents:,} documents"
    parts = [f"I found nothing that answers this in {_where(looked.asked_for, count)}."]
    if looked.missing:
        parts.append(f"Nothing I found mentions {' or '.join(f'“{one}”' for one in looked.missing)}.")
    if nearest:
        titles = ", ".join(f"“{hit.title[:_LONGEST_TITLE]}”" for hit in nearest)
        parts.append(f"What came closest: {titles}.")
    owner = next((hit for hit in nearest if hit.owner and hit.features.get("dense", 1.0) >= _NEAR), None)
    parts.append(_ask(owner, looked.admins))
    return " ".join(part for part in parts if part)


def _where(asked_for: Retriever | None, count: str) -> str:
    return f"{count} you can read" if asked_for is None else _PLACES[asked_for]


def _nearest(hits: Sequence[Hit]) -> list[Hit]:
    by_title = {hit.title: hit for hit in reversed(hits) if hit.is_passage and hit.title}
    order = [hit for hit in hits if by_title.get(hit.title) is hit]
    return order[:_NAMED]


def _ask(nearest: Hit | None, admins: Collection[str]) -> str:
    if nearest is not None:
        return f"You could ask {nearest.owner}, who looks after “{nearest.title[:_LONGEST_TITLE]}”."
    if admins:
        return f"You could ask an administrator: {', '.join(sorted(admins)[:_NAMED])}."
    return "You could ask somebody who looks after these documents."
