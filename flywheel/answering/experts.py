"""Name the people to ask, and why.

People are named as the retriever names them: by id where they are known in the workspace, so that whoever shows the
answer can show their name. The sources are the documents that tie them to the topic.
"""

import re
from collections.abc import Sequence

from flywheel.answering.written import Written, cite
from flywheel.model import Hit, Retriever
from flywheel.retrieval.people import asks_for_people, topic

WRITER = "people"

FLOOR = 0.4
"""Score below which nobody is named: less than owning a document whose passage has half to do with the topic."""

SUREST = 0.95
"""Confidence of the surest answer: what documents say about people is seldom up to date everywhere."""

MOST = 3
"""How many people are named."""

_CLOSE = 0.6  # of the best score: who is far behind the best is not worth a disturbance
_LONGEST_TOPIC = 80
_NUMBERS = ("Nobody", "One person", "Two people", "Three people")
_QUOTED = re.compile(r"“[^“”]*”")
_MARK = re.compile(r"\[(\d{1,3})\]")


def write(question: str, hits: Sequence[Hit]) -> Written | None:
    """Return whom to ask about what the question is about; None when nobody is near enough to it.

    The confidence is the best person's score, at most `SUREST`.
    """
    people = [hit for hit in hits if hit.retriever is Retriever.PEOPLE]
    best = max((hit.score for hit in people), default=0.0)
    named = [hit for hit in people if hit.score >= max(FLOOR, _CLOSE * best)][:MOST]
    if not named:
        return None
    sources = _sources(named, hits)
    numbers = {hit.document_id: n for n, hit in enumerate(sources, 1)}
    lines = [f"• {_plain(hit.title)} — {_with_marks(hit, numbers)}" for hit in named]
    about = _plain(topic(question))[:_LONGEST_TOPIC] if asks_for_people(question) else "this"
    text, citations = cite("\n".join([f"{_NUMBERS[len(named)]} to ask about {about}:", *lines]), sources)
    return Written(text, WRITER, citations, confidence=min(best, SUREST))


def _sources(named: Sequence[Hit], hits: Sequence[Hit]) -> list[Hit]:
    """Return the best passage of each document that is a reason, in the order of the reasons."""
    passages = {hit.document_id: hit for hit in reversed(hits) if hit.is_passage}
    order = dict.fromkeys(document for hit in named for document in _documents(hit))
    return [passages[document] for document in order if document in passages]


def _with_marks(person: Hit, numbers: dict[str, int]) -> str:
    """Return the reasons with a mark behind each document, which they name in the order of `_documents`."""
    documents = iter(_documents(person))

    def marked(title: re.Match[str]) -> str:
        number = numbers.get(next(documents, ""))
        return f"{title.group()} [{number}]" if number else title.group()

    return _QUOTED.sub(marked, person.text)


def _documents(person: Hit) -> list[str]:
    return person.detail.get("documents", "").split()


def _plain(text: str) -> str:
    return _MARK.sub(r"(\1)", " ".join(text.split()))
