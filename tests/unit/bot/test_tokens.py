"""Which kind a token is, told by its first letters; nothing repeats it."""

import pytest

from bot.checks import tokens


@pytest.mark.parametrize("token", ["xoxb-1-2-abc", "xoxe.xoxb-1-abc"])
def test_a_bot_token_is_accepted(token: str) -> None:
    assert tokens.kind_problem_of_bot_token(token) == ""


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("xapp-1-A1-2-secret", "an app-level token"),
        ("xoxp-secret", "a person's token"),
        ("xoxe.xoxp-secret", "a configuration token"),
        ("secret", "no token of Slack"),
        ("", "no token of Slack"),
    ],
)
def test_another_token_is_named_for_what_it_is(token: str, kind: str) -> None:
    problem = tokens.kind_problem_of_bot_token(token)

    assert (f"that is {kind};" in problem, "secret" in problem) == (True, False)


def test_a_bot_token_is_no_app_level_token() -> None:
    assert "that is a bot token;" in tokens.kind_problem_of_app_token("xoxb-1")


@pytest.mark.parametrize("secret", ["0123456789ABCDEF0123456789ABCDEF", "0" * 31, "xoxb-1", ""])
def test_a_signing_secret_has_32_hexadecimal_digits(secret: str) -> None:
    assert tokens.problem_of_signing_secret(secret) != ""


def test_a_signing_secret_of_the_right_form_is_accepted() -> None:
    assert tokens.problem_of_signing_secret("0123456789abcdef" * 2) == ""
