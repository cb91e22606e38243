"""The trace says which part of the bot went wrong, and a reviewer says otherwise in it."""

from typing import Any

import pytest

from flywheel.core import Core
from flywheel.model import Answer, Signal, SignalKind
from flywheel.signals.record import record
from flywheel.store import answers
from flywheel.store import credits as stored
from tests.integration.bot.world import People, eventually, utc_now


@pytest.fixture
def complained(people: People, core: Core) -> tuple[str, str]:
    """Have U2 ask and say that the answer is too long; return the thread and the answer's id."""
    ts = people.say("U2", "C1", "<@UBOT> how do I get on the VPN?")
    shown = people.reply("U2", "C1", ts)
    answer: Answer = eventually(lambda: posted(core, shown["ts"]))
    record(core, Signal("no", answer.id, SignalKind.THUMBS_DOWN, "U2", utc_now(), {"reason": "too_long"}))
    return ts, answer.id


def posted(core: Core, ts: str) -> Answer | None:
    with core.database.read() as db:
        return answers.by_post(db, "C1", ts)


def trace(people: People, by: str, ts: str) -> dict[str, Any]:
    people.press(by, "C1", people.reply("U2", "C1", ts), "why")
    return people.modal(by)


def choose(people: People, by: str, view: dict[str, Any], answer_id: str, part: str) -> None:
    option = {"text": {"type": "plain_text", "text": part}, "value": f"{answer_id}#{part}"}
    block = f"credit:{answer_id}"
    people.act("actions", by=by, view_id=view["id"], block_id=block, action_id="credit", selected_option=option)


def test_the_trace_says_what_went_wrong(people: People, complained: tuple[str, str]) -> None:
    assert "Writing. Somebody found the answer too long." in str(trace(people, "U2", complained[0])["blocks"])


def test_only_a_reviewer_is_offered_to_change_it(people: People, complained: tuple[str, str]) -> None:
    shown = {by: "It was rather" in str(trace(people, by, complained[0])["blocks"]) for by in ("U1", "U2", "U3")}

    assert shown == {"U1": True, "U2": False, "U3": True}  # an administrator, the asker, the owner of the source


def test_a_reviewers_choice_is_kept_and_shown(people: People, core: Core, complained: tuple[str, str]) -> None:
    ts, answer_id = complained
    choose(people, "U1", trace(people, "U1", ts), answer_id, "ranking")

    assert eventually(lambda: "<@U1> said so." in str(people.modal("U1")["blocks"]))
    with core.database.read() as db:
        assert stored.words(db)[answer_id].reviewer == "U1"
