"""What is read from a modal."""

from bot.form import entered


def test_a_field_is_read_without_surrounding_space() -> None:
    state = {"values": {"answer": {"text": {"type": "plain_text_input", "value": " Ask Ana. "}}}}

    assert entered({"state": state}, "answer") == "Ask Ana."


def test_a_view_without_state_has_nothing_entered() -> None:
    assert entered({"id": "V1"}, "answer") == ""
