"""What stands under an answer: its sources, whose words it has, and how sure it is."""

from dataclasses import replace

from bot.blocks.abstain import abstain_message
from bot.blocks.answer import Amendment, Standing, answer_message, courtesy_message
from bot.blocks.message import Message
from flywheel.model import Answer, Citation

CITED = (Citation(1, "p1", "vpn.md", "VPN"), Citation(2, "p2", "vpn.md", "VPN"))
ANSWER = Answer("a1", "q1", "Do this. [1]", abstained=False, confidence=0.9, writer="extractive", citations=CITED)


def small_print(message: Message) -> str:
    return str(message.blocks[-1]["elements"][0]["text"])


def labels(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


def test_sources_of_one_title_say_where_they_stand() -> None:
    shown = answer_message(ANSWER, Standing(places={1: "Set it up", 2: "Help"}))

    assert labels(shown)[:2] == ["[1] VPN › Set it up", "[2] VPN › Help"]


def test_a_corrected_answer_does_not_claim_the_sources_of_the_old_one() -> None:
    shown = answer_message(ANSWER, Standing(amendment=Amendment("Do that.", "U1", "U2")))

    assert labels(shown) == ["Yes", "No"]


def test_a_corrected_answer_is_not_as_sure_as_the_old_one_was() -> None:
    shown = answer_message(ANSWER, Standing(amendment=Amendment("Do that.", "U1", "U2")))

    assert small_print(shown) == "Verified by your colleagues"


def test_a_correction_names_the_source_its_author_gave() -> None:
    shown = answer_message(ANSWER, Standing(amendment=Amendment("Do that.", "U1", "U2", "The wiki")))

    assert "source: The wiki" in str(shown.blocks)


def test_a_verified_answer_says_whose_words_it_has() -> None:
    verified = replace(ANSWER, citations=(), verified_answer_id="v1")

    assert small_print(answer_message(verified, Standing(credit="Verified: written by Ana"))).endswith("by Ana")


def test_a_reply_to_a_greeting_has_nothing_to_vote_on() -> None:
    assert labels(courtesy_message(replace(ANSWER, text="Hello!", citations=()))) == []


def test_an_answer_that_found_nothing_does_not_say_how_sure_it_is() -> None:
    nothing = replace(ANSWER, text="Nothing.", abstained=True, citations=(), route={"documents": 1.0})

    assert small_print(abstain_message(nothing, Standing())) == "Looked in documents"
