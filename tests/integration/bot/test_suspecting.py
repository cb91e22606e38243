"""Administrators alone hear whose votes may be pushed, once."""

from functools import partial
from typing import Any

import pytest

from bot import suspecting
from bot.face import Face
from bot.identity import whoami
from bot.outbox import slack_client
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.store import reviews
from flywheel.store.reviews import ReviewItem, ReviewKind
from tests.integration.bot.world import People, eventually, install_at, utc_now, words


@pytest.fixture
def face(people: People, core: Core) -> Face:
    eventually(lambda: people.calls("users.list"))  # the bot's own first round is past its notices
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    detail = {"what": "gaming", "reason": "One person voted on 90 answers.", "persons": ["U2"]}
    with core.database.begin() as db:
        reviews.put(db, [ReviewItem("g1", ReviewKind.ALARM, "U2", utc_now(), "U2", detail)])
    return Face(core, client, whoami(client), ask, lambda: None, lambda _: None, report_channel="C1")


def notices(people: People, by: str, channel: str) -> list[dict[str, Any]]:
    return [one for one in people.messages(by, channel) if "Are votes pushed?" in words(one)]


def test_an_administrator_is_told_whose_votes_they_are(people: People, face: Face) -> None:
    suspecting.announce(face)

    (shown,) = eventually(partial(notices, people, "U1", people.dm("U1")))
    assert "One person voted on 90 answers.\\nVotes of: <@U2>" in words(shown)


def test_the_channel_is_not(people: People, face: Face) -> None:
    suspecting.announce(face)
    eventually(partial(notices, people, "U1", people.dm("U1")))

    assert notices(people, "U1", "C1") == []


def test_it_is_told_once(face: Face) -> None:
    assert [suspecting.announce(face), suspecting.announce(face)] == [1, 0]
