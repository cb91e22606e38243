"""A source changes: what the bot said before is checked, and amended once where it does not hold any more."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import amending
from bot.app import Bot
from bot.asking import deleted_mark
from bot.directory import SlackDirectory
from bot.face import Face
from bot.identity import whoami
from bot.outbox import slack_client
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.learning.unasked import muted_mark
from flywheel.store import answer_checks, answers, documents, jobs, marks
from tests.integration.bot.world import People, eventually, install_at, utc_now, words
from tests.integration.bot.writing import Writer
from tests.parts import know, make_core

QUESTION = "<@UBOT> When is lunch served in the canteen?"
LATER = timedelta(minutes=10)


class Moved:
    """The time, some minutes ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture
def clock() -> Moved:
    return Moved()


@pytest.fixture
def core(tmp_path: Path, clock: Moved) -> Iterator[Core]:
    core = make_core(tmp_path, now=clock)
    know(core, "lunch.md", "Lunch is served in the canteen from 12:00 to 13:30 on the second floor.")
    yield core
    core.database.close()


@pytest.fixture
def later(people: People, bot: Bot, core: Core, clock: Moved) -> Callable[..., Face]:
    """Return the bot's face some minutes later, when a change has been left alone for long enough."""

    def ahead(by: timedelta = LATER) -> Face:
        clock.ahead = by
        client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
        directory = SlackDirectory(client, core.database, clock)
        return Face(replace(core, directory=directory), client, whoami(client), ask, lambda: None, directory.forget)

    return ahead


@pytest.fixture
def asked(people: People, core: Core) -> str:
    """Return the ts of a question that was answered from lunch.md."""
    ts = people.say("U2", "C1", QUESTION)
    shown = people.reply("U2", "C1", ts)

    eventually(lambda: posted(core, "C1", shown["ts"]))
    return ts


def posted(core: Core, channel: str, ts: str) -> bool:
    with core.database.read() as db:
        return answers.by_post(db, channel, ts) is not None


def said(people: People, ts: str) -> list[str]:
    return [words(one) for one in people.replies("U2", "C1", ts)]


def test_a_changed_source_amends_the_answer_and_tells_the_thread_once(
    people: People, core: Core, later: Callable[..., Face], asked: str
) -> None:
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00 on the second floor.")

    amended = [amending.amend(later()) for _ in range(3)]

    shown = eventually(lambda: said(people, asked) if len(said(people, asked)) == 2 else None)
    assert amended == [1, 0, 0]
    assert "11:30 to 13:00" in shown[0]
    assert "Updated" in shown[0]
    assert "12:00 to 13:30" in shown[0].split("11:30")[0]
    assert "“lunch” has changed" in shown[1]


@pytest.mark.parametrize(
    "text",
    [
        "Lunch is served in the canteen from 12:00 to 13:30 on the second floor. Coffee is free.",
        "Welcome! Lunch is served in the canteen from 12:00 to 13:30 on the second floor.",
        "Lunch is servd in the canteen from 12:00 to 13:30 on the second floor.",
    ],
)
def test_a_change_that_leaves_the_answer_true_is_silent(
    people: People, core: Core, later: Callable[..., Face], asked: str, text: str
) -> None:
    before = said(people, asked)
    know(core, "lunch.md", text)

    assert amending.amend(later()) == 0
    assert said(people, asked) == before


@pytest.mark.parametrize(
    "text",
    [
        "Lunch is not served in the canteen from 12:00 to 13:30 on the second floor.",
        "Lunch is served in the canteen from 12:00 to 13:30 on the third floor.",
        "Lunch is served in the Terrace from 12:00 to 13:30 on the second floor, not in the canteen.",
    ],
)
def test_a_change_of_what_it_says_is_noticed(core: Core, later: Callable[..., Face], asked: str, text: str) -> None:
    know(core, "lunch.md", text)

    assert amending.amend(later()) == 1


def test_a_source_that_is_gone_is_said_to_be_gone(
    people: People, core: Core, later: Callable[..., Face], asked: str
) -> None:
    with core.database.begin() as db:
        documents.remove(db, ["d-lunch.md"], version=documents.advance_corpus(db))

    amending.amend(later())

    shown = eventually(lambda: said(people, asked) if len(said(people, asked)) == 2 else None)
    assert "Do not rely on what it said" in shown[0]
    assert "12:00" not in shown[0]


def test_a_source_that_the_channel_may_not_read_any_more_is_not_repeated(
    people: People, core: Core, later: Callable[..., Face], asked: str
) -> None:
    know(core, "lunch.md", "Lunch is served in the canteen from 11:00 on.", access=("channel:C9",))

    amending.amend(later())

    shown = eventually(lambda: said(people, asked) if len(said(people, asked)) == 2 else None)
    assert not [
        one for one in shown if "12:00" in one or "11:00" in one or "lunch" in one.lower().replace("lunch served", "")
    ]


