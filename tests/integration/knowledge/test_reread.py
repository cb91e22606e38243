"""A source is read again for those who could read it before, and taken out with everything in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import rereading
from flywheel.core import Core
from flywheel.errors import InvalidInput, NotFound
from flywheel.knowledge import reread
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import Audience
from flywheel.store import audit, documents, given_paths, jobs, source_states
from tests.parts import StoppedClock, make_core


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = make_core(tmp_path)
    yield core
    core.database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = (tmp_path / "handbook").resolve()
    made.mkdir()
    (made / "vpn.md").write_text("Install the client.")
    return made


def put_in(core: Core, path: Path, *access: str) -> None:
    ingest(core, [path], frozenset(access) or None, Silence())


def readable(core: Core) -> int:
    with core.database.read() as db:
        return documents.document_count(db, Audience.everyone())


def test_what_was_for_some_is_read_again_for_them_alone(core: Core, folder: Path) -> None:
    put_in(core, folder, "channel:C3")
    (folder / "new.md").write_text("The client is new.")

    report = reread.read_again(core, str(folder), Silence())

    assert (report.added, readable(core)) == (1, 0)


def test_what_was_for_everybody_stays_so(core: Core, folder: Path) -> None:
    put_in(core, folder)
    (folder / "new.md").write_text("The client is new.")

    reread.read_again(core, str(folder), Silence())

    assert readable(core) == 2


def test_a_private_source_whose_access_nobody_noted_is_not_read_again(core: Core, folder: Path) -> None:
    put_in(core, folder, "channel:C3")
    with core.database.begin() as db:
        given_paths.forget(db, str(folder))

    with pytest.raises(InvalidInput, match="nobody noted who may read it"):
        reread.read_again(core, str(folder), Silence())


def test_parts_that_are_for_others_keep_the_whole_from_being_read_again(core: Core, folder: Path) -> None:
    put_in(core, folder)
    put_in(core, folder / "vpn.md", "channel:C3")

    with pytest.raises(InvalidInput, match="parts of it were read for other people"):
        reread.read_again(core, str(folder), Silence())


def test_the_whole_read_anew_takes_the_place_of_its_parts(core: Core, folder: Path) -> None:
    put_in(core, folder / "vpn.md", "channel:C3")
    put_in(core, folder)

    with core.database.read() as db:
        assert [one.path for one in given_paths.every(db)] == [str(folder)]


def test_a_source_is_counted_with_what_could_not_be_read(core: Core, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    put_in(core, folder)

    with core.database.read() as db:
        (state,) = source_states.every(db)
        (unread,) = source_states.unread(db, str(folder), 5)
    assert (state.documents, state.refused, unread.name) == (1, 1, "broken.pdf")


def test_a_source_that_is_taken_out_is_gone_with_what_was_noted_of_it(core: Core, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    put_in(core, folder)

    assert reread.take_out(core, str(folder)) == 1

    with core.database.read() as db:
        assert (source_states.every(db), given_paths.every(db)) == ([], [])


def test_taken_out_twice_it_is_not_there(core: Core, folder: Path) -> None:
    put_in(core, folder)
    reread.take_out(core, str(folder))

    with pytest.raises(NotFound):
        reread.take_out(core, str(folder))


def test_two_are_never_read_at_once(core: Core, folder: Path) -> None:
    put_in(core, folder)
    assert rereading.order(core, str(folder), "U1", "first") == ""

    assert "being read at the moment" in rereading.order(core, str(folder), "U2", "second")


def test_one_that_died_does_not_stand_in_the_way(tmp_path: Path, folder: Path) -> None:
    clock = StoppedClock()
    core = make_core(tmp_path, now=clock)
    put_in(core, folder)
    rereading.order(core, str(folder), "U1", "first")

    clock.advance(rereading.DEAD_AFTER)

    assert rereading.order(core, str(folder), "U2", "second") == ""
    core.database.close()


def test_ordered_twice_under_one_key_it_is_one_act(core: Core, folder: Path) -> None:
    put_in(core, folder)
    rereading.order(core, str(folder), "U1", "first")

    assert rereading.order(core, str(folder), "U1", "first") == ""
    with core.database.read() as db:
        assert [one.act for one in audit.page(db)] == ["source read again"]


def test_who_ordered_what_died_is_told_once(tmp_path: Path, folder: Path) -> None:
    clock = StoppedClock()
    core = make_core(tmp_path, now=clock)
    put_in(core, folder)
    rereading.order(core, str(folder), "U1", "first")
    assert not rereading.look_after(core)

    clock.advance(rereading.DEAD_AFTER)

    assert [rereading.look_after(core), rereading.look_after(core)] == [True, False]
    with core.database.read() as db:
        assert len(jobs.beginning(db, "post:read-again:first")) == 1
    core.database.close()
