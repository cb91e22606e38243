"""A burst of votes: every administrator hears of it within a round of the upkeep, once, and one of them closes it."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot import alarming
from bot.directory import SlackDirectory
from bot.face import Face
from bot.identity import whoami
from bot.outbox import slack_client
from bot.upkeep import Upkeep
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.curation import review_queue
from flywheel.model import Signal, SignalKind
from flywheel.store import reviews, signals
from flywheel.store.reviews import ReviewKind
from tests.integration.bot.world import People, eventually, install_at, utc_now, words
from tests.parts import answered


@pytest.fixture
def face(people: People, core: Core) -> Face:
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    core = replace(core, directory=SlackDirectory(client, core.database, utc_now), admins=frozenset({"U1", "U3"}))
    return Face(core, client, whoami(client), ask, lambda: None, lambda _: None)


def votes(core: Core, person: str, count: int, *, days_ago: int = 0, answer: str = "", voters: int = 1) -> None:
    """Let a person (or as many, in turn) vote on answers of their own, or on one."""
    with core.database.begin() as db:
        for number in range(count):
            name = f"{person}{number % voters}" if voters > 1 else person
            about = answer or f"{person}{days_ago}-{number}"
            at = utc_now() - timedelta(days=days_ago)
            signals.put(db, Signal(f"{name}{about}{number}", about, SignalKind.THUMBS_UP, name, at))


def quiet_week(core: Core) -> None:
    for days_ago in range(1, 7):
        votes(core, "U3", 3, days_ago=days_ago)


def flood(core: Core) -> None:
    """Let Ben vote fifty times today, where three a day are usual."""
    quiet_week(core)
    votes(core, "U2", 50)


def notices(people: People, by: str) -> list[dict[str, Any]]:
    return [one for one in people.messages(by, people.dm(by)) if "Unusual votes" in words(one)]


def test_every_administrator_is_told_who_voted_how_often(people: People, core: Core, face: Face) -> None:
    flood(core)
    alarming.announce(face)

    for found in (eventually(partial(notices, people, admin)) for admin in ("U1", "U3")):
        assert "<@U2> voted *50 times*" in words(found[0])


def test_a_round_of_the_upkeep_tells_it(people: People, core: Core, face: Face) -> None:
    flood(core)
    Upkeep(face).once()

    assert eventually(lambda: notices(people, "U1"))


def test_it_is_told_once_whatever_restarts(people: People, core: Core, face: Face) -> None:
    flood(core)

    assert [alarming.announce(face), alarming.announce(face)] == [1, 0]
    eventually(lambda: notices(people, "U1"))
    assert len(notices(people, "U1")) == 1


def test_an_alarm_that_nobody_was_told_of_before_a_crash_is_told_after_it(core: Core, face: Face) -> None:
    flood(core)
    review_queue.raise_alarms(core)

    assert alarming.announce(face) == 1


def test_an_ordinary_day_is_quiet(core: Core, face: Face) -> None:
    quiet_week(core)
    votes(core, "U2", 5)

    assert alarming.announce(face) == 0


def test_a_burst_of_last_week_is_no_news(core: Core, face: Face) -> None:
    quiet_week(core)
    votes(core, "U2", 50, days_ago=4)

    assert alarming.announce(face) == 0


def test_a_press_closes_it_for_all_administrators(people: People, core: Core, face: Face) -> None:
    flood(core)
    alarming.announce(face)
    eventually(lambda: notices(people, "U3"))
    people.press("U1", people.dm("U1"), eventually(lambda: notices(people, "U1"))[0], "alarm_seen")

    assert eventually(lambda: [one for one in notices(people, "U3") if "Seen by <@U1>" in words(one)])
    with core.database.read() as db:
        assert reviews.waiting(db, ReviewKind.ALARM) == []


def test_others_cannot_close_it(core: Core, face: Face) -> None:
    flood(core)
    alarming.announce(face)
    with core.database.read() as db:
        waiting = reviews.waiting(db, ReviewKind.ALARM)

    assert "only administrators" in alarming.close(face, waiting[0].id, "U2")


def test_a_question_is_quoted_to_those_who_may_read_it(people: People, core: Core, face: Face) -> None:
    votes(core, "U3", 3, days_ago=1)
    answered(core, "a1", question="Who gets a raise?", person="U1", readers=("user:U1",))
    votes(core, "sock", 20, answer="a1", voters=20)
    alarming.announce(face)

    assert "Who gets a raise?" in words(eventually(lambda: notices(people, "U1"))[0])
    assert "Who gets a raise?" not in words(eventually(lambda: notices(people, "U3"))[0])
