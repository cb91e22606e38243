"""Files for fine-tuning hold grounded conversations that everybody may read, and nothing twice on both sides."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, approve, suggest
from flywheel.learning import chat_export
from flywheel.learning.chat_export import NO_SOURCE
from flywheel.model import Signal, SignalKind
from flywheel.signals.record import record
from tests.parts import StoppedClock, answered, know, make_core

LIKED = 12


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core where twelve answers from two passages each were liked, one a day."""
    made = make_core(tmp_path, admins=frozenset({"U9"}))
    for number in range(LIKED):
        know(made, f"ship{number}.md", f"Ship{number} berths here.", f"Ask ada{number}@example.com.")
        cites = [f"ship{number}.md:1", f"ship{number}.md:0"]
        liked(made, number, f"It berths here. [2] Ask ada{number}@example.com. [1]", cites)
    return made


def liked(core: Core, number: int, text: str, cites: list[str]) -> None:
    assert isinstance(core.now, StoppedClock)
    core.now.advance(timedelta(days=1))
    answered(core, f"a{number}", question=f"Where does ship{number} lie?", text=text, cites=cites, person=f"U{number}")
    record(core, Signal(f"k{number}", f"a{number}", SignalKind.THUMBS_UP, f"U{number}", core.now()))


def conversations(folder: Path, name: str) -> list[list[dict[str, Any]]]:
    return [json.loads(line)["messages"] for line in (folder / name).read_text().splitlines()]


def test_a_conversation_has_rules_passages_question_and_answer(core: Core, tmp_path: Path) -> None:
    chat_export.write(core, tmp_path / "out")

    rules, asked, answer = conversations(tmp_path / "out", "train.jsonl")[0]
    assert [one["role"] for one in (rules, asked, answer)] == ["system", "user", "assistant"]
    assert asked["content"].endswith("Question: Where does ship0 lie?")
    assert answer["content"] == "It berths here. [2] Ask [email]. [1]"


def test_passages_are_numbered_as_the_marks_number_them(core: Core, tmp_path: Path) -> None:
    chat_export.write(core, tmp_path / "out")

    _, asked, _ = conversations(tmp_path / "out", "train.jsonl")[0]
    first, second = asked["content"].split("--- passage ")[1:]
    assert ("Ask [email]." in first, "Ship0 berths here." in second) == (True, True)


def test_personal_data_stand_nowhere(core: Core, tmp_path: Path) -> None:
    chat_export.write(core, tmp_path / "out")

    assert "@example.com" not in "".join(one.read_text() for one in (tmp_path / "out").iterdir())


def test_the_newer_questions_validate(core: Core, tmp_path: Path) -> None:
    card = chat_export.write(core, tmp_path / "out")

    asked = [one[1]["content"].rsplit("ship", 1)[1] for one in conversations(tmp_path / "out", "validation.jsonl")]
    assert asked == [f"{number} lie?" for number in range(8, 12)]
    assert card.counts == {"train.jsonl": 8, "validation.jsonl": 4}


def test_the_same_ledger_writes_the_same_bytes_and_the_card_has_their_hash(core: Core, tmp_path: Path) -> None:
    first = chat_export.write(core, tmp_path / "one")
    second = chat_export.write(core, tmp_path / "two")

    written = (tmp_path / "two" / "train.jsonl").read_bytes()
    assert first.hashes == second.hashes
    assert first.hashes["train.jsonl"] == hashlib.sha256(written).hexdigest()


def test_an_answer_without_marks_is_left_out_and_counted(core: Core, tmp_path: Path) -> None:
    liked(core, 99, "It berths somewhere.", ["ship1.md:0"])

    assert chat_export.write(core, tmp_path / "out").left_out == {NO_SOURCE: 1}


def test_a_correction_with_one_source_is_marked_with_it(core: Core, tmp_path: Path) -> None:
    know(core, "quay.md", "All ships berth at quay 7.")
    made = suggest(core, Suggestion("c", "a0", "U2", "At quay 7.", "quay.md"))
    approve(core, made.id, "U9")

    chat_export.write(core, tmp_path / "out")
    answers = [one[-1]["content"] for one in conversations(tmp_path / "out", "train.jsonl")]
    assert "At quay 7. [1]" in answers
    assert "It berths here. [2] Ask [email]. [1]" in answers


def test_nothing_liked_writes_empty_files_and_a_card_that_says_so(tmp_path: Path) -> None:
    card = chat_export.write(make_core(tmp_path), tmp_path / "out")

    assert card.told()["conversations"] == {"train.jsonl": 0, "validation.jsonl": 0}
    assert card.told()["enough"] is False