def test_a_muted_thread_gets_the_amendment_and_no_word_of_it(
    people: People, core: Core, later: Callable[..., Face], asked: str
) -> None:
    with core.database.begin() as db:
        marks.put(db, muted_mark("C1", asked), "U2")
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00 on the second floor.")

    assert amending.amend(later()) == 1
    with core.database.read() as db:
        assert jobs.beginning(db, "post:living:") == []


def test_an_answer_in_a_thread_that_was_deleted_is_left(people: People, core: Core, later: Callable[..., Face]) -> None:
    root = people.say("U3", "C1", "morning")
    ts = people.say("U2", "C1", QUESTION, thread_ts=root)
    eventually(lambda: [one for one in people.replies("U2", "C1", root) if posted(core, "C1", one["ts"])])
    with core.database.begin() as db:
        marks.put(db, deleted_mark("C1", root), ts)
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00 on the second floor.")

    assert amending.amend(later()) == 0


def test_somebody_who_is_still_writing_is_left_to_finish(core: Core, later: Callable[..., Face], asked: str) -> None:
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00.")

    assert amending.amend(later(timedelta(minutes=1))) == 0
    assert amending.amend(later()) == 1


def test_an_answer_of_last_spring_stays_as_it_was(core: Core, later: Callable[..., Face], asked: str) -> None:
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00.")

    assert amending.amend(later(timedelta(days=91))) == 0


def test_a_message_that_a_killed_process_did_not_draw_is_drawn_by_the_next_run(
    people: People, core: Core, later: Callable[..., Face], asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00 on the second floor.")
    with monkeypatch.context() as killed:
        killed.setattr(amending, "_draw", lambda _: None)
        amending.amend(later())
    assert "11:30" not in said(people, asked)[0]

    amending.amend(later())

    assert "11:30" in said(people, asked)[0]


def test_a_second_process_leaves_a_claimed_check_alone(core: Core, later: Callable[..., Face], asked: str) -> None:
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00.")
    face = later()
    with core.database.begin() as db:
        (suspect,) = answer_checks.suspects(db, utc_now() - timedelta(days=1))
        answer_checks.claim(db, suspect, face.core.now())

    assert amending.amend(face) == 0
    assert amending.amend(later(LATER + answer_checks.ABANDONED + timedelta(minutes=1))) == 1


def test_a_second_change_amends_the_amendment(
    people: People, core: Core, later: Callable[..., Face], asked: str
) -> None:
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00 on the second floor.")
    amending.amend(later())
    know(core, "lunch.md", "Lunch is served in the canteen from 10:00 to 11:00 on the second floor.")

    amending.amend(later(timedelta(minutes=30)))

    shown: Any = said(people, asked)[0]
    assert "10:00 to 11:00" in shown
    assert shown.count("Updated") == 1


def test_an_amendment_that_is_drawn_late_shows_nothing_that_a_guest_may_not_read(
    people: People, core: Core, later: Callable[..., Face], asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00 on the second floor.")
    with monkeypatch.context() as killed:
        killed.setattr(amending, "_draw", lambda _: None)
        amending.amend(later())
    people.act("people/guest", user="U1")

    amending.amend(later())

    shown = said(people, asked)[0]
    assert "Updated" in shown
    assert "11:30" not in shown


@pytest.mark.parametrize(
    "case",
    [
        ("How long is parental leave?", "Parental leave is {} weeks at full pay", ("sixteen", "twenty")),
        ("Where is the design room?", "The design room is on the {} side of the long corridor", ("left", "right")),
    ],
)
def test_one_word_that_changes_is_noticed_although_the_sentence_is_alike(
    people: People, core: Core, later: Callable[..., Face], case: tuple[str, str, tuple[str, str]]
) -> None:
    question, fact, turn = case
    before, after = map(fact.format, turn)
    know(core, "page.md", f"{before}.")
    ts = people.say("U2", "C1", f"<@UBOT> {question}")
    eventually(lambda: before in words(people.reply("U2", "C1", ts)))
    know(core, "page.md", f"{after}.")
    face = later()
    writer = Writer((f"{after} [1].",))

    assert amending.amend(replace(face, core=replace(face.core, language_model=writer))) == 1


def test_an_answer_to_somebody_deactivated_shows_nothing_new_and_is_amended_once(
    people: People, core: Core, later: Callable[..., Face]
) -> None:
    own = people.dm("U2")
    ts = people.say("U2", own, "When is lunch served in the canteen?")
    place = people.answer("U2", own, ts)["ts"]
    eventually(lambda: posted(core, own, place))
    people.act("people/deactivate", user="U2")
    know(core, "lunch.md", "Lunch is served in the canteen from 11:30 to 13:00 on the second floor.")

    amended = [amending.amend(later()) for _ in range(3)]

    assert amended == [1, 0, 0]
    shown = [one["args"]["text"] for one in people.calls("chat.update")]
    assert shown
    assert not [text for text in shown if "11:30" in text]
