"""Identifiers and commands are put into words."""

import pytest

from flywheel.knowledge.commands import explained, utilities
from flywheel.knowledge.identifiers import compound_words, mentioned, split
from flywheel.knowledge.telling import comments_of


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("retryWithBackoff", "retry with backoff"),
        ("HTTPServer", "http server"),
        ("max_attempts", "max attempts"),
        ("tide-deploy", "tide deploy"),
        ("parseURL2", "parse url2"),
        ("MAX_TRIES", "max tries"),
    ],
)
def test_an_identifier_is_split_into_its_words(identifier: str, words: str) -> None:
    assert " ".join(split(identifier)) == words


def test_only_identifiers_of_several_words_are_split() -> None:
    assert compound_words("const maxTries = tries + 1") == ["max", "tries"]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("what does retryWithBackoff do?", {"retryWithBackoff"}),
        ("where is `wait` called", {"wait"}),
        ("why does Outer.method fail", {"Outer.method"}),
        ("what is max_attempts", {"max_attempts"}),
        ("how do I call flow()", {"flow"}),
        ("How do I book a room?", set()),
    ],
)
def test_identifiers_in_a_question_are_recognised(question: str, names: set[str]) -> None:
    assert mentioned(question) == names


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("find . -type f -mtime +7 -delete", "older"),
        ("sudo tar -xzf a.tgz", "extract"),
        ("grep -ri x . | wc -l", "count"),
        ("find . -name x -exec rm {} +", "remove, delete files"),
        ("find . -print0 | xargs -0 rm -f", "remove, delete files"),
        ("$ tail -f app.log", "follow"),
        ("/usr/bin/sort -nr x", "numerically"),
    ],
)
def test_a_command_says_what_it_does(command: str, words: str) -> None:
    assert words in " ".join(explained(command))


def test_an_unknown_command_says_nothing() -> None:
    assert explained("flowctl fence hfx-db-1") == []


def test_utilities_are_known_behind_sudo_and_assignments() -> None:
    assert utilities("LC_ALL=C sudo sort x && tide y | head") == ["sort", "head"]


@pytest.mark.parametrize(
    ("language", "code", "comments"),
    [
        ("bash", "tide deploy --env x  # about 3 minutes", ["about 3 minutes"]),
        ("sql", "SELECT 1 -- one\n", ["one"]),
        ("c", "#include <a.h>\n/* Two\n * lines */", ["Two lines"]),
        ("python", '"""What it is."""\nx = 7 // 2', ["What it is."]),
        ("", "see https://a.example", []),
    ],
)
def test_comments_are_read_by_the_marks_of_their_language(language: str, code: str, comments: list[str]) -> None:
    assert [one.text for one in comments_of(code, language)] == comments


def test_a_comment_knows_its_rows_and_whether_it_trails() -> None:
    found = comments_of("# one\nx = 1  # two\n", "python")

    assert [(one.first, one.last, one.trails) for one in found] == [(0, 0, False), (1, 1, True)]
