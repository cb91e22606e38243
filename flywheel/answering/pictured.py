"""Answer with a picture: what it is, and the lines written in it that answer the question.

    lead   the sentence of caption, alternative text or description that is nearest to the question
    lines  what is written in the picture, as it was read: those with the question's words, and what follows the best

An image file and a page that shows it are two sources of one picture; what either says is marked as its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flywheel.answering.units import plain, sentences
from flywheel.answering.words import content_words, covered
from flywheel.answering.written import Quote, Written, cite
from flywheel.holdings import Picture
from flywheel.knowledge.pictures import WORDS_FOLLOW
from flywheel.model import Hit, Kind

WRITER = "pictured"
LONGEST_ALT = 2_000
"""Characters of a picture's text for people who cannot see it (docs.slack.dev, image block)."""

_AMONG = 3  # the first passages
_NEAR = 0.9  # of the best passage's score
_COVERED = 0.5  # of the question's words that the sources of a picture must have
_MOST_LINES = 3
_LONGEST_LEAD = 400
_LONGEST_LINE = 240
_PICTURE_WANTED = re.compile(
    r"\b(?:pictures?|images?|photos?|charts?|graphs?|plots?|diagrams?|drawings?|plans?|maps?|figures?|screenshots?"
    r"|scans?|logos?|sketch(?:es)?|slides?|look like|looks like)\b",
    re.IGNORECASE,
)
_AMOUNT_WANTED = re.compile(
    r"\b(?:how much|pay|paid|charged?|costs?|totals?|amounts?|price|invoiced?)\b", re.IGNORECASE
)
_AMOUNT = re.compile(r"\b(?:total|amount|sum|net|gross|due|balance)\b.*\d", re.IGNORECASE)
_TELLS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class _Told:
    """What a hit says of its picture: sentences about it, and the lines that are written in it."""

    hit: Hit
    sentences: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The question's content words, those that the lead has said, and whether an amount is asked for."""

    words: list[str]
    said: list[str]
    amount: bool

    def score(self, line: str) -> int:
        """Return how much a line has of what is wanted, 0 for one without any of it."""
        names_amount = self.amount and _AMOUNT.search(line) is not None
        return len(covered(self.words, content_words(line))) + 2 * names_amount

    def is_news(self, line: str) -> bool:
        """Tell whether a line has more than the question and the lead."""
        words = content_words(line)
        return len(covered(words, [*self.words, *self.said])) < len(words)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in its place among those of its source, which counts from 1."""

    source: int
    place: int
    text: str


def write(question: str, hits: Sequence[Hit]) -> Written | None:
    """Answer with the picture that was found first or nearly so; None when there is none or it says too little."""
    best = _best(question, [hit for hit in hits if hit.is_passage])
    if best is None:
        return None
    told = [_told(hit) for hit in _sources(best, hits)]
    wanted = content_words(question)
    known = content_words(" ".join(f"{one.hit.title} {' '.join(one.hit.heading_path)} {one.hit.text}" for one in told))
    if not wanted or len(covered(wanted, known)) < _COVERED * len(wanted):
        return None
    lead = _lead(wanted, told)
    lines = _lines(_Wanted(wanted, content_words(lead), bool(_AMOUNT_WANTED.search(question))), told)
    if not lead and not lines:
        return None
    shown = lead or f"The picture “{plain(best.title)}” says: [1]"
    body = "\n".join(f"• {line.text} [{line.source}]" for line in lines)
    text, citations = cite("\n\n".join(one for one in (shown, body) if one), [one.hit for one in told])
    quotes = tuple(Quote(line.text, told[line.source - 1].hit.passage_id) for line in lines)
    return Written(text, WRITER, citations, quotes, pictures=pictures_of([best]))


def pictures_of(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the ids of the pictures that these hits are about, in their order, each once."""
    return tuple(dict.fromkeys(hit.detail["picture"] for hit in hits if hit.detail.get("picture")))


def alt_text(picture: Picture) -> str:
    """Return what a picture shows for people who cannot see it, at most 2,000 characters, never empty."""
    said = dict.fromkeys(one.strip() for one in (picture.alt, picture.caption, picture.description) if one.strip())
    words = "; ".join(line for line in picture.words.split("\n") if _TELLS.search(line))
    parts = [*said, f"{WORDS_FOLLOW} {words}" if words else ""]
    text = "\n".join(one for one in parts if one) or "A picture without a description"
    return text if len(text) <= LONGEST_ALT else f"{text[: LONGEST_ALT - 1]}…"


def _best(question: str, found: Sequence[Hit]) -> Hit | None:
    """Return the first hit about a picture if it leads, or, where a picture is asked for, is nearly as good."""
    among = found if _PICTURE_WANTED.search(question) else found[:1]
    near = (hit for hit in among[:_AMONG] if hit.score >= _NEAR * found[0].score)
    return next((hit for hit in near if hit.kind is Kind.IMAGE and hit.detail.get("picture")), None)


def _sources(best: Hit, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits about the best one's picture, itself first."""
    same = [hit for hit in hits if hit.is_passage and hit.detail.get("picture") == best.detail["picture"]]
    return [best, *(hit for hit in same if hit.passage_id != best.passage_id)]


def _told(hit: Hit) -> _Told:
    paragraphs = hit.text.split("\n\n")
    written = [one for one in paragraphs if one.startswith(WORDS_FOLLOW)]
    about = [line for one in paragraphs if one not in written for line in one.split("\n")]
    lines = [line for one in written for line in one.split("\n")[1:]]
    named = hit.title.casefold()
    said = [one for line in about if line.casefold() != named for one in sentences(plain(line))]
    return _Told(hit, tuple(said), tuple(plain(line)[:_LONGEST_LINE] for line in lines if _TELLS.search(line)))


def _lead(wanted: list[str], told: Sequence[_Told]) -> str:
    """Return the sentence about the picture with most of the wanted words, the first of several; marked."""
    best, most = "", -1
    for source, one in enumerate(told, 1):
        for sentence in one.sentences:
            count = len(covered(wanted, content_words(sentence)))
            if count > most and len(sentence) <= _LONGEST_LEAD:
                best, most = f"{sentence} [{source}]", count
    return best


def _lines(wanted: _Wanted, told: Sequence[_Told]) -> list[_Line]:
    """Return the written lines that answer, in their order: those with wanted words and news.

    Where the best line only repeats what the question has and the lead has not, as an error's code does, what follows
    it is the news.
    """
    every = [_Line(source, place, text) for source, one in enumerate(told, 1) for place, text in enumerate(one.lines)]
    ranked = sorted(every, key=lambda line: -wanted.score(line.text))
    if not ranked or not wanted.score(ranked[0].text):
        return []
    chosen = [line for line in ranked if wanted.score(line.text) and wanted.is_news(line.text)][:_MOST_LINES]
    best = ranked[0]
    after = next((line for line in every if (line.source, line.place) == (best.source, best.place + 1)), None)
    unsaid = set(covered(wanted.words, content_words(best.text))) - set(covered(wanted.words, wanted.said))
    if best not in chosen and after is not None and unsaid:
        chosen = [best, after, *chosen][:_MOST_LINES]
    return sorted(dict.fromkeys(chosen), key=lambda line: (line.source, line.place))
