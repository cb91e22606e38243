"""Make documents of talk: one of each thread, and one of each burst of talk outside of threads.

    burst    messages of one channel and day, each within GAP of the one before, LONGEST at most
    passage  messages that follow each other, each as "Ana Ruiz: …", with the address of the first one
    opening  how a thread began; it stands above every later passage, because answers do not repeat their question

Passages are searched without the names before each message: of 356 questions put to 975 threads of chat that did not
hold their words, 64 % found theirs among the first five, with the names 60 %.

Whoever took part is an author, with the messages they wrote; the question that began a thread counts nothing, so that
those who answer are found as people who know. Surprising: days are UTC days, and a burst ends at midnight.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from flywheel.holdings import Author
from flywheel.knowledge.blocks import Block, Shape, one_line
from flywheel.knowledge.chunks import TARGET, Piece, pieces, size
from flywheel.knowledge.identity import CUT, digest, document_id, passages_of
from flywheel.knowledge.preparing import Prepared
from flywheel.model import Document, Kind
from flywheel.store.talk import Said, external_id

GAP = timedelta(minutes=10)
"""Longest silence within a burst."""

LONGEST = 40
"""Messages of one burst at most."""

_FEWEST_WORDS = 5
_SHORT = TARGET // 5
_MOST_NAMED = 3
_LONGEST_OPENING = 150
_QUESTION = re.compile(r"\?\s*$")


NO_ADDRESS = "https://slack.com/"
"""Where messages stand of a workspace whose own address is not known."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as a source of documents.

    `label` is what readers know it by ("#general"), `access` who may read it, `address` the workspace's, with a slash
    at its end ("https://acme.slack.com/").
    """

    id: str
    label: str
    access: frozenset[str]
    source: str
    address: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A message, or a part of a long one: who said what, and the words alone. `number` counts messages from 1."""

    number: int
    text: str
    words: str


def talks(messages: Iterable[Said]) -> list[list[Said]]:
    """Return messages of one channel as the threads and bursts that they make, by when they begin."""
    ordered = sorted({one.ts: one for one in messages}.values(), key=lambda one: float(one.ts))
    answered = {one.root for one in ordered if one.root != one.ts}
    threads: dict[str, list[Said]] = {}
    loose: list[Said] = []
    for one in ordered:
        if one.root in answered:
            threads.setdefault(one.root, []).append(one)
        else:
            loose.append(one)
    found = [*threads.values(), *_bursts(loose)]
    worth = [talk for talk in found if sum(len(one.text.split()) + len(one.files) for one in talk) >= _FEWEST_WORDS]
    return sorted(worth, key=lambda talk: float(talk[0].root))


def prepared(channel: Channel, talk: Sequence[Said], known: str | None = None) -> Prepared:
    """Return a thread or burst as a document; `known` is the content hash that the store has of it, if any."""
    first, name = talk[0], external_id(channel.id, talk[0].root)
    identity = document_id(channel.source, name)
    title = f"{channel.label}, {_people(talk)}, {moment(first.root):%-d %b %Y}"
    passages = passages_of(identity, title, _pieces(talk))
    document = Document(
        id=identity,
        source=channel.source,
        external_id=name,
        title=title,
        kind=Kind.TEXT,
        content_hash=_content_hash(channel, title, talk),
        access=channel.access,
        url=permalink(channel, first),
        updated_at=moment(talk[-1].ts),
    )
    placed = (replace(one, url=permalink(channel, talk[(one.line or 1) - 1]), line=None) for one in passages)
    return Prepared(document, tuple(placed), known is None, authors=_authors(identity, talk))


def permalink(channel: Channel, one: Said) -> str:
    """Return the address of a message (docs.slack.dev, chat.getPermalink)."""
    address = f"{channel.address}archives/{channel.id}/p{one.ts.replace('.', '')}"
    return address if one.root == one.ts else f"{address}?thread_ts={one.root}&cid={channel.id}"


def moment(ts: str) -> datetime:
    """Return the time that a Slack timestamp names."""
    return datetime.fromtimestamp(float(ts), UTC)


def _bursts(loose: Sequence[Said]) -> Iterator[list[Said]]:
    for _, of_day in groupby(loose, key=lambda one: one.day):
        burst: list[Said] = []
        for one in of_day:
            if burst and (moment(one.ts) - moment(burst[-1].ts) > GAP or len(burst) >= LONGEST):
                yield burst
                burst = []
            burst.append(one)
        if burst:
            yield burst


def _people(talk: Sequence[Said]) -> str:
    """Return who took part: "Ana", "Ana and Ben", "Ana, Ben and 2 others"."""
    names = list(dict.fromkeys(one.name for one in talk))
    if len(names) > _MOST_NAMED:
        names = [*names[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} others"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _authors(document: str, talk: Sequence[Said]) -> tuple[Author, ...]:
    """Return who took part, with how much they wrote: the message that began a thread others answered says nothing."""
    alone = len({one.person for one in talk}) == 1
    counts = Counter(one.person for one in talk if alone or not _only_asks(one, talk[0]))
    last = {one.person: moment(one.ts) for one in talk}
    return tuple(Author(document, person, counts[person], last_at=at) for person, at in last.items())


def _only_asks(one: Said, first: Said) -> bool:
    began = one is first and one.root == one.ts
    return began or (one.person == first.person and bool(_QUESTION.search(one.text)))


def _pieces(talk: Sequence[Said]) -> list[Piece]:
    """Return a talk as pieces of about one idea; `line` is the number of the first message in it, counted from 1."""
    runs: list[list[_Line]] = []
    filled = 0
    for line in _lines(talk):
        more = size(line.text)
        if not runs or filled + more > TARGET:
            runs.append([])
            filled = 0
        runs[-1].append(line)
        filled += more
    if len(runs) > 1 and filled <= _SHORT:
        runs[-2:] = [runs[-2] + runs[-1]]
    return [
        Piece(
            "\n\n".join(one.text for one in run),
            heading_path=_opening(talk) if at else (),
            line=run[0].number,
            search_text="\n\n".join(one.words for one in run),
        )
        for at, run in enumerate(runs)
    ]


def _lines(talk: Sequence[Said]) -> Iterator[_Line]:
    """Yield each message as who said what; a long one in parts that each say who."""
    for number, one in enumerate(talk, 1):
        for part in _parts(one.text):
            yield _Line(number, f"{one.name}: {part}", part)
        if one.files:
            files = ", ".join(one.files)
            yield _Line(number, f"{one.name} attached {files}", files)


def _parts(text: str) -> list[str]:
    if size(text) <= TARGET:
        return [text] if text else []
    blocks = [Block(part, _shape(part)) for part in re.split(r"\n\s*\n", text)]
    return [piece.text for piece in pieces(blocks) if piece.kind is Kind.TEXT]


def _shape(part: str) -> Shape:
    return Shape.CODE if part.startswith("```") else Shape.PARAGRAPH


def _opening(talk: Sequence[Said]) -> tuple[str, ...]:
    said = one_line(talk[0].text)
    if talk[0].root != talk[0].ts or not said:
        return ()
    return (said if len(said) <= _LONGEST_OPENING else f"{said[: _LONGEST_OPENING - 1]}…",)


def _content_hash(channel: Channel, title: str, talk: Sequence[Said]) -> str:
    told = [part for one in talk for part in (one.ts, one.person, one.name, one.text, *one.files)]
    return digest(CUT, channel.address, title, str(sorted(channel.access)), *told)
