"""Turn a model's reply into text that may be shown: clean, and every sentence with a source that supports it.

*Clean* means text alone: no links, no HTML, no emphasis, no invisible characters. *Supported* means that a sentence
carries a mark of a shown passage, that this passage has every number of the sentence, and that they share words.
What is not supported is dropped; a reply that loses half of itself is refused.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from flywheel.answering.units import plain, sentences, squeezed
from flywheel.answering.words import content_words, covered, numbers
from flywheel.answering.written import MARK
from flywheel.model import Hit

_SHARED_WORDS = 0.34

_FENCED = re.compile(r"(```.*?(?:```|\Z))", re.DOTALL)
_MARK_FORMS = re.compile(
    r"[\[【]\^?\s*(?:(?:source|passage)s?\s*)?(\d{1,3}(?:\s*[,;&]\s*\d{1,3})*)\s*(?:†[^\]】]*)?[\]】]", re.I
)
_SLACK_LINK = re.compile(r"<(?:https?:|mailto:|tel:)[^>|]*\|([^>]*)>")
_SLACK_SPECIAL = re.compile(r"<[@#!][^>]*>")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_REFERENCE_LINK = re.compile(r"!?\[([^\]]*)\]\[[^\]\d][^\]]*\]|^\s*\[[^\]]+\]:\s*\S+.*$", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.\-]*://|www\.)[^\s<>\"'`)\]]+|\bmailto:[^\s<>)\]]+", re.IGNORECASE)
_LATE_MARKS = re.compile(r"([.!?…]+[\"'”’)]*)((?:\s*\[\d{1,3}\])+)")
_BULLET = re.compile(r"^\s*[-*+•]\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left of a reply. `kept` is the share of its characters that had a source, in [0, 1]."""

    text: str
    kept: float
    dropped: tuple[str, ...]


def check(reply: str, hits: Sequence[Hit], question: str) -> Checked:
    """Return the supported part of a reply; mark `[n]` means `hits[n - 1]`."""
    lines: list[str] = []
    dropped: list[str] = []
    for at, piece in enumerate(_FENCED.split(reply)):
        if at % 2:
            _keep_code(_without_invisible(piece), hits, lines, dropped)
        else:
            _keep_prose(clean(piece, hits), hits, question, (lines, dropped))
    lines = _without_stray_leads(lines)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    lost = sum(len(one) for one in dropped)
    total = len(text) + lost
    return Checked(text, len(text) / total if total else 0.0, tuple(dropped))


def clean(text: str, hits: Sequence[Hit]) -> str:
    """Return text without links, tags, emphasis and invisible characters; marks all look like `[1]`.

    A bare web address stays, as text, only if a shown passage has it letter by letter.
    """
    text = _without_invisible(text)
    text = _MARK_FORMS.sub(lambda form: "".join(f"[{n}]" for n in re.findall(r"\d+", form.group(1))), text)
    text = _SLACK_SPECIAL.sub("", _SLACK_LINK.sub(r"\1", text))
    text = _REFERENCE_LINK.sub(r"\1", _MARKDOWN_LINK.sub(r"\1", text))
    text = _TAG.sub("", text)
    text = _ADDRESS.sub(lambda address: _known(address.group(), hits), text)
    marks_kept = MARK.sub(r"⟦\1⟧", text)
    return plain(marks_kept).replace("⟦", "[").replace("⟧", "]")


def _keep_prose(text: str, hits: Sequence[Hit], question: str, kept_and_dropped: tuple[list[str], list[str]]) -> None:
    lines, dropped = kept_and_dropped
    for raw in text.splitlines():
        line = _LATE_MARKS.sub(_mark_first, _HEADING.sub("", raw)).strip()
        bullet = "• " if _BULLET.match(line) else ""
        kept = []
        for sentence in sentences(_BULLET.sub("", line)):
            supported = _supported(sentence, hits, question)
            if supported:
                kept.append(supported)
            elif content_words(sentence):
                dropped.append(sentence)
        if kept or not line:
            lines.append(bullet + " ".join(kept) if kept else "")


def _keep_code(block: str, hits: Sequence[Hit], lines: list[str], dropped: list[str]) -> None:
    """Keep a code block that a shown passage has word for word, and mark that passage."""
    body = squeezed(re.sub(r"^```[^\n]*\n?|```$", "", block))
    source = next((n for n, hit in enumerate(hits, 1) if body and body in squeezed(hit.text)), None)
    if source is None:
        dropped.append(body)
        return
    lines.extend([block if block.endswith("```") else f"{block}\n```", f"[{source}]"])


def _supported(sentence: str, hits: Sequence[Hit], question: str) -> str | None:
    """Return the sentence with its valid marks, the lead of a list as it is, or None."""
    cited = [hits[int(n) - 1] for n in MARK.findall(sentence) if 1 <= int(n) <= len(hits)]
    bare = squeezed(MARK.sub("", sentence))
    if not cited:
        return bare if bare.endswith(":") and not numbers(bare) else None
    text = " ".join(f"{hit.title} {' '.join(hit.heading_path)} {hit.text} {hit.updated_at or ''}" for hit in cited)
    if not numbers(bare) <= numbers(f"{text} {question}") | _parts_of_dates(cited):
        return None
    meaning = content_words(bare)
    if len(covered(meaning, content_words(text))) < _SHARED_WORDS * len(meaning):
        return None
    return MARK.sub(lambda mark: mark.group() if 1 <= int(mark.group(1)) <= len(hits) else "", sentence).strip()


def _parts_of_dates(hits: Sequence[Hit]) -> frozenset[str]:
    """Return day, month and year of the passages' own dates, which a model may name."""
    dates = [hit.updated_at for hit in hits if hit.updated_at]
    return frozenset(str(part) for date in dates for part in (date.day, date.month, date.year))


def _without_stray_leads(lines: list[str]) -> list[str]:
    """Drop lines that introduce a list of which nothing is left."""
    kept: list[str] = []
    for at, line in enumerate(lines):
        following = next((one for one in lines[at + 1 :] if one), "")
        if line.endswith(":") and not MARK.search(line) and not following.startswith(("•", "```")):
            continue
        kept.append(line)
    return kept


def _mark_first(late: re.Match[str]) -> str:
    """Return "so [1]." for "so. [1]": the mark belongs to the sentence before it."""
    return f" {''.join(late.group(2).split())}{late.group(1)}"


def _known(address: str, hits: Sequence[Hit]) -> str:
    bare = address.rstrip(".,;:!?")
    return address if any(bare in hit.text for hit in hits) else ""


def _without_invisible(text: str) -> str:
    """Return text without control, bidirectional, zero-width and tag characters (Unicode categories Cc, Cf, Co, Cs)."""
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs"}
    )
