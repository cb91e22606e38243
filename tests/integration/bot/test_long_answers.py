"""An answer that is too long for one message: its parts come in order, the buttons under the last."""

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.message import note
from bot.outbox import Outgoing, put
from flywheel.answering.ask import Asking
from flywheel.core import Core
from flywheel.model import Answer
from flywheel.store import jobs
from tests.integration.bot.killable import answer_fast
from tests.integration.bot.world import eventually, utc_now, words, workplace
from tests.integration.bot.writing import VPN, settled

TABLE = "| Plan | Price |\n|---|---|\n| Basic | 10 |"


def answering(text: str) -> Any:
    """Return an answerer that says this."""

    def say(core: Core, asking: Asking) -> Answer:
        return answer_fast(core, replace(asking, text=text))

    return say


def test_the_parts_stand_in_order_and_only_the_last_has_buttons(core: Core) -> None:
    text = "\n\n".join(f"Paragraph {number}. {'It goes on and on. ' * 80}" for number in range(12))
    with workplace(core, ask=answering(text)) as (people, _):
        ts = people.say("U2", "C1", VPN)
        eventually(lambda: settled(core))
        shown = people.replies("U2", "C1", ts)

        assert len(shown) == 3
        assert ["vote_yes" in words(one) for one in shown] == [False, False, True]
        assert "Paragraph 0" in words(shown[0])


def test_a_vote_shows_under_the_last_part(core: Core) -> None:
    text = "\n\n".join(f"Paragraph {number}. {'It goes on and on. ' * 80}" for number in range(6))
    with workplace(core, ask=answering(text)) as (people, _):
        ts = people.say("U2", "C1", VPN)
        eventually(lambda: settled(core))
        people.press("U2", "C1", people.replies("U2", "C1", ts)[-1], "vote_yes")

        assert eventually(lambda: "Yes · 1" in words(people.replies("U3", "C1", ts)[-1]))


def test_a_table_is_posted_as_a_table(core: Core) -> None:
    with workplace(core, ask=answering(f"The plans:\n\n{TABLE}")) as (people, _):
        ts = people.say("U2", "C1", VPN)

        assert "table" in [block["type"] for block in people.reply("U2", "C1", ts)["blocks"]]


def test_a_table_that_slack_does_not_take_is_posted_as_text(core: Core) -> None:
    with workplace(core, ask=answering(f"The plans:\n\n{TABLE}")) as (people, _):
        people.act("faults", method="chat.postMessage", times=1, error="invalid_blocks")
        ts = people.say("U2", "C1", VPN)
        blocks = people.reply("U2", "C1", ts)["blocks"]

        assert "table" not in [block["type"] for block in blocks]
        assert "Basic" in str(blocks)


def test_the_last_part_is_refused_where_an_earlier_one_was(core: Core) -> None:
    with workplace(core) as (people, _):
        people.act("faults", method="chat.postMessage", times=1, error="msg_too_long")
        long = Outgoing("long", note("end"), channel="C1", asker="U2")
        with core.database.begin() as db:
            put(db, replace(long, message=replace(long.message, before=(note("beginning"),))), utc_now())

        eventually(lambda: people.messages("U2", people.dm("U2")))
        with core.database.read() as db:
            assert [job.id for job in jobs.in_state(db, jobs.JobState.DEAD)] == ["post:long#1", "post:long"]


def test_an_answer_whose_blocks_slack_does_not_take_is_posted_as_text_with_its_sources(core: Core) -> None:
    with workplace(core) as (people, _):
        people.act("faults", method="chat.postMessage", times=1, error="invalid_blocks")
        ts = people.say("U2", "C1", VPN)
        shown = people.reply("U2", "C1", ts)

        assert not [block for block in shown.get("blocks", ()) if block["type"] == "actions"]
        assert "Office-2" in shown["text"]
        assert "[1] vpn" in shown["text"]


def long(name: str, paragraphs: int) -> str:
    """Return a question that is answered with its own words, in as many parts as its length needs."""
    return "\n\n".join(f"{name} {number}. {'It goes on and on. ' * 80}" for number in range(paragraphs))


def echoing(core: Core, asking: Asking) -> Answer:
    """Answer with a text of the length that the question asks for, such as "old 12"."""
    name, paragraphs = asking.text.split()[-2:]
    return answer_fast(core, replace(asking, text=long(name, int(paragraphs))))


@pytest.mark.parametrize(("before", "after", "count"), [(12, 1, 1), (12, 12, 3), (1, 12, 3), (12, 6, 2)])
def test_an_edited_question_leaves_nothing_of_a_long_answer_behind(
    core: Core, before: int, after: int, count: int
) -> None:
    with workplace(core, ask=echoing) as (people, _):
        ts = people.say("U2", "C1", f"<@UBOT> tell me of old {before}")
        eventually(lambda: settled(core) and people.replies("U2", "C1", ts))
        people.act("messages/edit", by="U2", channel="C1", ts=ts, text=f"<@UBOT> tell me of new {after}")
        said = eventually(lambda: new_alone(people.replies("U2", "C1", ts)))

        assert len(eventually(lambda: settled(core) and people.replies("U2", "C1", ts))) == count
        assert ["vote_yes" in words(one) for one in said][-1]


def new_alone(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return messages once they are all of the new answer and the buttons are there."""
    is_new = all("new " in words(one) for one in shown)
    is_old = any("old " in words(one) for one in shown)
    return shown if shown and is_new and not is_old and "vote_yes" in words(shown[-1]) else []
