"""Why this answer?: the trace opens at once, and shows what the person who asks may read."""

import pytest

from flywheel.core import Core
from flywheel.store import documents
from tests.integration.bot.world import People, eventually, words


@pytest.fixture
def asked(people: People) -> str:
    ts = people.say("U2", "C1", "<@UBOT> how do I get on the VPN?")
    people.reply("U2", "C1", ts)
    return ts


def test_the_trace_opens_with_what_was_found(people: People, asked: str) -> None:
    people.press("U3", "C1", people.reply("U2", "C1", asked), "why")

    shown = str(people.modal("U3")["blocks"])
    assert "how do I get on the VPN?" in shown
    assert "1. vpn · documents" in shown
    assert "source [1]" in shown


def test_it_says_how_long_each_stage_took_and_which_versions_served(people: People, asked: str) -> None:
    people.press("U3", "C1", people.reply("U2", "C1", asked), "why")

    shown = str(people.modal("U3")["blocks"])
    assert "retrieve" in shown
    assert "encoder hashing-384" in shown


def test_what_the_reader_may_not_see_any_more_is_counted_and_not_named(people: People, core: Core) -> None:
    ts = people.say("U1", "C3", "<@UBOT> what is the salary band of level 5?")
    shown = people.reply("U1", "C3", ts)
    close(core, "d-salary.md")
    people.press("U3", "C3", shown, "why")

    trace = str(people.modal("U3")["blocks"])
    assert "1 you cannot see" in trace
    assert "salary" not in trace.replace("what is the salary band of level 5?", "")


def test_an_answer_that_found_nothing_has_a_trace(people: People) -> None:
    ts = people.say("U2", "C1", "<@UBOT> how long do penguins sleep in winter?")
    people.press("U2", "C1", people.reply("U2", "C1", ts), "why")

    assert "Confidence" in str(people.modal("U2")["blocks"])


def test_a_private_answer_has_a_trace(people: People) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="how do I get on the VPN?")
    answer = eventually(lambda: [one for one in people.messages("U2", "C1") if "Office-2" in words(one)])[0]
    people.press("U2", "C1", answer, "why")

    assert "1. vpn · documents" in str(people.modal("U2")["blocks"])


def close(core: Core, document_id: str) -> None:
    """Take a document away."""
    with core.database.begin() as db:
        documents.remove(db, [document_id], version=documents.advance_corpus(db))
