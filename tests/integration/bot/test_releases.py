"""Administrators promote, hold and roll back in Slack; others are refused; messages say who did what."""

import time
from typing import Any

import pytest

from bot import outbox, releasing
from bot.app import Bot
from bot.blocks.report import models_in, report_message
from bot.face import Face
from bot.identity import whoami
from bot.outbox import Outgoing, slack_client
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.learning import release
from flywheel.learning.gate import Decision
from flywheel.measurement.watch import ACT
from flywheel.registry import Outcome, Release
from flywheel.store import jobs, questions, releases
from flywheel.store.jobs import JobState
from tests.integration.bot.world import People, eventually, install_at, utc_now, words


def settled(core: Core, alpha: float, decision: Decision) -> str:
    """Settle a fusion weight and return its id."""
    artefact = {"alpha": alpha}
    made = Release(
        id=releases.identity("fusion", artefact),
        learner="fusion",
        artefact=artefact,
        evidence={"reason": f"It gains {alpha}."},
        snapshot="s",
        created_at=utc_now(),
        outcome=Outcome.HELD,
        serving=False,
    )
    with core.database.begin() as db:
        return release.settle(db, made, None, utc_now(), decision).id


@pytest.fixture
def champion(core: Core) -> str:
    return settled(core, 0.31, Decision.RELEASED)


@pytest.fixture
def canary(core: Core, champion: str) -> str:
    return settled(core, 0.32, Decision.PROVISIONAL)


def outcome(core: Core, release_id: str) -> tuple[str, bool]:
    with core.database.read() as db:
        found = releases.find(db, release_id)
    assert found is not None
    return found.outcome.value, found.serving


def command(people: People, by: str) -> dict[str, Any]:
    """Ask for the models and return what comes."""
    people.act("commands", by=by, channel="C1", command="/ask", text="models")
    return dict(eventually(lambda: private(people, by))[0])


def handled(core: Core) -> bool:
    with core.database.read() as db:
        return all(one.state is JobState.DONE for one in jobs.beginning(db, "command:"))


def private(people: People, by: str, text: str = "") -> list[dict[str, Any]]:
    return [one for one in people.messages(by, "C1") if one.get("ephemeral") and text in words(one)]


def reported(people: People, core: Core, release_id: str) -> dict[str, Any]:
    """Post a report about a release in C1 and return its message."""
    content = {"title": "Week", "verdicts": [{"learner": "f", "outcome": "o", "evidence": "e", "release": release_id}]}
    message = report_message(content, releasing.shown(core, models_in(content)))
    with core.database.begin() as db:
        outbox.put(db, Outgoing("report:r1", message, channel="C1"), utc_now())
    return dict(eventually(lambda: report(people))[0])


def report(people: People, text: str = "Week") -> list[dict[str, Any]]:
    return [one for one in people.messages("U1", "C1") if "Week" in words(one) and text in words(one)]


def test_an_administrator_sees_what_serves_and_why(people: People, canary: str) -> None:
    shown = words(command(people, "U1"))

    assert "a canary, it serves 50 % of people" in shown
    assert "It gains 0.32." in shown


def test_the_word_is_not_taken_for_a_question_as_well(people: People, core: Core, canary: str) -> None:
    command(people, "U1")
    eventually(lambda: handled(core))

    with core.database.read() as db:
        assert questions.recent_of(db, "U1") == []


def test_what_the_gate_held_is_nobody_s_act(core: Core) -> None:
    held = settled(core, 0.33, Decision.HELD)

    assert releasing.shown(core, [held])[held].act == ""


def test_others_do_not(people: People, canary: str) -> None:
    assert "Only administrators" in words(command(people, "U2"))


def test_a_press_rolls_back_and_the_list_shows_it(people: People, core: Core, champion: str) -> None:
    people.press("U1", "C1", command(people, "U1"), "release_roll_back")

    assert eventually(lambda: private(people, "U1", "Rolled back by <@U1>"))
    assert outcome(core, champion) == ("rolled_back", False)


def test_a_press_under_a_report_changes_it_for_everybody(people: People, core: Core, canary: str) -> None:
    people.press("U1", "C1", reported(people, core, canary), "release_promote")

    assert eventually(lambda: report(people, "Promoted by <@U1>; now: serves everybody."))
    assert outcome(core, canary) == ("released", True)


def test_a_canary_is_held(people: People, core: Core, champion: str, canary: str) -> None:
    people.press("U1", "C1", reported(people, core, canary), "release_hold")

    assert eventually(lambda: report(people, "Held by <@U1>"))
    assert (outcome(core, canary), outcome(core, champion)) == (("held", False), ("released", True))


def test_somebody_else_is_refused_politely(people: People, core: Core, champion: str) -> None:
    people.press("U2", "C1", reported(people, core, champion), "release_roll_back")

    assert eventually(lambda: private(people, "U2", "Only administrators decide"))
    assert outcome(core, champion) == ("released", True)


def test_pressed_twice_it_is_done_once(people: People, core: Core, champion: str) -> None:
    posted = reported(people, core, champion)
    people.press("U1", "C1", posted, "release_roll_back")
    people.press("U1", "C1", posted, "release_roll_back")

    assert eventually(lambda: report(people, "Rolled back by <@U1>"))
    assert private(people, "U1") == []


def test_a_button_takes_less_than_a_second(people: People, core: Core, bot: Bot, champion: str) -> None:
    posted = reported(people, core, champion)
    began = time.perf_counter()
    people.press("U1", "C1", posted, "release_roll_back")
    eventually(lambda: outcome(core, champion) == ("rolled_back", False))

    assert time.perf_counter() - began < 1.0


def test_what_the_watch_took_back_is_announced_once(people: People, core: Core, champion: str) -> None:
    release.roll_back(core, champion, "flywheel")
    with core.database.begin() as db:
        releases.note(db, champion, **{ACT: {"at": utc_now().isoformat(), "fate": "rolled back", "reason": "Slower."}})
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    face = Face(core, client, whoami(client), ask, lambda: None, lambda _: None, report_channel="C1")

    assert [releasing.announce(face), releasing.announce(face)] == [1, 1]
    told = eventually(lambda: [one for one in people.messages("U1", "C1") if "Slower." in words(one)])
    assert (len(told), "Rolled back by flywheel" in words(told[0])) == (1, True)
