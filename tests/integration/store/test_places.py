"""Where passages stand, for those who decide what may train."""

from pathlib import Path

from flywheel.core import Core
from flywheel.model import Retriever
from flywheel.store import places
from flywheel.store.database import Database
from flywheel.store.places import Place
from tests.parts import MOMENT, know, make_core


def company(database: Database, tmp_path: Path) -> Core:
    made = make_core(tmp_path, database=database)
    know(made, "vpn.md", "Install the client.")
    know(made, "pay.md", "Pay day is the 25th.", access=["channel:C3"])
    return made


def test_a_passage_is_known_by_its_retriever_and_its_readers(database: Database, tmp_path: Path) -> None:
    core = company(database, tmp_path)

    with core.database.read() as db:
        assert places.of(db, ["pay.md:0", "gone:0"]) == {
            "pay.md:0": Place(Retriever.DOCUMENTS, frozenset({"channel:C3"}), MOMENT)
        }


def test_a_document_is_known_by_its_name(database: Database, tmp_path: Path) -> None:
    core = company(database, tmp_path)

    with core.database.read() as db:
        found = places.labels_of_documents(db, ["vpn.md", "gone.md"])
    assert found == {"vpn.md": [frozenset({"public"})]}
