"""Channels as a source: read back to a date, followed as they change, seen by those who may, gone when opted out."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot import history, reading
from bot.app import Bot
from bot.directory import SlackDirectory
from bot.face import Face
from bot.history import STEP_JOB, TOLD_JOB
from bot.identity import whoami
from bot.noting import DAY_JOB
from bot.outbox import slack_client
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.curation import person as a_person
from flywheel.errors import InvalidInput
from flywheel.knowledge.slack_days import bring_up_to_date
from flywheel.model import Audience
from flywheel.retrieval.search import shortlist
from flywheel.store import audit, documents, followed, jobs, talk
from flywheel.store.work_tables import JobRow
from tests.integration.bot.world import People, assembled, eventually, install_at, utc_now, words
from tests.parts import make_core

_TALK = frozenset({DAY_JOB, STEP_JOB, TOLD_JOB})


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = make_core(tmp_path, now=utc_now, admins=frozenset({"U1"}))
    yield core
    core.database.close()


@pytest.fixture
def face(people: People, core: Core) -> Face:
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    directory = SlackDirectory(client, core.database, utc_now)
    return Face(replace(core, directory=directory), client, whoami(client), ask, lambda: None, directory.forget)


def soon(core: Core, look: Callable[[], Any]) -> Any:
    """Return what `look` returns once it is true, with all reading of talk due at once."""

    def hurried() -> Any:
        with core.database.begin() as db:
            waits = (JobRow.kind.in_(_TALK), JobRow.state == "ready", JobRow.run_at > utc_now())
            db.execute(update(JobRow).where(*waits).values(run_at=utc_now()))
            read_now = followed.every(db)
        for channel in read_now:  # a day job that was hurried gathers nothing more, so make the day anew here as well
            bring_up_to_date(core, channel, talk.day_of(f"{utc_now().timestamp():.6f}"))
        return look()

    return eventually(hurried)


def found(core: Core, text: str, *labels: str) -> list[str]:
    """Return the texts of the passages that people with these labels find."""
    hits = core.words.match(text, Audience(frozenset(labels or {"public"})), 10)
    with core.database.read() as db:
        known = [documents.passage(db, one.passage_id, Audience(frozenset(labels or {"public"}))) for one in hits]
    return [one[0].text for one in known if one is not None]


def count(core: Core, channel: str = "C1") -> int:
    """Return how many messages of a channel are kept."""
    with core.database.read() as db:
        return talk.count(db, channel)


def one_step(core: Core, face: Face) -> None:
    """Do the next step of the pass over C1, as a worker does."""
    with core.database.begin() as db:
        db.execute(update(JobRow).where(JobRow.state == "ready").values(run_at=utc_now()))
        ready = [one for one in jobs.beginning(db, f"{STEP_JOB}:C1:") if one.state == "ready"]
        job = jobs.claim(db, utc_now(), timedelta(minutes=1), ready[0].id)
    assert job is not None
    history.take_step(face, job)
    with core.database.begin() as db:
        jobs.finish(db, job, utc_now())


def long_ago() -> datetime:
    return utc_now() - timedelta(days=30)


def asked_and_answered(people: People, channel: str = "C1") -> tuple[str, str]:
    """Have a thread about a printer in a channel; returns the timestamps of the question and the reply."""
    root = people.say("U1", channel, "How do I reach the printer upstairs?")
    return root, people.say("U3", channel, "Add the queue tulip-7 in the settings.", thread_ts=root)


def read(core: Core, face: Face, channel: str = "C1", *labels: str) -> None:
    """Opt a channel in, and wait until it was read."""
    reading.opt_in(face, channel, long_ago(), "U1")
    soon(core, lambda: count(core, channel) >= 2 and found(core, "tulip-7", *labels))


def test_a_thread_that_was_there_before_is_found_with_its_answer(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)

    read(core, face)

    said = ["Ana Alvarez: How do I reach the printer upstairs?", "Cleo Costa: Add the queue tulip-7 in the settings."]
    assert found(core, "tulip-7") == ["\n\n".join(said)]


def test_who_opted_in_is_told_once_it_is_read(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)

    read(core, face)

    told = soon(core, lambda: people.messages("U1", people.dm("U1")))
    assert "2 messages in 1 conversation" in words(told[0])


def test_a_long_history_is_read_page_by_page(core: Core, people: People, face: Face) -> None:
    people.act("delivery", drop=1)
    for number in range(205):
        people.say("U1", "C1", f"note {number} is about the tulip-7 printer")

    reading.opt_in(face, "C1", long_ago(), "U1")

    soon(core, lambda: count(core) == 205)
    assert len(people.calls("conversations.history")) >= 2


def test_where_slack_gives_few_messages_at_once_fewer_are_asked_for(core: Core, people: People, face: Face) -> None:
    eventually(lambda: len(people.calls("conversations.history")) == 2)  # the look at what was missed, in both channels
    people.act("delivery", drop=1)
    for number in range(20):
        people.say("U1", "C1", f"note {number} is about the tulip-7 printer")
    people.act("faults", method="conversations.history", error="invalid_limit")

    reading.opt_in(face, "C1", long_ago(), "U1")

    soon(core, lambda: count(core) == 20)
    assert [one["args"]["limit"] for one in people.calls("conversations.history")][2:] == ["200", "15", "15"]


def test_newer_replies_of_a_thread_from_before_the_date_are_read_once_one_was_sent_to_the_channel(
    core: Core, people: People, face: Face
) -> None:
    people.act("delivery", drop=1)
    root = people.say("U1", "C1", "How do I reach the old printer?")
    since = utc_now()
    people.say("U3", "C1", "Add the queue tulip-7 in the settings.", thread_ts=root)
    people.say("U3", "C1", "This helps with every printer.", thread_ts=root, broadcast=True)

    reading.opt_in(face, "C1", since, "U1")

    assert soon(core, lambda: found(core, "tulip-7"))
    assert "old printer" not in found(core, "tulip-7")[0]


def test_when_slack_says_wait_the_reading_goes_on_later(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    people.act("faults", method="conversations.replies", status=429, error="ratelimited", retry_after=1, times=2)

    read(core, face)

    assert soon(core, lambda: "tulip-7" in found(core, "printer upstairs")[0])


def test_a_step_that_is_done_twice_does_no_harm(
    core: Core, people: People, face: Face, place: tuple[People, Bot]
) -> None:
    place[1].worker.stop()
    asked_and_answered(people)
    reading.opt_in(face, "C1", long_ago(), "U1")
    with core.database.read() as db:
        first = jobs.beginning(db, f"{STEP_JOB}:C1:")[0]

    history.take_step(face, first)
    history.take_step(face, first)

    with core.database.read() as db:
        assert [one.body["number"] for one in jobs.beginning(db, f"{STEP_JOB}:C1:")] == [0, 1]


def test_what_is_said_later_follows(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)

    people.say("U1", "C1", "The coffee machine on the roof takes tokens only.")

    assert soon(core, lambda: found(core, "coffee tokens"))


def test_an_edit_follows(core: Core, people: People, face: Face) -> None:
    _, reply = asked_and_answered(people)
    read(core, face)

    people.act("messages/edit", by="U3", channel="C1", ts=reply, text="Add the queue rose-9 in the settings.")

    assert soon(core, lambda: found(core, "rose-9"))
    assert not found(core, "tulip-7")


def test_what_is_deleted_leaves_the_index_at_once(core: Core, people: People, face: Face) -> None:
    _, reply = asked_and_answered(people)
    read(core, face)

    people.act("messages/delete", by="U3", channel="C1", ts=reply)

    assert eventually(lambda: not found(core, "tulip-7"))  # without waiting for the minute


def test_what_was_deleted_does_not_come_back_with_a_late_delivery(core: Core, people: People, face: Face) -> None:
    root, reply = asked_and_answered(people)
    read(core, face)
    people.act("messages/delete", by="U3", channel="C1", ts=reply)
    eventually(lambda: not found(core, "tulip-7"))

    reading.catch(face, "C1", {"ts": reply, "thread_ts": root, "user": "U3", "text": "Add the queue tulip-7 now."})

    assert count(core) == 1


def test_a_deletion_that_nobody_heard_is_found_in_the_history(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)
    stamp = f"{(utc_now() - timedelta(hours=2)).timestamp():.6f}"
    with core.database.begin() as db:
        talk.put(db, talk.Said("C1", stamp, stamp, "U2", "Ben", "the tulip-7 was deleted while nobody listened"))

    reading.opt_in(face, "C1", long_ago(), "U1")

    assert soon(core, lambda: count(core) == 2)


def test_what_a_private_channel_says_only_its_members_find(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people, "C3")

    read(core, face, "C3", "channel:C3")

    assert found(core, "tulip-7", "channel:C3")
    assert not found(core, "tulip-7")


def test_a_channel_that_is_shared_with_another_company_closes_at_once(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)

    people.act("channels/share", channel="C1")

    assert eventually(lambda: not found(core, "tulip-7"))
    assert found(core, "tulip-7", "channel:C1")


def test_a_channel_that_becomes_private_closes_at_once(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)

    people.act("channels/convert", channel="C1")

    assert eventually(lambda: not found(core, "tulip-7"))
    assert found(core, "tulip-7", "channel:C1")


def test_a_private_channel_answers_its_members_and_nobody_else(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people, "C3")
    read(core, face, "C3", "channel:C3")

    inside = people.say("U1", "C3", "<@UBOT> how do I reach the printer upstairs?")
    outside = people.say("U2", "C1", "<@UBOT> how do I reach the printer upstairs?")

    assert "tulip-7" in words(people.reply("U1", "C3", inside))
    assert "tulip-7" not in words(people.reply("U2", "C1", outside))


def test_opting_out_removes_everything(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)

    reading.opt_out(face, "C1", "U1")

    assert not found(core, "tulip-7")
    assert count(core) == 0


def test_opting_in_and_out_stands_in_the_audit_log(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)
    reading.opt_out(face, "C1", "U1")

    with core.database.read() as db:
        act = audit.latest(db, ["C1"])["C1"]

    assert (act.person, act.act) == ("U1", "stop reading a channel")


def test_when_the_bot_is_taken_out_everything_goes(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)

    face.client.conversations_leave(channel="C1")

    assert eventually(lambda: not found(core, "tulip-7"))


def test_a_deleted_channel_goes_and_an_archived_one_stays(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)

    people.act("channels/archive", channel="C1")
    reading.look_again(face, "C1")
    assert found(core, "tulip-7")

    people.act("channels/delete", channel="C1")
    assert eventually(lambda: not found(core, "tulip-7"))


def test_what_people_ask_the_bot_and_the_thread_below_are_not_read(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    asked = people.say("U2", "C1", "<@UBOT> where is the lighthouse?")
    people.reply("U2", "C1", asked)
    people.say("U3", "C1", "The lighthouse is in Halifax.", thread_ts=asked)

    read(core, face)

    assert not found(core, "lighthouse")


def test_nothing_from_before_the_date_is_read(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    later = utc_now() + timedelta(seconds=1)
    eventually(lambda: utc_now() > later)

    reading.opt_in(face, "C1", utc_now(), "U1")

    assert soon(core, lambda: people.messages("U1", people.dm("U1")))
    assert count(core) == 0


def test_a_channel_without_the_bot_cannot_be_read(people: People, face: Face) -> None:
    with pytest.raises(InvalidInput, match="Invite me"):
        reading.opt_in(face, "C2", long_ago(), "U1")


def test_direct_messages_cannot_be_read(people: People, face: Face) -> None:
    with pytest.raises(InvalidInput, match="never read"):
        reading.opt_in(face, people.dm("U1"), long_ago(), "U1")


def test_the_passage_names_people_and_opens_in_slack(core: Core, people: People, face: Face) -> None:
    root, _ = asked_and_answered(people)
    read(core, face)

    with core.database.read() as db:
        [(document_id, name)] = documents.in_source(db, "slack:C1")
        passage = core.words.match("tulip-7", Audience.everyone(), 1)[0].passage_id
        found_one = documents.passage(db, passage, Audience.everyone())

    assert found_one is not None
    assert found_one[1].title == f"#general, Ana Alvarez and Cleo Costa, {utc_now():%-d %b %Y}"
    assert found_one[0].url == f"{face.identity.url}archives/C1/p{root.replace('.', '')}"
    assert (document_id, name) == (found_one[1].id, f"slack/C1/{root}")


def test_who_is_forgotten_leaves_the_talk_and_the_rest_of_it_stays(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)

    a_person.forget(core, "U3")

    assert not found(core, "tulip-7")
    assert found(core, "printer upstairs") == ["Ana Alvarez: How do I reach the printer upstairs?"]


def test_an_export_of_a_person_holds_what_they_said(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)

    rows = a_person.export(core, "U3")["said"]

    assert [row["text"] for row in rows] == ["Add the queue tulip-7 in the settings."]


def test_after_a_time_without_anybody_listening_the_newest_history_is_read_again(
    core: Core, people: People, face: Face, place: tuple[People, Bot]
) -> None:
    asked_and_answered(people)
    read(core, face)
    soon(core, lambda: people.messages("U1", people.dm("U1")))
    people.act("delivery", drop=1)
    people.say("U1", "C1", "The coffee machine on the roof takes tokens only.")

    reading.upkeep(replace(face, core=replace(face.core, now=lambda: utc_now() + timedelta(hours=1))))

    assert soon(core, lambda: found(core, "coffee tokens"))


def test_what_was_never_delivered_is_found_by_the_sweep(
    core: Core, people: People, face: Face, place: tuple[People, Bot]
) -> None:
    asked_and_answered(people)
    read(core, face)
    people.act("delivery", drop=1)
    people.say("U1", "C1", "The coffee machine on the roof takes tokens only.")

    place[1].sweep.once()

    assert soon(core, lambda: found(core, "coffee tokens"))


def test_a_process_that_ends_in_the_middle_is_followed_by_one_that_goes_on(
    core: Core, people: People, face: Face, place: tuple[People, Bot]
) -> None:
    place[1].stop()
    for number in range(3):
        people.say("U3", "C1", "A reply below.", thread_ts=people.say("U1", "C1", f"note {number} about the tulip-7"))
    reading.opt_in(face, "C1", long_ago(), "U1")
    one_step(core, face)
    one_step(core, face)  # and here it ends: two threads are still to be read

    next_one = assembled(core, people.url, install_at(""))
    next_one.worker.start()

    try:
        assert soon(core, lambda: count(core) == 6)
    finally:
        next_one.worker.stop()


def test_who_only_asked_is_not_named_as_knowing(core: Core, people: People, face: Face) -> None:
    asked_and_answered(people)
    read(core, face)

    hits = shortlist(core, "Who knows about the tulip-7 printer?", Audience.everyone()).hits

    assert [hit.text.split(" in ")[0] for hit in hits if hit.title == "U3"] == ["wrote 1 message"]
    assert "U1" not in {hit.title for hit in hits}
