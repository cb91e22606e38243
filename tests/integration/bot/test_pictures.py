"""Pictures of an answer: uploaded once, shown in the reply, and never the reason why a reply is missing."""

import base64
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.pictures import forget_uploads
from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.holdings import Picture
from flywheel.model import Answer
from flywheel.store import answers, pictures
from tests.integration.bot.world import People, eventually, words, workplace

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
VPN = "<@UBOT> how do I get on the VPN?"


@pytest.fixture
def people(core: Core) -> Iterator[People]:
    """A workspace where every answer shows the picture of the VPN document, and the one of the salary document."""
    keep(core, "p-vpn", "d-vpn.md")
    keep(core, "p-salary", "d-salary.md")
    with workplace(core, ask=illustrated) as (someone, _):
        yield someone


def test_a_picture_is_shown_and_everybody_in_the_channel_sees_it(people: People) -> None:
    shown = people.reply("U2", "C1", people.say("U2", "C1", VPN))

    assert [one["alt_text"] for one in images(shown)] == ["The way onto the VPN"]
    assert load(people, "U3", images(shown)[0]) == DOT


def test_a_picture_is_uploaded_once(people: People) -> None:
    for _ in range(2):
        people.reply("U2", "C1", people.say("U2", "C1", VPN))

    assert len(people.calls("files.completeUploadExternal")) == 1


def test_a_new_workspace_gets_its_pictures_anew(core: Core, people: People) -> None:
    people.reply("U2", "C1", people.say("U2", "C1", VPN))

    forget_uploads(core.database)

    people.reply("U2", "C1", people.say("U2", "C1", VPN))
    assert len(people.calls("files.completeUploadExternal")) == 2


def test_a_picture_of_a_document_that_readers_may_not_see_is_not_uploaded(people: People) -> None:
    people.reply("U2", "C1", people.say("U2", "C1", VPN))
    assert len(people.calls("files.getUploadURLExternal")) == 1

    people.reply("U1", "C3", people.say("U1", "C3", VPN))
    assert len(people.calls("files.getUploadURLExternal")) == 2


def test_a_picture_stays_when_people_vote(people: People) -> None:
    asked = people.say("U2", "C1", VPN)
    people.press("U3", "C1", people.reply("U2", "C1", asked), "vote_yes")

    voted = eventually(lambda: [one for one in people.replies("U2", "C1", asked) if "Yes · 1" in words(one)])
    assert len(images(voted[0])) == 1


def test_an_answer_comes_without_the_picture_that_cannot_be_uploaded(people: People) -> None:
    people.act("faults", method="files.getUploadURLExternal", error="file_upload_size_restricted", times=5)

    shown = people.reply("U2", "C1", people.say("U2", "C1", VPN))

    assert "Office-2" in words(shown)
    assert "could not be shown" in words(shown)


def test_a_picture_that_slack_does_not_know_yet_is_waited_for(people: People) -> None:
    people.act("faults", method="chat.postMessage", error="invalid_blocks", times=2)

    shown = people.reply("U2", "C1", people.say("U2", "C1", VPN))

    assert len(images(shown)) == 1


def test_an_answer_comes_without_a_picture_that_slack_refuses(people: People) -> None:
    people.act("faults", method="chat.postMessage", error="invalid_blocks", times=3)

    shown = people.reply("U2", "C1", people.say("U2", "C1", VPN))

    assert images(shown) == []
    assert "could not be shown" in words(shown)


def test_a_picture_that_slack_no_longer_has_is_uploaded_anew(people: People) -> None:
    people.reply("U2", "C1", people.say("U2", "C1", VPN))
    people.act("faults", method="chat.postMessage", error="invalid_blocks", times=3)
    people.reply("U2", "C1", people.say("U2", "C1", VPN))

    shown = people.reply("U2", "C1", people.say("U2", "C1", VPN))

    assert len(images(shown)) == 1
    assert len(people.calls("files.completeUploadExternal")) == 2


def test_a_picture_of_a_private_answer_is_seen_by_its_asker_alone(people: People) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="how do I get on the VPN?")
    shown = eventually(lambda: [one for one in people.messages("U2", "C1") if images(one)])[0]

    assert load(people, "U2", images(shown)[0]) == DOT
    with pytest.raises(urllib.error.HTTPError):
        load(people, "U3", images(shown)[0])


def illustrated(core: Core, asking: Asking) -> Answer:
    """Answer with the pictures of both documents, as a writer may that is told of them."""
    given = replace(ask(core, asking), pictures=("p-vpn", "p-salary"))
    again = replace(given, id=f"{given.id[:50]}-pictured")
    with core.database.begin() as db:
        answers.put(db, again)
    return again


def keep(core: Core, picture_id: str, document_id: str) -> None:
    one = Picture(picture_id, document_id, 0, "image/png", DOT, 1, 1, alt="The way onto the VPN")
    with core.database.begin() as db:
        pictures.replace(db, [document_id], [one])


def images(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in message.get("blocks", ()) if block["type"] == "image"]


def load(people: People, person: str, image: dict[str, Any]) -> bytes:
    """Return a picture as the page loads it."""
    with urllib.request.urlopen(f"{people.url}/files/{image['slack_file']['id']}/picture?as={person}") as reply:
        return bytes(reply.read())
