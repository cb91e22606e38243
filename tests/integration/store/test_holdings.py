"""What documents hold beside their passages, and who has to do with them: stored, read back, and kept from others."""

from datetime import datetime
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.holdings import Author, Column, DataTable, Picture
from flywheel.model import PUBLIC, Audience, Kind, Signal, SignalKind
from flywheel.store import authors, expertise, materials, pictures, profiles, sections, signals, tables
from flywheel.store.database import Database
from flywheel.store.direct import direct
from flywheel.store.profiles import Profile
from tests.parts import MOMENT, answered, know, make_core

EVERYONE, OUTSIDE = Audience.everyone(), Audience(frozenset({"user:U7"}))
PLAN = Picture("pic", "d-plan.md", 0, "image/png", b"\x89PNG\x00", 640, 480, "Floor plan", words="Heron\nOsprey")
ANA = Author("d-plan.md", "Ana", 5, "ana@x.example", MOMENT)
BO = Author("d-plan.md", "Bo", 1)


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    """Return a core that knows a document of three passages with a picture, a table and two authors."""
    made = make_core(tmp_path, database=database)
    know(made, "plan.md", "Rooms.", "Heron is on floor two.", "Osprey is next to it.", access=[PUBLIC], owner="U3")
    know(made, "other.md", "Lunch is at noon.", access=[PUBLIC])
    with database.begin() as db:
        pictures.replace(db, ["d-plan.md"], [PLAN])
        authors.replace(db, ["d-plan.md", "d-other.md"], [ANA, BO, Author("d-other.md", "Bo", 2)])
        tables.replace(db, ["d-plan.md"], [DataTable("t", "d-plan.md", 0, "Rooms", (Column("Room"),), (("Heron",),))])
    return made


def replied(core: Core, person: str, said: str, *, at: datetime = MOMENT) -> None:
    """Store that somebody replied in the thread of an answer that was given to U1 and cites the plan."""
    answered(core, "a-told", cites=["plan.md:1"], readers=["channel:C1"])
    reply = Signal(f"k-{person}", "a-told", SignalKind.HUMAN_REPLY, person, at, {"text": said})
    with core.database.begin() as db:
        signals.put(db, reply)


def repliers(core: Core, audience: Audience) -> list[str]:
    with core.database.read() as db:
        return [one.person for one in expertise.replies_on(db, ["d-plan.md"], audience)]


def test_a_picture_comes_back_as_it_was_to_those_who_may_see_it(core: Core) -> None:
    with core.database.read() as db:
        assert pictures.find(db, ["gone", "pic"], EVERYONE) == pictures.of_document(db, "d-plan.md") == [PLAN]
        assert pictures.find(db, ["pic"], OUTSIDE) == []


def test_authors_come_with_their_changes_to_those_who_may_read_the_document(core: Core) -> None:
    with core.database.read() as db:
        assert authors.of_documents(db, ["d-plan.md"], EVERYONE) == [ANA, BO]
        assert authors.of_documents(db, ["d-plan.md"], OUTSIDE) == []


def test_who_wrote_in_every_document_has_all_the_breadth_there_is(core: Core) -> None:
    with core.database.read() as db:
        assert authors.breadth(db, {"Ana", "Bo", "Cy"}) == {"Ana": 0.5, "Bo": 1.0}


def test_neighbours_are_those_within_reach_in_order(core: Core) -> None:
    with core.database.read() as db:
        found = sections.around(db, ["plan.md:0", "other.md:0"], EVERYONE, reach=1)
        assert [one.id for one in found] == ["other.md:0", "plan.md:0", "plan.md:1"]
        assert sections.around(db, ["plan.md:0"], OUTSIDE, reach=1) == []


def test_a_sample_has_passages_of_its_kind_alone(core: Core) -> None:
    with core.database.read() as db:
        found = materials.sample(db, Kind.TEXT, 10)
        assert materials.sample(db, Kind.TABLE, 10) == []

    assert sorted((one.passage_id, one.owner) for one in found)[:2] == [("other.md:0", ""), ("plan.md:0", "U3")]


def test_a_reply_of_some_length_counts_for_those_who_could_read_along(core: Core) -> None:
    replied(core, "U4", "Heron is the room with the blue door.")

    assert repliers(core, Audience(frozenset({PUBLIC, "channel:C1"}))) == ["U4"]
    assert repliers(core, EVERYONE) == []


def test_in_a_channel_that_all_can_join_a_reply_counts_for_everybody(core: Core) -> None:
    replied(core, "U4", "Heron is the room with the blue door.")
    with core.database.begin() as db:
        expertise.put_open_channels(db, ["C1"])

    assert repliers(core, EVERYONE) == ["U4"]


def test_there_is_somebody_to_name_where_an_owner_may_be_read_or_a_profile_is_known(core: Core) -> None:
    with direct(core.database) as db:
        assert expertise.has_anybody(db, EVERYONE)
        assert not expertise.has_anybody(db, OUTSIDE)
    with core.database.begin() as writing:
        profiles.put(writing, Profile("U5", "Cy Dahl"), MOMENT)

    with direct(core.database) as db:
        assert expertise.has_anybody(db, OUTSIDE)
