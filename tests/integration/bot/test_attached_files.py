"""Files come with a question: they are read for it, or it is said why not."""

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.app import Bot
from flywheel.core import Core
from flywheel.gateways.openai_chat import OpenAIChat
from flywheel.gateways.picture_reader import RapidPictureReader
from flywheel.store import counts
from tests.integration.bot.world import People, eventually, utc_now, words, workplace
from tests.llm_server import Reply, serving
from tests.parts import know, make_core

CONTRACT = b"""# Lease

The notice period of this lease is nine months before the end of a quarter.

The rent of the warehouse is paid on the third working day of each month.
"""
LEASE = ("lease.md", CONTRACT)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = make_core(tmp_path, now=utc_now, picture_reader=RapidPictureReader())
    know(core, "vpn.md", "Error 809 means that the VPN gateway is blocked: switch to the Office-2 profile.")
    know(core, "lunch.md", "Lunch is served in the canteen from 12:00 to 13:30 on the second floor.")
    yield core
    core.database.close()


def asked_with(people: People, text: str, *files: tuple[str, bytes]) -> str:
    """Ask U2's question with files in their direct messages, and return all that the bot says to it."""
    room = people.dm("U2")
    return words(people.answer("U2", room, people.say("U2", room, text, files=uploads(*files))))


def uploads(*files: tuple[str, bytes]) -> list[dict[str, str]]:
    return [{"name": name, "content_base64": base64.b64encode(content).decode()} for name, content in files]


def screenshot(text: str) -> bytes:
    image = Image.new("RGB", (900, 160), "white")
    ImageDraw.Draw(image).text((20, 50), text, fill="black", font=ImageFont.load_default(44))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


@pytest.mark.parametrize(
    "question",
    [
        "What is the notice period in this contract?",
        "What does this say about the notice period?",
        "What is the notice period of this lease?",
    ],
)
def test_a_question_about_a_file_is_answered_from_it(people: People, core: Core, question: str) -> None:
    know(core, "notice.md", "The notice period of employees is thirty days before the end of a month.")
    said = asked_with(people, question, LEASE)

    assert "nine months" in said
    assert "lease.md" in said


def test_a_document_that_answers_goes_before_the_companys(people: People, core: Core) -> None:
    know(core, "leases.md", "The notice period of a lease is three months.")

    assert "nine months" in asked_with(people, "What is the notice period of the lease?", LEASE)


def test_the_words_of_a_screenshot_are_searched(people: People) -> None:
    said = asked_with(people, "What does this mean?", ("screenshot.png", screenshot("VPN error 809")))

    assert "Office-2 profile" in said


def test_a_file_without_a_question_is_summed_up(people: People) -> None:
    assert "nine months" in asked_with(people, "", LEASE)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("tool.exe", b"MZ" + b"\0" * 60, "I do not read .exe files"),
        ("report.pdf", b"%PDF-1.7 and then nothing of the kind", "report.pdf"),
        ("photo.png", b"this is no picture at all", "content is something else"),
        ("empty.txt", b" ", "holds no text"),
        ("white.png", screenshot(""), "no words in it"),
    ],
    ids=["program", "broken", "no picture", "empty", "wordless"],
)
def test_what_cannot_be_read_is_said_with_the_reason_under_the_answer(
    people: People, name: str, content: bytes, why: str
) -> None:
    said = asked_with(people, "When is lunch served in the canteen?", (name, content))

    assert "12:00 to 13:30" in said
    assert f"I could not read “{name}”" in said.replace("[.]", ".")
    assert why in said.replace("[.]", ".")


def test_a_language_model_writes_once_however_many_wordings_are_searched(core: Core) -> None:
    seen = screenshot("VPN error 809")
    with serving(Reply("Switch to the Office-2 profile [1].")) as server:
        model = OpenAIChat("model", base_url=server.base_url)
        with workplace(replace(core, language_model=model)) as (people, _):
            ts = people.say("U2", "C1", "<@UBOT> what does this mean?", files=uploads(("screenshot.png", seen)))
            eventually(lambda: "vote_yes" in words(people.reply("U2", "C1", ts)))

    assert len(server.log) == 1


def test_a_file_that_slack_does_not_hand_over_is_said_to_be_out_of_reach(people: People) -> None:
    people.act("faults", method="download", status=403, error="no")

    said = asked_with(people, "When is lunch served in the canteen?", LEASE)

    assert "12:00 to 13:30" in said
    assert "files:read" in said


def test_a_file_stays_out_of_the_index(people: People, core: Core) -> None:
    with core.database.read() as db:
        before = counts.totals(db)["passages"]
    asked_with(people, "What is the notice period in this contract?", LEASE)

    with core.database.read() as db:
        assert counts.totals(db)["passages"] == before
    room = people.dm("U3")
    ts = people.say("U3", room, "What is the notice period of the lease?")
    assert "nine months" not in words(people.answer("U3", room, ts))


def test_a_file_of_a_mention_is_read_for_everybody_in_the_thread(people: People) -> None:
    ts = people.say("U2", "C1", "<@UBOT> what is the notice period in this file?", files=uploads(LEASE))

    assert "nine months" in words(people.reply("U2", "C1", ts))
    assert eventually(lambda: len(people.replies("U3", "C1", ts)) == 1)


def test_a_file_that_an_event_only_names_is_looked_up(people: People, bot: Bot) -> None:
    people.act("delivery", drop=1.0, seed=1)
    ts = people.say("U2", "C1", "<@UBOT> what is the notice period in this file?", files=uploads(LEASE))
    [shared] = next(one for one in people.messages("U2", "C1") if one["ts"] == ts)["files"]
    asked = "<@UBOT> what is the notice period?"
    told = {"type": "app_mention", "user": "U2", "channel": "C1", "ts": ts, "text": asked}
    event = {**told, "files": [{"id": shared["id"], "file_access": "check_file_info"}]}
    bot.ingress.accept({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": event})

    assert "nine months" in words(people.reply("U2", "C1", ts))


def test_a_source_that_is_the_attached_file_says_so_and_asks_for_no_verdict(people: People) -> None:
    ts = people.say("U2", "C1", "<@UBOT> what is the notice period in this file?", files=uploads(LEASE))
    people.press("U3", "C1", people.reply("U2", "C1", ts), "citation_1")

    shown = words(people.modal("U3"))
    assert "file that was attached to the question" in shown
    assert "Open the file" in shown
    assert "source_up" not in shown
