"""What people attach is read or said to be unreadable, and conversations are summed up for those who may read them."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.simulator.install import Transport
from tests.acceptance.surfaces import BOT, alone, answer_after, answer_in
from tests.acceptance.workplace import Message, Workplace, words, working

LEASE = b"# Lease\n\nThe notice period of this lease is nine months before the end of a quarter.\n"
DECIDED = "We agreed that the launch of the pricing page moves to the 10th of December."


@pytest.fixture(scope="module", params=[Transport.HTTP, Transport.SOCKET], ids=["http", "socket"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, documents: Path
) -> Iterator[Workplace]:
    """The bot without a language model, reached in one of two ways."""
    with working(tmp_path_factory.mktemp("home"), documents, request.param) as place:
        yield place


def asked_with(place: Workplace, text: str, name: str, content: bytes) -> Message:
    """Send U2's question with a file in their direct messages, and return the answer."""
    ben = place.person("U2")
    room = ben.direct(BOT)
    file = {"name": name, "content_base64": base64.b64encode(content).decode()}
    return answer_after(ben, room, str(ben.do("messages", channel=room, text=text, files=[file])["ts"]))


def test_a_question_about_a_file_is_answered_from_it(place: Workplace) -> None:
    answer = asked_with(place, "What is the notice period in this contract?", "lease.md", LEASE)

    assert "nine months" in words(answer)


def test_a_file_that_cannot_be_read_is_said_to_be_so_with_the_reason(place: Workplace) -> None:
    answer = words(asked_with(place, "Which profile do I import to get on the VPN?", "tool.exe", b"MZ" + b"\0" * 90))

    assert "Harbour-2" in answer
    assert "I do not read [.]exe files" in answer or "I do not read .exe files" in answer


def test_a_thread_is_summed_up_in_the_thread(place: Workplace) -> None:
    ana = place.person("U1")
    root = ana.say("C1", DECIDED)
    place.person("U3").say("C1", "Who takes care of the translations of that page?", root)
    place.person("U2").say("C1", f"<@{BOT}> tl;dr", root)

    summary = words(answer_in(place.person("U2"), "C1", root))

    assert "10th of December" in summary
    assert "2 messages by 2 people" in summary


def test_a_private_channel_is_summed_up_for_its_members_alone(place: Workplace) -> None:
    ana, ben = place.person("U1"), place.person("U2")
    ana.say("C3", DECIDED)

    told = words(answer_after(ana, ana.direct(BOT), ana.say(ana.direct(BOT), "summarise <#C3|finance>")))
    refused = words(answer_after(ben, ben.direct(BOT), ben.say(ben.direct(BOT), "summarise <#C3|finance>")))

    assert "10th of December" in told
    assert "channels that you are in" in refused


def test_the_command_sums_up_a_channel_for_its_author_alone(place: Workplace) -> None:
    place.person("U1").say("C1", DECIDED)
    ben = place.person("U2")

    ben.command("summarise <#C1|general>", "C1")

    alone(ben, "C1", "10th of December")
    assert place.person("U1").told("C1", "Summary of") is None
