"""Whatever goes wrong with a question, its asker is told once: by the answer, or by a word that there is none."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.blocks.asking import QUESTION
from flywheel.core import Core
from flywheel.gateways.openai_chat import OpenAIChat, Patience
from flywheel.store import jobs
from flywheel.store.work_tables import JobRow
from tests.integration.bot.faults import (
    ANSWER,
    APOLOGY,
    BY_COMMAND,
    EITHER,
    SHORT,
    WHILE_WRITING,
    WITHOUT_MODEL,
    Fault,
    Scene,
)
from tests.integration.bot.world import People, eventually, words, workplace
from tests.integration.bot.writing import SENTENCE, VPN, AheadClock, Writer
from tests.llm_server import Behaviour, Cut, Hang, Junk, Refuse, Reply, serving

SOON = timedelta(seconds=10)


def told(people: People, channel: str, root: str = "") -> list[str]:
    """Return which answers and apologies the asker has seen, wherever they stand."""
    replies = people.replies("U2", channel, root) if root else []
    seen = [*replies, *people.messages("U2", channel), *people.messages("U2", people.dm("U2"))]
    return [kind(one) for one in seen if kind(one)]


def kind(message: dict[str, Any]) -> str:
    said = words(message)
    if "Sorry" in said or "could not post my answer" in said:
        return APOLOGY
    return ANSWER if "vote_yes" in said or QUESTION in said else ""  # text alone has no buttons


def at_rest(core: Core) -> bool:
    """Tell whether nothing is left to do about the question."""
    with core.database.read() as db:
        left = [*jobs.in_state(db, jobs.JobState.READY), *jobs.in_state(db, jobs.JobState.RUNNING)]
    return not any(job.kind in ("slack", "post") for job in left)


def is_taken_in(core: Core, ts: str) -> bool:
    with core.database.read() as db:
        return any(ts in job.id for job in jobs.beginning(db, ""))


def silences(core: Core) -> Iterator[timedelta]:
    """Yield how long after each giving up there was a word of it."""
    with core.database.read() as db:
        rows = list(db.scalars(select(JobRow).where(JobRow.finished_at.is_not(None)).order_by(JobRow.finished_at)))
    for given_up in (row for row in rows if row.state == jobs.JobState.DEAD):
        since = moment(given_up)
        spoken = [moment(row) for row in rows if row.id.startswith("post:sorry:") and moment(row) >= since]
        yield min(spoken, default=datetime.max.replace(tzinfo=since.tzinfo)) - since


def moment(row: JobRow) -> datetime:
    assert row.finished_at is not None
    return row.finished_at


def assert_told_once(core: Core, people: People, fault: Fault, channel: str, root: str = "") -> None:
    """Wait for the end of a question; its asker has been told once, and in time."""
    eventually(lambda: told(people, channel, root) and at_rest(core))
    seen = told(people, channel, root)
    assert len(seen) == 1
    assert fault.told in (EITHER, seen[0])
    assert all(silence <= SOON for silence in silences(core))


@pytest.mark.parametrize("fault", WITHOUT_MODEL, ids=lambda fault: fault.name)
def test_who_asks_in_a_thread_is_told_once(core: Core, fault: Fault) -> None:
    with workplace(fault.change(core), pace=SHORT) as (people, _):
        root = people.say("U3", "C1", "morning")
        eventually(lambda: is_taken_in(core, root) and at_rest(core))  # the fault is for what comes next
        fault.arrange(Scene(core, people))
        people.say("U2", "C1", VPN, thread_ts=root)

        assert_told_once(core, people, fault, "C1", root)


@pytest.mark.parametrize("fault", WHILE_WRITING, ids=lambda fault: fault.name)
def test_who_watches_the_answer_grow_is_told_once(core: Core, fault: Fault) -> None:
    clock = AheadClock()
    writer = Writer([SENTENCE] * 3, lambda _: clock.advance(1.1))
    with workplace(replace(core, language_model=writer, now=clock), pace=SHORT) as (people, _):
        fault.arrange(Scene(core, people))
        ts = people.say("U2", "C1", VPN)

        assert_told_once(core, people, fault, "C1", ts)


@pytest.mark.parametrize("fault", BY_COMMAND, ids=lambda fault: fault.name)
def test_who_asks_by_command_is_told_once(core: Core, fault: Fault) -> None:
    with workplace(fault.change(core), pace=SHORT) as (people, _):
        fault.arrange(Scene(core, people))
        people.act("commands", by="U2", channel="C1", command="/ask", text="how do I get on the VPN?")

        assert_told_once(core, people, fault, "C1")


@pytest.mark.parametrize(
    "behaviour",
    [Refuse(500), Refuse(429, {"retry-after": "60"}), Junk(), Cut(SENTENCE * 2), Reply(""), Hang(3.0)],
    ids=["fails", "is limiting requests", "sends nonsense", "breaks off", "says nothing", "is too slow"],
)
def test_who_asks_a_model_that_fails_is_told_once(core: Core, behaviour: Behaviour) -> None:
    with serving(behaviour) as server:
        model = OpenAIChat("m", base_url=server.base_url, patience=Patience(0.5, 0.5, 1.0))
        with workplace(replace(core, language_model=model), pace=SHORT) as (people, _):
            ts = people.say("U2", "C1", VPN)

            assert_told_once(core, people, Fault("the model fails"), "C1", ts)


def test_who_waits_for_a_form_that_could_not_be_opened_is_told_once(people: People) -> None:
    shown = people.reply("U2", "C1", people.say("U2", "C1", VPN))
    people.act("faults", method="views.open", times=1, error="expired_trigger_id")
    people.press("U2", "C1", shown, "citation_1")

    said = eventually(lambda: [one for one in seen_by(people, "U2", shown) if "too slow" in words(one)])
    assert len(said) == 1


def seen_by(people: People, person: str, shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [*people.replies(person, "C1", shown["thread_ts"]), *people.messages(person, "C1")]
