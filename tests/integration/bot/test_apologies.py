"""Who gets a word that something failed, and who does not."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from bot.asking import answer_key, owed_mark
from bot.blocks.message import note
from bot.failure import Apology
from bot.identity import Identity
from bot.ingress import SLACK_JOB
from bot.outbox import POST_JOB, Outgoing, put
from flywheel.core import Core
from flywheel.store import answers, jobs, marks
from flywheel.store.jobs import Job, JobState, NewJob
from tests.integration.bot.faults import SHORT
from tests.integration.bot.world import eventually, utc_now, words, workplace
from tests.integration.bot.writing import VPN, AheadClock
from tests.parts import answered

ASKED = {"type": "message", "channel": "C1", "user": "U2", "text": VPN, "ts": "8.000001"}
QUESTION = "q:T1:C1:8.000001"


def apologies(core: Core, kind: str, body: dict[str, Any], reason: str = "broken") -> list[dict[str, Any]]:
    """Give a job up and return what is said about it."""
    apology = Apology(Identity("T1", "UBOT", "B1"), utc_now, None, frozenset())
    with core.database.begin() as db:
        jobs.enqueue(db, NewJob("j1", kind, body), utc_now())
        job = jobs.find(db, "j1")
        assert isinstance(job, Job)
        apology(db, job, reason)
        return [dict(one.body) for one in jobs.beginning(db, "post:sorry:")]


def event(**changes: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event": {**ASKED, **changes}}


def message(**changes: Any) -> dict[str, Any]:

    return asdict(replace(Outgoing("answer:q", note("Lunch."), channel="C1", thread_ts="8.1", asker="U2"), **changes))


def test_who_asked_hears_in_the_thread(core: Core) -> None:
    [said] = apologies(core, SLACK_JOB, event())

    assert (said["channel"], said["thread_ts"], said["finishes"]) == ("C1", "8.000001", QUESTION)


def test_who_talked_to_others_hears_nothing(core: Core) -> None:
    assert apologies(core, SLACK_JOB, event(text="lunch, anybody?")) == []


def test_who_went_on_asking_without_a_mention_hears_too(core: Core) -> None:
    with core.database.begin() as db:
        marks.put(db, owed_mark(QUESTION), "answer")

    assert len(apologies(core, SLACK_JOB, event(text="and for contractors?"))) == 1


def test_nobody_gets_an_answer_and_an_apology(core: Core) -> None:
    with core.database.begin() as db:
        put(db, Outgoing(answer_key(QUESTION), note("Lunch."), channel="C1"), utc_now())

    assert apologies(core, SLACK_JOB, event()) == []


def test_an_answer_that_stands_is_not_said_to_have_failed(core: Core) -> None:
    answer_id = answered(core)
    with core.database.begin() as db:
        answers.mark_posted(db, answer_id, "C1", "9.1")

    assert apologies(core, POST_JOB, message(answer_id=answer_id)) == []


def test_it_is_said_when_nobody_knows_who_may_read_it(core: Core) -> None:
    [said] = apologies(core, SLACK_JOB, event(), "MembersUnknown: Slack does not say")

    assert "who may read this" in said["message"]["text"]


def test_an_apology_that_cannot_be_posted_goes_to_the_asker_alone(core: Core) -> None:
    said = apologies(core, POST_JOB, message(key="sorry:j0"))

    assert [(one["person"], one["channel"]) for one in said] == [("U2", None)]


def test_an_apology_that_does_not_reach_the_asker_alone_is_the_last(core: Core) -> None:
    assert apologies(core, POST_JOB, message(key="sorry:j0:alone", person="U2", channel=None)) == []


def test_a_question_whose_thread_stays_hidden_is_answered_alone_and_it_is_said(core: Core) -> None:
    clock = AheadClock()
    clock.advance(6)
    with workplace(replace(core, now=clock)) as (people, _):
        root = people.say("U3", "C1", "morning")
        people.act("faults", method="conversations.replies", status=500, times=5)
        people.say("U2", "C1", VPN, thread_ts=root)

        assert "could not read this thread" in words(people.reply("U2", "C1", root))


def test_an_answer_that_got_through_unseen_is_found_before_an_apology(core: Core) -> None:
    pace = replace(SHORT, unclear_wait=timedelta(seconds=0.2))
    with workplace(core, pace=pace) as (people, _):
        people.act("faults", method="chat.postMessage", times=1, lose_reply=True)
        people.act("faults", method="conversations.replies", times=3, status=500)
        ts = people.say("U2", "C1", VPN)
        eventually(lambda: has_settled(core, f"post:sorry:post:answer:q:T1:C1:{ts}"))

        assert len(people.replies("U2", "C1", ts)) == 1
        assert people.messages("U2", people.dm("U2")) == []


def has_settled(core: Core, job_id: str) -> bool:
    with core.database.read() as db:
        job = jobs.find(db, job_id)
    return job is not None and job.state is JobState.DONE
