"""What state the system is in, and in which words a change is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.learning import release
from flywheel.learning.gate import Decision
from flywheel.measurement import system
from flywheel.registry import Outcome, Release
from flywheel.store import documents, releases
from tests.parts import MOMENT, know, make_core


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """Return a core that knows one document."""
    made = make_core(tmp_path)
    know(made, "vpn.md", "Install the client.")
    yield made
    made.database.close()


def settled(core: Core, alpha: float, decision: Decision = Decision.RELEASED) -> str:
    artefact = {"alpha": alpha}
    one = releases.identity("fusion", artefact)
    made = Release(one, "fusion", artefact, {}, "s", MOMENT, Outcome.HELD, serving=False)
    with core.database.begin() as db:
        return release.settle(db, made, None, MOMENT, decision).id


def change(core: Core, before: dict[str, str]) -> str:
    with core.database.read() as db:
        return system.change(db, before, system.versions(core))


def test_the_state_names_encoder_corpus_code_and_every_release_that_serves(core: Core) -> None:
    name = settled(core, 0.4)

    assert system.versions(core) == {
        "fusion": name, "encoder": "hashing-384", "corpus": "1", "code": system.code(),
    }  # fmt: skip


def test_the_code_version_is_that_of_the_package_and_its_content() -> None:
    version, content = system.code().split("+")

    assert (version, len(content)) == ("0.1.0", 12)


def test_a_release_is_the_wheel_s_doing(core: Core) -> None:
    before = system.versions(core)
    name = settled(core, 0.4)

    assert change(core, before) == f"fusion {name[:8]} released by the wheel"


def test_a_canary_that_is_promoted_is_no_other_state(core: Core) -> None:
    name = settled(core, 0.4, Decision.PROVISIONAL)
    before = system.versions(core)
    release.promote(core, name, "U9")

    assert system.versions(core) == before


def test_a_canary_that_is_held_gives_way_to_its_parent(core: Core) -> None:
    champion, canary = settled(core, 0.4), settled(core, 0.6, Decision.PROVISIONAL)
    before = system.versions(core)
    release.hold(core, canary, "U9")

    assert change(core, before) == f"fusion {canary[:8]} held by U9, {champion[:8]} serves again"


def test_documents_that_went_are_counted(core: Core) -> None:
    know(core, "old.md", "Old.", "Older.")
    before = system.versions(core)
    know(core, "new.md", "New.")
    with core.database.begin() as db:
        documents.remove(db, ["d-old.md"], version=documents.advance_corpus(db))

    assert change(core, before) == "index: 1 documents new or changed (+1 -2 passages)"


def test_new_code_is_a_change(core: Core) -> None:
    before = {**system.versions(core), "code": "0.0.9+abc"}

    assert change(core, before) == f"code 0.0.9+abc → {system.code()}"


@pytest.mark.parametrize("before", [None, {}])
def test_the_first_state_has_nothing_before_it(core: Core, before: dict[str, str] | None) -> None:
    with core.database.read() as db:
        assert system.change(db, before, system.versions(core)) == "first measurement"
