"""Write what people approved and liked as files for fine-tuning a language model.

    train.jsonl         OpenAI's chat format for fine-tuning, one conversation a line
    validation.jsonl    the newer part: no question, wording, thread or meaning of it is in train.jsonl
    card.json           counts, what was left out and why, and the SHA-256 of both files

A conversation is the one that answering has with a model: the rules, the passages that the answer cites, numbered as
its marks number them, the question, the answer. So a model learns to answer from passages, not to know the company by
heart. Everybody may read all of it, and personal data are taken out, as from every candidate. The same ledger writes
the same bytes.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from flywheel.answering.prompt import messages
from flywheel.answering.written import MARK
from flywheel.core import Core
from flywheel.curation.candidates import Candidate, Quality, candidates
from flywheel.curation.dataset import Group, thread_of
from flywheel.curation.redaction import redact
from flywheel.curation.split import split
from flywheel.model import Audience, Hit
from flywheel.ports import ChatMessage
from flywheel.store import passages

FILES = ("train.jsonl", "validation.jsonl")
FEWEST = 10
"""Conversations that OpenAI's fine-tuning asks for at least (its guide to supervised fine-tuning)."""
NO_QUESTION = "the question is gone"
NO_SOURCE = "its marks do not name its passages one by one"


@dataclass(frozen=True, slots=True)
class Card:
    """What was written: how many conversations each file has, its SHA-256, and what was left out, by reason."""

    counts: Mapping[str, int]
    hashes: Mapping[str, str]
    left_out: Mapping[str, int]
    qualities: Mapping[str, int]
    boundary: str | None

    def told(self) -> dict[str, object]:
        """Return it as JSON; `enough` says whether there are as many as a fine-tuning asks for."""
        return {
            "format": "OpenAI chat fine-tuning (JSONL)",
            "conversations": dict(self.counts),
            "enough": self.counts[FILES[0]] >= FEWEST,
            "sha256": dict(self.hashes),
            "left_out": dict(self.left_out),
            "qualities": dict(self.qualities),
            "boundary": self.boundary,
        }


@dataclass(frozen=True, slots=True)
class _Conversation:
    candidate: Candidate
    group: Group
    hits: tuple[Hit, ...]
    answer: str


def write(core: Core, folder: Path, least: Quality = Quality.HIGH) -> Card:
    """Write the files into a folder, which is made, and return their card."""
    left_out: Counter[str] = Counter()
    found = list(_conversations(core, candidates(core, least), left_out))
    by_id = {one.group.question_id: one for one in found}
    groups = [one.group for one in by_id.values()]
    parts = split(groups, _encoded(core, groups))
    kept = len(parts.train) + len(parts.heldout)
    left_out["the same question stands in the other file, or its author does"] += len(groups) - kept
    left_out["answered again"] += len(found) - len(groups)
    folder.mkdir(parents=True, exist_ok=True)
    counts, hashes = {}, {}
    for name, side in zip(FILES, (parts.train, parts.heldout), strict=True):
        content = "".join(_line(by_id[one.question_id]) for one in side).encode()
        (folder / name).write_bytes(content)
        counts[name], hashes[name] = len(side), hashlib.sha256(content).hexdigest()
    card = Card(
        counts,
        hashes,
        {reason: count for reason, count in sorted(left_out.items()) if count},
        Counter(by_id[one.question_id].candidate.quality.value for one in (*parts.train, *parts.heldout)),
        parts.boundary.isoformat() if parts.boundary else None,
    )
    (folder / "card.json").write_text(json.dumps(card.told(), indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return card


def _conversations(core: Core, found: Sequence[Candidate], left_out: Counter[str]) -> Iterable[_Conversation]:
    """Yield candidates with their passages, the least trusted first, so that of a question the best one stays."""
    for one in reversed(found):
        origin = one.origin
        if origin is None:
            left_out[NO_QUESTION] += 1
            continue
        with core.database.read() as db:
            hits = tuple(passages.hits(db, origin.cited, Audience.everyone()))
        answer = _marked(one, hits)
        if not answer:
            left_out[NO_SOURCE] += 1
            continue
        asked = origin.question
        group = Group(asked.id, one.input, origin.person, asked.asked_at, thread_of(asked), ())
        yield _Conversation(one, group, hits, answer)


def _marked(one: Candidate, hits: Sequence[Hit]) -> str:
    """Return the answer with marks that mean these passages, or nothing where it has none that could.

    A correction has no marks: it gets the mark of its source where that is one passage.
    """
    marks = {int(mark) for mark in MARK.findall(one.ideal_output)}
    if one.quality is Quality.VERY_HIGH and not marks:
        return f"{one.ideal_output} [1]" if len(hits) == 1 else ""
    return one.ideal_output if marks and max(marks) <= len(hits) == len(one.positives) and not one.negatives else ""


def _line(one: _Conversation) -> str:
    seed = int(hashlib.sha256(one.group.question_id.encode()).hexdigest()[:12], 16)
    asked = messages(one.group.text, one.hits, (), Random(seed))  # noqa: S311 - fences, the same each time
    rows = [ChatMessage(each.role, redact(each.content)) for each in asked]
    said = [*rows, ChatMessage("assistant", one.answer)]
    return json.dumps({"messages": [{"role": each.role, "content": each.content} for each in said]}) + "\n"


def _encoded(core: Core, groups: Sequence[Group]) -> np.ndarray:
    if not groups:
        return np.zeros((0, core.encoder.dimensions), dtype=np.float32)
    return core.encoder.encode([one.text for one in groups])
