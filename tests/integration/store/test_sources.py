"""Where passages come from."""

from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.model import PUBLIC
from flywheel.store import sources
from flywheel.store.database import Database
from tests.parts import know, make_core


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    made = make_core(tmp_path, database=database)
    know(made, "VPN.md", "Install the client.", "Start it.")
    know(made, "pay.md", "Pay day is the 25th.", access=["channel:C1", "user:U1"])
    return made


def test_passages_carry_the_labels_of_their_documents(core: Core) -> None:
    with core.database.read() as db:
        labels = sources.labels_of(db, ["VPN.md:1", "pay.md:0"])

    assert labels == {"VPN.md:1": {PUBLIC}, "pay.md:0": {"channel:C1", "user:U1"}}


def test_passages_that_are_gone_have_no_labels(core: Core) -> None:
    with core.database.read() as db:
        assert sources.labels_of(db, ["gone"]) == sources.labels_of(db, []) == {}


@pytest.mark.parametrize("name", ["VPN.md", "vpn", "https://wiki.example/VPN.md"])
def test_a_document_is_named_by_id_title_or_address(core: Core, name: str) -> None:
    with core.database.read() as db:
        assert sources.passages_named(db, name) == ("VPN.md:0", "VPN.md:1")


@pytest.mark.parametrize("name", ["Årsplan", "årsplan", "ÅRSPLAN"])
def test_a_title_with_letters_beyond_ascii_is_known_in_any_case(core: Core, name: str) -> None:
    know(core, "Årsplan.md", "Week 1: begin.")

    with core.database.read() as db:
        assert sources.passages_named(db, name) == ("Årsplan.md:0",)


def test_a_name_that_two_documents_share_names_neither(core: Core) -> None:
    know(core, "vpn.txt", "Another one.")

    with core.database.read() as db:
        assert sources.passages_named(db, "vpn") == ()


def test_a_passage_is_found_by_either_id(core: Core) -> None:
    with core.database.read() as db:
        assert sources.passage_of(db, passage_id="VPN.md:1", external_id=None) == ("VPN.md:1", "VPN.md")
        assert sources.passage_of(db, passage_id=None, external_id="VPN.md") == ("VPN.md:0", "VPN.md")
        assert sources.passage_of(db, passage_id=None, external_id="gone.md") is None


def test_texts_come_in_the_order_asked_for_without_those_that_are_gone(core: Core) -> None:
    with core.database.read() as db:
        texts = sources.texts_of(db, ["VPN.md:1", "gone", "VPN.md:0"])

    assert texts == ["Start it.", "Install the client."]
