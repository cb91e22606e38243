"""The source of an approved answer changes: its reviewers are asked once, and one of them decides."""

from dataclasses import replace
from typing import Any

import pytest

from bot import expiring
from bot.directory import SlackDirectory
from bot.face import Face
from bot.identity import whoami
from bot.outbox import slack_client
from bot.upkeep import Upkeep
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.curation import expiry
from flywheel.curation.corrections import Suggestion, approve, suggest
from flywheel.store import documents, profiles
from tests.integration.bot.world import People, eventually, install_at, utc_now, words
from tests.parts import answered, know


@pytest.fixture
def face(people: People, core: Core) -> Face:
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    directory = SlackDirectory(client, core.database, utc_now)
    return Face(replace(core, directory=directory), client, whoami(client), ask, lambda: None, directory.forget)


@pytest.fixture
def expired(core: Core) -> str:
    """Return the id of an approved answer whose source, which U3 owns, is gone."""
    know(core, "rules.md", "The VPN profile is Office-5.", owner="U3")
    answer = answered(core, cites=["vpn.md:0"])
    made = approve(core, suggest(core, Suggestion("k", answer, "U2", "Use Office-5.", "rules.md")).id, "U1")
    with core.database.begin() as db:
        documents.remove(db, ["d-rules.md"], version=documents.advance_corpus(db))
    return made.id


def notice(people: People, by: str) -> dict[str, Any]:
    """Wait for the notice in a person's direct messages."""
    return dict(eventually(lambda: [one for one in people.messages(by, people.dm(by)) if "expired" in words(one)])[0])


def test_who_approved_it_is_asked_once(people: People, face: Face, expired: str) -> None:
    assert (expiring.notify(face), expiring.notify(face)) == (1, 1)

    assert "Use Office-5." in words(notice(people, "U1"))
    assert len(people.messages("U1", people.dm("U1"))) == 1


def test_a_press_keeps_it_and_the_notice_says_so(people: People, face: Face, core: Core, expired: str) -> None:
    expiring.notify(face)
    people.press("U1", people.dm("U1"), notice(people, "U1"), "expired_keep")

    assert eventually(lambda: "Kept" in words(people.messages("U1", people.dm("U1"))[0]))
    assert expiry.decision(core, expired) == "kept"


def test_a_press_retires_it(people: People, face: Face, core: Core, expired: str) -> None:
    expiring.notify(face)
    people.press("U1", people.dm("U1"), notice(people, "U1"), "expired_drop")

    assert eventually(lambda: any("Retired" in words(one) for one in people.messages("U1", people.dm("U1"))))
    assert expiry.decision(core, expired) == "dropped"


def test_a_stranger_is_refused(face: Face, core: Core, expired: str) -> None:
    expiring.notify(face)

    assert "only owners" in expiring.decide(face, expired, "U2", kept=True)
    assert expiry.decision(core, expired) == "waiting"


def test_the_upkeep_knows_people_and_asks_reviewers(people: People, face: Face, core: Core, expired: str) -> None:
    Upkeep(face).once()

    with core.database.read() as db:
        ana = profiles.find(db, "U1")
    assert ana is not None
    assert notice(people, "U1")
