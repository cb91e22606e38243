"""A day of talk is made into documents while more is said and deleted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.knowledge.slack_days import bring_up_to_date
from flywheel.model import Audience
from flywheel.ports import Vectors
from flywheel.store import documents, followed, talk
from flywheel.store.followed import Followed
from flywheel.store.talk import Said, State
from tests.parts import HashingEncoder, make_core

_TS = "1793707200.000100"  # 3 November 2026, 12:00 UTC
_DAY = "2026-11-03"
_SAID = Said("C1", _TS, _TS, "U1", "Ana", "the anchor lies in the cellar below")


@dataclass(frozen=True, slots=True)
class Interrupted:
    """An encoder while which something happens."""

    meanwhile: Callable[[], None]
    name: str = "hashing-384"
    dimensions: int = 384

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return what the real one does."""
        self.meanwhile()
        return HashingEncoder().encode(texts)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = make_core(tmp_path)
    with core.database.begin() as db:
        followed.put(db, Followed("C1", "general", is_open=True))
        talk.put(db, _SAID)
    yield core
    core.database.close()


def found(core: Core, word: str) -> list[str]:
    """Return the ids of the passages that everybody finds by a word."""
    return [one.passage_id for one in core.words.match(word, Audience.everyone(), 10)]


def test_what_is_deleted_while_its_document_is_made_is_not_stored(core: Core) -> None:
    def delete() -> None:
        with core.database.begin() as db:
            talk.set_aside(db, "C1", _TS, State.GONE)

    assert bring_up_to_date(replace(core, encoder=Interrupted(delete)), "C1", _DAY) == 0
    assert not found(core, "anchor")


def test_a_channel_that_closes_while_its_document_is_made_is_stored_closed(core: Core) -> None:
    def close() -> None:
        with core.database.begin() as db:
            followed.put(db, Followed("C1", "general", is_open=False))

    bring_up_to_date(replace(core, encoder=Interrupted(close)), "C1", _DAY)

    assert not found(core, "anchor")


def test_a_channel_that_is_not_read_any_more_is_left_alone(core: Core) -> None:
    with core.database.begin() as db:
        followed.remove(db, ["C1"])

    assert bring_up_to_date(core, "C1", _DAY) == 0


def test_the_same_day_again_changes_nothing(core: Core) -> None:
    assert [bring_up_to_date(core, "C1", _DAY) for _ in range(2)] == [1, 0]


def test_what_stays_is_not_encoded_again(core: Core) -> None:
    bring_up_to_date(core, "C1", _DAY)
    encoded: list[int] = []
    with core.database.begin() as db:
        talk.put(db, replace(_SAID, ts="1793800000.000100", root="1793800000.000100", text="the oar is in the attic"))

    bring_up_to_date(replace(core, encoder=Interrupted(lambda: encoded.append(1))), "C1", _DAY)

    assert encoded == []


def test_a_loose_message_that_gets_a_reply_becomes_a_thread(core: Core) -> None:
    second = replace(_SAID, ts="1793707260.000100", root="1793707260.000100", text="and the oar is in the attic")
    with core.database.begin() as db:
        talk.put(db, second)
    bring_up_to_date(core, "C1", _DAY)
    with core.database.begin() as db:
        talk.put(db, replace(second, ts="1793707290.000100", text="yes, behind the old door", person="U2", name="Ben"))

    bring_up_to_date(core, "C1", _DAY)

    with core.database.read() as db:
        names = sorted(name for _, name in documents.in_source(db, "slack:C1"))
    assert names == [f"slack/C1/{_TS}", "slack/C1/1793707260.000100"]


def test_an_old_wording_that_comes_late_does_not_replace_the_edit(core: Core) -> None:
    with core.database.begin() as db:
        talk.put(db, replace(_SAID, text="the anchor lies in the attic", edited="1793707300.000000"))
        changed = talk.put(db, _SAID)

    assert not changed
