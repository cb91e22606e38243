"""Code in run-books is a passage of its own, and stays in the text besides."""

from collections.abc import Callable

import pytest

from flywheel.knowledge.blocks import Parsed
from flywheel.knowledge.chunks import Piece, pieces
from flywheel.knowledge.parsers import html, markdown, restructured_text
from flywheel.model import Kind

RUNBOOK = "# Deploy\n\nDo this. To see old files:\n\n```sh\nfind /var/log -mtime +7\n```\n\nThen wait.\n"


def code_of(parse: Callable[[bytes, str], Parsed], text: str) -> list[Piece]:
    return [piece for piece in pieces(parse(text.encode(), "a").blocks) if piece.kind is Kind.CODE]


def test_the_text_around_a_command_stays_whole() -> None:
    found = list(pieces(markdown.parse(RUNBOOK.encode(), "a.md").blocks))

    assert [piece.kind for piece in found] == [Kind.TEXT, Kind.CODE]
    assert found[0].text == "Do this. To see old files:\n\n```sh\nfind /var/log -mtime +7\n```\n\nThen wait."


def test_a_command_knows_its_lines_its_language_and_the_sentence_above() -> None:
    piece = code_of(markdown.parse, RUNBOOK)[0]

    assert (piece.text, piece.line, piece.heading_path) == ("find /var/log -mtime +7", 6, ("Deploy",))
    assert piece.detail == {"language": "sh", "symbol": "", "last_line": "6", "about": "To see old files:"}


def test_a_command_is_searched_by_the_sentence_above_and_by_what_it_does() -> None:
    searched = code_of(markdown.parse, RUNBOOK)[0].search_text or ""

    assert searched.startswith("To see old files:\nfind /var/log -mtime +7\n")
    assert "older" in searched


@pytest.mark.parametrize(
    ("body", "is_code"),
    [
        ("```\n2026-01-02 ERROR no such host\n```", False),
        ("```text\nls -l\n```", False),
        ("```mermaid\ngraph TD;\n```", False),
        ("```\n$ flowctl status\n```", True),
        ("```\ngrep -r x .\n```", True),
        ("```\nSELECT id FROM t\n```", True),
        ("```typescript\nconst a = 1\n```", True),
        ("$ make all", True),
    ],
)
def test_only_what_is_code_becomes_code(body: str, is_code: bool) -> None:
    assert bool(code_of(markdown.parse, f"Words.\n\n{body}\n")) is is_code


def test_an_indented_block_has_no_line_for_a_fence() -> None:
    assert code_of(markdown.parse, "Do:\n\n    ls -l\n    pwd\n")[0].line == 3


def test_the_second_of_two_commands_has_the_same_sentence_above() -> None:
    text = "First:\n\n```sh\nls a\n```\n\n```sh\nls b\n```\n"

    assert [piece.detail["about"] for piece in code_of(markdown.parse, text)] == ["First:", "First:"]


def test_a_command_in_restructured_text_has_its_own_lines() -> None:
    piece = code_of(restructured_text.parse, "Do this.\n\n.. code:: sh\n\n   ls a\n   ls b\n\nEnd\n")[0]

    assert (piece.line, piece.detail["last_line"], piece.detail["language"]) == (5, "6", "sh")


def test_a_command_in_html_has_the_language_that_its_page_names() -> None:
    piece = code_of(html.parse, "<p>Do</p><pre><code class='language-bash'>ls a</code></pre>")[0]

    assert (piece.text, piece.detail["language"]) == ("ls a", "bash")
