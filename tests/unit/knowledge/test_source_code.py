"""Source code is cut at its definitions, in every language that has a grammar and in those that have none."""

import pytest

from flywheel.knowledge.blocks import Block
from flywheel.knowledge.chunks import Piece, pieces
from flywheel.knowledge.code_parts import LONGEST, MOST_ROWS
from flywheel.knowledge.parsers import source_code
from flywheel.model import Kind


def parsed(name: str, code: str) -> list[Piece]:
    return list(pieces(source_code.parse(code.encode(), name).blocks))


def symbols(name: str, code: str) -> list[str]:
    return [piece.detail["symbol"] for piece in parsed(name, code)]


def searched(name: str, code: str) -> str:
    return "\n".join(piece.search_text or "" for piece in parsed(name, code))


LONG = "        x = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9\n" * 20

LANGUAGES = {
    "a.py": ("@cache\ndef f(a):\n    return a\n\nclass C:\n    y = 2\n", ["f", "C"]),
    "a.js": ("function f() {}\nexport const g = () => 1;\nclass C { m() {} }\n", ["f", "g", "C"]),
    "a.jsx": ("export function App() {\n  return <p>Hi</p>;\n}\n", ["App"]),
    "a.ts": ("export interface P { a: string }\nexport type T = P;\nexport default class C<T> {}\n", ["P", "T", "C"]),
    "a.tsx": ("export const App = (p: Props) => <p>{p.a}</p>;\n", ["App"]),
    "a.go": ("func (c *Client) Retry(n int) error { return nil }\n\ntype S struct { A int }\n", ["Client.Retry", "S"]),
    "A.java": ("/** Doc. */\n@Service\npublic class A { int b() { return 1; } }\nenum E { X }\n", ["A", "E"]),
    "a.rs": ("/// Doc\n#[derive(Debug)]\npub struct S {}\nimpl S { fn new() {} }\nfn main() {}\n", ["S", "S", "main"]),
    "a.c": ("static int *foo(int a) {\n  return 0;\n}\nstruct s { int a; };\n", ["foo", "s"]),
    "a.cpp": ("namespace n { class A {}; }\nint n::A::h() const { return 2; }\n", ["n", "n.A.h"]),
    "a.sh": ("backup() {\n  pg_dump x\n}\nfunction restore { y; }\n", ["backup", "restore"]),
    "a.sql": ("CREATE TABLE shop.orders (id int);\nCREATE VIEW v AS SELECT 1;\n", ["shop.orders", "v"]),
}


@pytest.mark.parametrize("name", LANGUAGES)
def test_each_language_is_cut_at_its_definitions(name: str) -> None:
    code, expected = LANGUAGES[name]

    assert symbols(name, code) == expected


def test_comments_and_decorators_belong_to_the_definition_below() -> None:
    piece = parsed("a.py", "import x\n\n\n# why\n@cache\ndef f():\n    return 1\n")[-1]

    assert (piece.text, piece.line, piece.detail["last_line"]) == (
        "# why\n@cache\ndef f():\n    return 1",
        4,
        "7",
    )


def test_a_long_class_is_cut_into_its_head_and_methods() -> None:
    code = f"class Outer:\n    '''Doc.'''\n\n    def one(self):\n{LONG}\n    def two(self):\n{LONG}"

    assert symbols("a.py", code) == ["Outer", "Outer.one", "Outer.two"]


def test_nested_types_give_a_path() -> None:
    java = f"class Outer {{\n  class Inner {{\n    void m() {{\n{LONG}    }}\n    void k() {{}}\n  }}\n}}\n"

    assert ("Outer", "Inner", "m") in [piece.heading_path for piece in parsed("A.java", java)]


def test_no_row_with_words_is_lost_when_a_file_is_cut() -> None:
    code = (
        f"import a\n\nclass C:\n    y = 2\n    def m(self):\n{LONG}\n    z = 3\n\nif a:\n    def g(): pass\nprint(1)\n"
    )
    kept = "\n".join(piece.text for piece in parsed("a.py", code))

    assert [line.strip() for line in kept.split("\n") if line.strip()] == [
        line.strip() for line in code.split("\n") if line.strip()
    ]


def test_a_long_function_is_cut_into_passages_that_join_on() -> None:
    found = parsed("a.py", "def f():\n" + "    call_something(1)\n" * 150)

    assert {piece.detail["symbol"] for piece in found} == {"f"}
    assert all(len(piece.text) <= LONGEST and piece.text.count("\n") < MOST_ROWS for piece in found)
    assert [piece.line for piece in found[1:]] == [int(piece.detail["last_line"]) + 1 for piece in found[:-1]]


def test_a_very_long_line_is_cut() -> None:
    lengths = [len(piece.text) for piece in parsed("a.min.js", "var a=" + "1+" * 5_000 + "1;")]

    assert len(lengths) > 1
    assert max(lengths) <= LONGEST


def test_a_file_that_is_no_code_of_its_language_comes_in_whole() -> None:
    text = "]]] nothing ((( here is {{{ python\n" * 3

    assert parsed("a.py", text)[0].text == text.rstrip()


def test_a_language_without_a_grammar_is_cut_before_lines_that_define() -> None:
    assert symbols("a.rb", "require 'x'\n\n# Rounds.\ndef round_half(v)\n  v\nend\n") == ["", "round_half"]


def test_the_sections_of_a_configuration_are_parts() -> None:
    assert symbols("a.toml", "[server]\nport = 1\n\n[client]\nport = 2\n") == ["server", "client"]


def test_a_constant_by_itself_gives_its_name() -> None:
    assert symbols("a.ts", "import x from 'x';\nfunction f() {}\n// Most.\nconst MAX_TRIES = 3;\n")[-1] == "MAX_TRIES"


def test_a_passage_of_code_says_its_language() -> None:
    assert [piece.detail["language"] for piece in parsed("a.tsx", "const a = 1;\n")] == ["tsx"]


@pytest.mark.parametrize(
    "words",
    ["retry with backoff", "Waits longer each time.", "gave up after five attempts", "open socket", "max tries"],
)
def test_code_is_found_by_what_a_person_would_say(words: str) -> None:
    code = (
        "// Waits longer each time.\nfunction retryWithBackoff(maxTries) {\n"
        '  openSocket();\n  throw new Error("gave up after five attempts");\n}\n'
    )

    assert words in searched("a.js", code)


def test_code_is_still_found_by_its_own_identifiers() -> None:
    assert "retryWithBackoff(maxTries)" in searched("a.js", "function retryWithBackoff(maxTries) { return 1; }")


def test_the_most_telling_words_stand_first() -> None:
    code = "def f_of(a):\n    '''Say hello.'''\n    return shout(a)\n"

    assert searched("a.py", code).split("\n")[:3] == ["f of", "Say hello.", "def f_of(a):"]


def test_source_code_blocks_are_passages_as_they_are() -> None:
    blocks: tuple[Block, ...] = source_code.parse(b"def a(): pass\ndef b(): pass\n", "a.py").blocks

    assert [piece.text for piece in pieces(blocks)] == [block.text for block in blocks]
    assert {block.kind for block in blocks} == {Kind.CODE}
