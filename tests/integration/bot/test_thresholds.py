"""Thresholds in Slack: proposals are announced once and decided on with a reason; breaches alarm the channel."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import breaching, scheduling
from bot.face import Face
from bot.identity import whoami
from bot.outbox import slack_client
from bot.scheduling import Schedule
from bot.upkeep import Upkeep
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.measurement import thresholds
from flywheel.model import Signal, SignalKind
from flywheel.store import jobs, signals
from flywheel.store import thresholds as stored
from flywheel.store.thresholds import Bound, Threshold, ThresholdState
from tests.integration.bot.world import People, eventually, install_at, utc_now, words
from tests.parts import answered

SATISFIED = ("satisfaction", "all")


@pytest.fixture
def face(people: People, core: Core) -> Face:
    eventually(lambda: people.calls("users.list"))  # the bot's own first round, which announces too, is past that
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    return Face(core, client, whoami(client), ask, lambda: None, lambda _: None, report_channel="C1")


@pytest.fixture
def proposal(people: People, core: Core) -> Threshold:
    """Return a stored proposal: at least 71 % satisfied."""
    eventually(lambda: people.calls("users.list"))
    told = {"weeks": 4, "values": [0.78, 0.84], "n": 400, "usual": 0.8}
    made = Threshold(*SATISFIED, Bound.AT_LEAST, 0.71, ThresholdState.PROPOSED, "flywheel", "Why so.", utc_now(), told)
    with core.database.begin() as db:
        return stored.put(db, made)


def votes(core: Core, yes: int, no: int) -> None:
    """Let ten people vote on as many answers, now."""
    for number in range(yes + no):
        answer = answered(core, f"a{yes}-{number}", person=f"U{number % 10}")
        kind = SignalKind.THUMBS_UP if number < yes else SignalKind.THUMBS_DOWN
        with core.database.begin() as db:
            signals.put(db, Signal(f"s-{answer}", answer, kind, f"U{number % 10}", utc_now()))


def posted(people: People, text: str) -> list[dict[str, Any]]:
    return [one for one in people.messages("U2", "C1") if one.get("bot_id") and text in words(one)]


def in_force(core: Core) -> list[tuple[float, str, str]]:
    with core.database.read() as db:
        return [(one.value, one.person, one.reason) for one in stored.in_force(stored.history(db))]


def is_delivered(core: Core) -> bool:
    """Tell whether the bot knows where its announcement stands."""
    with core.database.read() as db:
        return all(one.result for one in jobs.beginning(db, "post:thresholds:"))


def decide(people: People, by: str, action: str, face: Face) -> None:
    breaching.announce(face)
    eventually(lambda: is_delivered(face.core))
    people.press(by, "C1", eventually(lambda: posted(people, "is proposed"))[0], action)


def test_a_proposal_is_announced_with_its_numbers_once(people: People, face: Face, proposal: Threshold) -> None:
    assert [breaching.announce(face), breaching.announce(face)] == [1, 0]

    (shown,) = eventually(lambda: posted(people, "is proposed"))
    assert "Satisfied: at least 71 %" in words(shown)
    assert "The last 4 weeks were between 78 % and 84 % (400 votes)." in words(shown)


def test_an_administrator_confirms_with_a_reason(people: People, core: Core, face: Face, proposal: Threshold) -> None:
    decide(people, "U1", "threshold_confirm", face)
    people.submit("U1", value="71", reason="as agreed")

    assert eventually(lambda: in_force(core)) == [(0.71, "U1", "as agreed")]
    assert eventually(lambda: posted(people, "In force, confirmed by <@U1>: at least 71 %"))


def test_an_administrator_puts_another_value_in_force(
    people: People, core: Core, face: Face, proposal: Threshold
) -> None:
    decide(people, "U1", "threshold_confirm", face)
    people.submit("U1", value="65.5 %", reason="we are new")

    assert eventually(lambda: in_force(core)) == [(0.655, "U1", "we are new")]


def test_a_reason_is_asked_for(people: People, core: Core, face: Face, proposal: Threshold) -> None:
    decide(people, "U1", "threshold_confirm", face)

    answer = people.submit("U1", value="71", reason=" ")

    assert "Write a reason" in str(answer)


def test_a_value_that_is_no_number_is_refused_in_the_form(
    people: People, core: Core, face: Face, proposal: Threshold
) -> None:
    decide(people, "U1", "threshold_confirm", face)

    assert "Write a number" in str(people.submit("U1", value="much", reason="why not"))


def test_an_administrator_turns_one_down(people: People, core: Core, face: Face, proposal: Threshold) -> None:
    decide(people, "U1", "threshold_reject", face)
    people.submit("U1", reason="far too low")

    assert eventually(lambda: posted(people, "Turned down by <@U1>"))
    assert in_force(core) == []


def test_others_are_refused(people: People, core: Core, face: Face, proposal: Threshold) -> None:
    decide(people, "U2", "threshold_confirm", face)

    told = eventually(lambda: [one for one in people.messages("U2", people.dm("U2")) if one.get("bot_id")])
    assert "Only administrators set thresholds" in words(told[0])


def test_the_command_lists_what_is_in_force(people: People, core: Core, proposal: Threshold) -> None:
    thresholds.put(core, ("answered_share", "all"), 0.5, "U1", "because")
    people.act("commands", by="U1", channel="C1", command="/ask", text="thresholds")

    (shown,) = eventually(lambda: [one for one in people.messages("U1", "C1") if one.get("ephemeral")])
    assert "Answered: at least 50 %, by <@U1>: “because”" in words(shown)
    assert "Satisfied: at least 71 %" in words(shown)


def test_a_breach_alarms_the_channel_within_a_round_of_the_upkeep(people: People, core: Core, face: Face) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U1", "because")
    votes(core, 12, 28)
    Upkeep(face).once()

    (shown,) = eventually(lambda: posted(people, "Worse than acceptable: Satisfied"))
    assert "30 % of 40 votes" in words(shown)


def breach_goes_to(core: Core) -> list[str]:
    """Return the channels into which alarms of breaches go."""
    with core.database.read() as db:
        return [str(one.body["channel"]) for one in jobs.beginning(db, "post:breach:")]


def test_an_alarm_goes_where_administrators_chose_in_slack(core: Core, face: Face) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U1", "because")
    votes(core, 12, 28)
    scheduling.change(core, Schedule(channel="C2"), "U1")
    Upkeep(face).once()

    assert breach_goes_to(core) == ["C2"]


def test_the_bot_joins_the_channel_that_administrators_chose(people: People, core: Core, face: Face) -> None:
    scheduling.change(core, Schedule(channel="C2"), "U1")
    Upkeep(face).once()

    assert [one["args"]["channel"] for one in people.calls("conversations.join")] == ["C2"]


def test_a_part_that_fails_keeps_the_alarms_waiting_no_longer(core: Core, face: Face) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U1", "because")
    votes(core, 12, 28)
    nowhere = slack_client("xoxb-1", "http://127.0.0.1:9/api/", timeout_seconds=1)
    Upkeep(replace(face, client=nowhere)).once()

    assert breach_goes_to(core) == ["C1"]


def test_a_breach_is_told_once_and_its_end_too(people: People, core: Core, face: Face) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U1", "because")
    votes(core, 12, 28)
    breaching.announce(face)
    votes(core, 200, 0)
    assert [breaching.announce(face), breaching.announce(face)] == [1, 0]

    assert eventually(lambda: posted(people, "Back to normal: Satisfied"))
    assert len(posted(people, "Worse than acceptable")) == 1


def test_without_a_report_channel_each_administrator_is_told(people: People, core: Core, proposal: Threshold) -> None:
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    breaching.announce(Face(core, client, whoami(client), ask, lambda: None, lambda _: None))

    assert eventually(lambda: [one for one in people.messages("U1", people.dm("U1")) if "is proposed" in words(one)])


def test_what_ended_long_ago_is_no_news(core: Core, face: Face) -> None:
    past = utc_now() - timedelta(days=9)
    one = stored.Breach("b1", 1, *SATISFIED, past, {"name": "Satisfied"}, None)
    with core.database.begin() as db:
        stored.begin(db, one)
        stored.end(db, "b1", past + timedelta(days=1), {"retired": True})

    assert breaching.announce(face) == 0


def test_a_button_that_somebody_was_faster_at_says_so(
    people: People, core: Core, face: Face, proposal: Threshold
) -> None:
    people.act("commands", by="U1", channel="C1", command="/ask", text="thresholds")
    (listed,) = eventually(lambda: [one for one in people.messages("U1", "C1") if one.get("ephemeral")])
    thresholds.reject(core, proposal.id, "U1", "too strict")
    people.press("U1", "C1", listed, "threshold_confirm")

    assert "Somebody has decided" in words(people.modal("U1"))
