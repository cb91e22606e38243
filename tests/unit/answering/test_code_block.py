"""Answers that show code: what it is, the block, its path and lines."""

from dataclasses import replace

from flywheel.answering.code_block import MOST_ROWS, NAMED, write
from flywheel.answering.written import Written
from flywheel.model import Hit, Kind, Retriever
from tests.unit.answering.made import hit

FUNCTION = 'def wait(attempt):\n    """Return the seconds to wait. They double each time."""\n    return 2**attempt'


def code(text: str, symbol: str = "", *, line: int | None = 12, score: float = 1.0, **detail: str) -> Hit:
    made = hit(text, "retry.py", score=score, kind=Kind.CODE)
    rows = text.count("\n")
    said = {"language": "python", "symbol": symbol, "last_line": str((line or 0) + rows), **detail}
    return replace(
        made,
        passage_id=f"{symbol}{line}",
        external_id="src/retry.py",
        retriever=Retriever.CODE,
        line=line,
        detail=said,
        heading_path=(symbol,) if symbol else ("Deploy",),
    )


def answer(question: str, *hits: Hit) -> str:
    written = write(question, hits)
    return written.text if written else ""


def test_a_function_is_shown_with_what_it_is_its_path_and_lines() -> None:
    assert answer("show the wait function", code(FUNCTION, "wait")) == (
        f"Return the seconds to wait. [1]\n```python\n{FUNCTION}\n```\n`src/retry.py`, lines 12–14"
    )


def test_the_sentence_nearest_to_the_question_introduces_the_code() -> None:
    assert answer("does it double", code(FUNCTION, "wait")).startswith("They double each time. [1]")


def test_a_command_is_introduced_by_the_sentence_above_it() -> None:
    command = code("tide promote api", line=32, language="bash", about="If all is well, continue:")

    assert answer("how do I continue", command) == (
        "If all is well, continue: [1]\n```bash\ntide promote api\n```\n`src/retry.py`, line 32"
    )


def test_code_without_a_comment_is_introduced_by_its_symbol() -> None:
    assert answer("wait function", code("def wait(): ...", "wait")).startswith("wait in retry.py: [1]")


def test_a_command_under_a_heading_alone_is_introduced_by_it() -> None:
    assert answer("how to deploy", code("tide deploy", line=3)).startswith("Deploy: [1]")


def test_a_text_found_first_is_not_answered_with_code() -> None:
    assert write("when do we deploy", [hit("On Monday."), code("tide deploy", score=0.99)]) is None


def test_code_nearly_first_answers_when_code_is_asked_for() -> None:
    assert "tide deploy" in answer("which command deploys", hit("On Monday."), code("tide deploy", score=0.95))


def test_code_far_behind_does_not_answer() -> None:
    assert write("which command deploys", [hit("On Monday."), code("tide deploy", score=0.5)]) is None


def test_nothing_found_is_no_answer() -> None:
    assert write("which command deploys", []) is None


def test_long_code_says_how_many_rows_are_left_out() -> None:
    text = "def f():\n" + "\n".join(f"    call({number})" for number in range(107))

    assert answer("show f", code(text, "f")).endswith(f"lines 12–{11 + MOST_ROWS} … 48 more lines")


def test_long_code_is_shown_around_the_row_that_was_asked_for() -> None:
    rows = [f"    call({number})" for number in range(200)]
    rows[150] = "    timeout_seconds = 30"
    text = answer("code of the timeout seconds", code("\n".join(rows), "f"))

    assert "timeout_seconds = 30" in text
    assert "call(0)" not in text


def test_a_question_for_a_value_gets_the_rows_around_it() -> None:
    rows = [f"OTHER_{number} = {number}" for number in range(40)]
    rows[20] = "DEFAULT_TIMEOUT = 30"
    text = answer("what is the default timeout", code("\n".join(rows)))

    assert "DEFAULT_TIMEOUT = 30" in text
    assert "more lines" in text


def test_the_passages_of_one_function_are_joined() -> None:
    parts = code("def f():\n    a()", "f", line=1), code("    b()\n    c()", "f", line=3)

    assert "    a()\n    b()\n    c()\n```\n`src/retry.py`, lines 1–4" in answer("show f", *reversed(parts))


def test_the_other_commands_of_the_section_are_shown_in_their_order() -> None:
    text = answer("deploy commands", code("tide promote", line=8), code("tide deploy", line=3, score=0.5))

    assert text.index("tide deploy") < text.index("tide promote")
    assert "[2]" in text


def test_of_many_commands_in_a_section_one_is_shown() -> None:
    commands = [code(f"tide number{line}", line=line) for line in range(3, 12)]

    assert answer("tide number3 command", *commands).count("```") == 2


def test_a_trailing_comment_does_not_introduce_a_command() -> None:
    assert answer("how to deploy", code("tide deploy  # 3 minutes", line=3)).startswith("Deploy: [1]")


def test_the_comment_of_what_the_question_names_introduces_a_class() -> None:
    text = 'class P:\n    """How to wait."""\n    def may_retry(self):\n        """Say whether."""\n'

    assert answer("what does may_retry do", code(text, "P")).startswith("Say whether. [1]")


def test_code_named_in_the_question_is_likely_what_is_meant() -> None:
    written = write("what does `wait` do", [code(FUNCTION, "Policy.wait")])

    assert written
    assert written.confidence == NAMED


def test_code_that_is_not_named_leaves_the_confidence_open() -> None:
    written = write("how long between attempts", [code(FUNCTION, "wait")])

    assert isinstance(written, Written)
    assert written.confidence is None


def test_the_citation_points_at_the_passage_of_code() -> None:
    written = write("show wait", [code(FUNCTION, "wait")])

    assert written
    assert [one.passage_id for one in written.citations] == ["wait12"]


def test_code_without_lines_is_placed_by_its_title() -> None:
    assert answer("list files", code("ls -l", line=None)).endswith("```\nretry.py")


def test_a_files_heading_comment_gives_way_to_its_code() -> None:
    comment = code('"""Rounding of invoices."""\n', line=1)
    total = code("def invoice_total(lines):\n    return sum(map(round, lines))", "invoice_total", line=3, score=0.9)

    assert "`src/retry.py`, lines 3–4" in answer("the function that rounds an invoice", comment, total)


def test_a_heading_comment_without_code_near_it_is_shown() -> None:
    assert "Rounding" in answer("rounding of invoices", code('"""Rounding of invoices."""\n', line=1))


def test_a_files_heading_comment_answers_where_no_code_is_asked_for() -> None:
    comment = code('"""Each line is rounded half to even."""\n', line=1)
    total = code("def invoice_total(lines):\n    return sum(map(round, lines))", "invoice_total", line=3, score=0.9)

    assert "half to even" in answer("How are lines of an invoice rounded?", comment, total)
