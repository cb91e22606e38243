"""Why this answer?: how a question was understood, where it was looked up, what was found, and how sure it was."""

import re
from dataclasses import dataclass

from bot.blocks import limits
from bot.blocks.credit import Blame, credit_blocks
from bot.blocks.message import Block, context, modal, section
from bot.blocks.route import percent
from bot.blocks.text import inert, person, plain
from flywheel.model import Answer, Retriever

_LISTED = 10
_LONGEST_QUESTION = 500
_LONGEST_LINE = 160
_HASH = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{4,}\b")
_ASKER = re.compile(r"\b[UW][A-Z0-9]+(?= asked for it)")


@dataclass(frozen=True, slots=True)
class Found:
    """A hit that the reader of the trace may see. `score` is in [0, 1]; `n` is its number among the sources."""

    title: str
    retriever: Retriever
    score: float
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer with its question as asked and as understood, and what was found for it, best first.

    `hidden` counts what the reader of the trace may not see, or what is gone. `blame` tells which part people's
    complaints are about, None where there is none.
    """

    answer: Answer
    question: str
    standalone: str
    found: tuple[Found, ...]
    hidden: int = 0
    blame: Blame | None = None


def trace_view(trace: Trace) -> Block:
    """Render the modal."""
    parts = (
        _part("Question", _question(trace)),
        _part("Where I looked", _route(trace.answer)),
        _part("What I found", _found(trace)),
        _part("How sure", _sureness(trace.answer)),
        _part("What happened", _happened(trace)),
    )
    blocks = [section(part) for part in parts if part]
    blocks += [*credit_blocks(trace.blame), *_technical(trace.answer)]
    return modal("Why this answer?", blocks, callback_id="trace", about="-")


def gone_view() -> Block:
    """Render what is shown where the answer or its question is gone."""
    return modal("Why this answer?", [section("This question was deleted.")], callback_id="trace", about="-")


def _part(title: str, lines: list[str]) -> str:
    return "\n".join([f"*{title}*", *lines]) if lines else ""


def _question(trace: Trace) -> list[str]:
    asked = inert(limits.clip(plain(trace.question), _LONGEST_QUESTION))
    understood = inert(limits.clip(plain(trace.standalone), _LONGEST_QUESTION))
    return [asked] if understood in {"", asked} else [asked, f"Understood as: {understood}"]


def _route(answer: Answer) -> list[str]:
    routing = answer.routing
    searched = set(routing.searched or answer.route)
    ranked = sorted(answer.route.items(), key=lambda entry: -entry[1])
    lines = [
        f"• {inert(name)} {percent(share)}{'' if name in searched else ' · not searched'}" for name, share in ranked
    ]
    return [*lines, _choice(answer)] if ranked else []


def _choice(answer: Answer) -> str:
    routing = answer.routing
    if routing.asked_for:
        return f"Somebody chose {inert(routing.asked_for)} by hand."
    if routing.explored:
        return f"Chance had a say, so that I learn: this choice has a probability of {routing.propensity:.2g}."
    if routing.sure:
        together = sum(answer.route.get(name, 0.0) for name in routing.searched)
        return f"I was sure enough: {percent(together)} against a threshold of {percent(routing.threshold)}."
    if len(routing.searched) > 1:
        return f"{_doubt(answer)}, so I looked everywhere."
    return "There was one place to look."


def _doubt(answer: Answer) -> str:
    """Say why the router was not sure.

    Its threshold counts for what it judged; the shares shown are of the retrievers there are, and may be above it.
    """
    threshold = answer.routing.threshold
    best = max((share for name, share in answer.route.items() if name != Retriever.ANSWERS), default=0.0)
    if threshold >= 1:
        return "I have not learned to choose yet"
    if best >= threshold:
        return "I was not sure that anything here answers this"
    return f"I was not sure: {percent(best)} is below the threshold of {percent(threshold)}"


def _found(trace: Trace) -> list[str]:
    lines = [_hit(number, one) for number, one in enumerate(trace.found[:_LISTED], 1)]
    more = len(trace.found) - _LISTED
    if more > 0:
        lines.append(f"and {more} more")
    if trace.hidden:
        lines.append(f"{trace.hidden} you cannot see")
    count = trace.answer.routing.withheld
    noun, them = ("passage was", "it") if count == 1 else ("passages were", "them")
    dropped = f"{count:,} {noun} left out, because not everybody who reads the answer may read {them}."
    return [*(lines or ["Nothing."]), *([dropped] if count else ["Nothing was left out for want of access."])]


def _hit(number: int, one: Found) -> str:
    title = inert(limits.clip(plain(one.title), _LONGEST_LINE)) or "Untitled"
    if one.retriever is Retriever.PEOPLE:
        title = person(one.title)
    cited = f" · source [{one.n}]" if one.n else ""
    return f"{number}. {title} · {one.retriever.value} · {percent(one.score)}{cited}"


def _sureness(answer: Answer) -> list[str]:
    line = answer.routing.line
    if answer.verified_answer_id:
        return ["Colleagues approved this answer."]
    if not line:
        return [f"Confidence {percent(answer.confidence)}."]
    verdict = "nothing was good enough" if answer.abstained else "so it was given"
    return [f"Confidence {percent(answer.confidence)}; an answer is given from {percent(line)} on, {verdict}."]


def _happened(trace: Trace) -> list[str]:
    """Return the trace's lines, to those who may read all that was found: any of them may name a document."""
    if trace.hidden and trace.answer.trace:
        return ["This is told to those who may read everything that was found."]
    lines = trace.answer.trace
    return [f"• {_with_mentions(inert(limits.clip(plain(line), 2 * _LONGEST_LINE)))}" for line in lines]


def _with_mentions(line: str) -> str:
    return _ASKER.sub(lambda found: person(found.group()), line)


def _technical(answer: Answer) -> list[Block]:
    stages = " · ".join(f"{inert(stage)} {round(spent)} ms" for stage, spent in answer.timings_ms.items())
    versions = " · ".join(f"{inert(part)} {_short(name)}" for part, name in answer.versions.items())
    return [
        context(line)
        for line in (f"Time: {stages}" if stages else "", f"Versions: {versions}" if versions else "")
        if line
    ]


def _short(version: str) -> str:
    return inert(limits.clip(_HASH.sub(r"\1", plain(version)), 40))
