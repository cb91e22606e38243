"""The output gate: whatever goes in, nothing comes out live."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks import limits
from bot.blocks.prose import prose
from bot.blocks.text import code, inert, link, person, plain, web_address

_LIVE = (
    re.compile(r"[<>]"),
    re.compile(r"\w:/{2}", re.IGNORECASE),
    re.compile(r"(?:^|[^\w])(?:mailto|javascript|data|tel):\S", re.IGNORECASE),
    re.compile(r"(?<!\w)@\w|@[^\W\d]"),  # nDCG@10 is no mention
    re.compile(r"\]\("),
    re.compile(r"&(?!amp;|lt;|gt;)"),
)
_HOST = re.compile(r"[a-z0-9_-]\.(?:com|org|net|io|evil|example|sh|py|zip)\b", re.IGNORECASE)
_PIECES = st.sampled_from(
    [
        *re.split(" ", "http https :// : / // . 。 ． evil com example.com < > & | @ ! - _ a ` ``` ]("),
        *re.split(" ", "<!here> <@U1> <#C1|x> [a](b.com) ｅｖｉｌ．ｃｏｍ ＜ ＠ mailto: &lt; &#60; 1.2.3.4 #general"),
        *("\u200b", "\u202e", "\t", "\n", " ", "htt\tp://", "\U000e0041", "\ufe0f"),
    ]
)
_TEXTS = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map("".join))


def live_parts(text: str) -> list[str]:
    outside_code = re.sub(r"(?<![\w`])`[^`\n]+`(?![\w`])", " ", text)
    return [found for rule in _LIVE for found in rule.findall(text)] + _HOST.findall(outside_code)


@settings(max_examples=1500)
@given(_TEXTS)
def test_nothing_that_passes_the_gate_is_live(text: str) -> None:
    assert live_parts(inert(text)) == []


@settings(max_examples=500)
@given(_TEXTS)
def test_nothing_that_passes_the_gate_is_hidden(text: str) -> None:
    hidden = [char for char in inert(text) if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs"}]

    assert hidden == []


@settings(max_examples=300)
@given(_TEXTS)
def test_no_block_of_prose_is_live(text: str) -> None:
    sections = [block["text"]["text"] for block in prose(text) if block["type"] == "section"]

    assert [part for section in sections for part in live_parts(section)] == []


@settings(max_examples=300)
@given(_TEXTS, _TEXTS)
def test_a_link_never_grows_a_second_one(url: str, label: str) -> None:
    made = link(url, label)

    assert made.count("<") == made.count(">") <= 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://evil.com/x", "see https[:]//evil[.]com/x"),
        ("htt\tp://evil.com", "htt p[:]//evil[.]com"),
        ("htt\u200bp://evil.com", "http[:]//evil[.]com"),
        ("evil-.com", "evil-[.]com"),
        ("<@U123> & <!channel>", "&lt;＠U123&gt; &amp; &lt;!channel&gt;"),
        ("[x](javascript:alert(1))", "[x] (javascript[:]alert(1))"),
        ("ana@example.com", "ana＠example[.]com"),
        ("the report.pdf of 3.5 m²", "the report.pdf of 3.5 m²"),
        ("call `os.path.join`", "call `os.path.join`"),
        ("issue #12 in #general", "issue #12 in ＃general"),
        ("mailto:`x`", "mailto[:]`x`"),
        ("10.0.0.1", "10[.]0[.]0[.]1"),
    ],
)
def test_the_gate_changes_what_is_live_and_little_else(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_code_keeps_its_characters_but_not_the_invisible_ones() -> None:
    assert code("curl https://x.y\u202e\n\tdone") == "curl https://x.y\n\tdone"


def test_a_button_label_is_one_line() -> None:
    assert plain("a\nb\u200b  c") == "a b c"


def test_only_slack_ids_become_mentions() -> None:
    assert person("U1") == "<@U1>"
    assert person("!channel") == "!channel"


@pytest.mark.parametrize("url", ["javascript:x", "https://", "", "file:///etc", "https://[", "x>y"])
def test_what_is_no_web_address_makes_no_link(url: str) -> None:
    assert web_address(url) is None


@settings(max_examples=200)
@given(st.text(max_size=400), st.integers(min_value=12, max_value=60))
def test_pieces_fit_and_lose_no_word(text: str, longest: int) -> None:
    pieces = limits.split(text, longest)

    assert all(0 < len(piece) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_an_escaped_character_is_never_cut() -> None:
    assert limits.clip("abc &amp; d", 8) == "abc…"


def test_a_metric_s_name_is_no_mention() -> None:
    assert inert("nDCG@10, @10 and a@10b.example") == "nDCG@10, ＠10 and a@10b[.]example"
