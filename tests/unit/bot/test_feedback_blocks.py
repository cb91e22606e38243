"""Feedback buttons of Slack's own, and plain ones where the server does not know them."""

from pathlib import Path

from slack_sdk.errors import SlackApiError

from bot.blocks.asking import Invitation, has_native, vote_blocks, without_native
from bot.blocks.escalation import Asked, Offer, offer_view, request_message
from bot.blocks.message import Message
from bot.patience import sent
from tests.parts import migrated_sqlite

NATIVE = Message("said", tuple(vote_blocks(Invitation(native=True), "a1", (0, 0))))
ASKED = Asked("e1", "U2", "U3", "Which <!channel> profile?", in_thread=False, titles=("VPN *handbook*",))


def test_plain_buttons_carry_the_answer() -> None:
    plain = without_native(NATIVE)

    assert [one["value"] for one in plain.blocks[-1]["elements"]] == ["a1", "a1"]
    assert not has_native(plain)


def test_a_server_that_refuses_feedback_buttons_gets_plain_ones(tmp_path: Path) -> None:
    tried = []

    def send(message: Message) -> str:
        tried.append(has_native(message))
        if has_native(message):
            raise SlackApiError("no", {"error": "invalid_blocks"})  # type: ignore[no-untyped-call]
        return "posted"

    assert sent(send, NATIVE, migrated_sqlite(tmp_path)) == "posted"
    assert tried == [True, False]


def test_what_a_person_wrote_is_not_live_for_the_expert() -> None:
    assert "<!channel>" not in str(request_message(ASKED))


def test_every_button_of_a_request_is_understood_alone() -> None:
    row = next(one for one in request_message(ASKED).blocks if one["type"] == "actions")

    assert [one["text"]["text"] for one in row["elements"]] == [
        "Write an answer", "Resolved", "Not me, ask somebody else",
    ]  # fmt: skip


def test_an_offer_in_private_asks_for_the_words_to_share() -> None:
    private = offer_view(Offer("a1", "U3", "Cleo", "owns “vpn”", "Which?", in_thread=False))

    assert [one["element"]["initial_value"] for one in private["blocks"] if one["type"] == "input"] == ["Which?"]
