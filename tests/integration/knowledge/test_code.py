"""Code on its way into the store: files, run-books, notebooks and records."""

import json
from pathlib import Path

from flywheel.core import Core
from flywheel.model import Kind, Passage
from flywheel.store import passages
from tests.integration.knowledge.reading import index, stored, write

PYTHON = '"""Retries."""\n\n\ndef retry_with_backoff(tries):\n    """Wait longer each time."""\n    return tries\n'


def code(core: Core) -> list[Passage]:
    return [passage for passage, _ in stored(core) if passage.kind is Kind.CODE]


def searched(core: Core) -> dict[str, str]:
    """Return what the word index holds of each passage, by the passage's id."""
    with core.database.read() as db:
        return {entry.id: entry.text for entry in passages.changed_since(db, 0)}


def test_a_function_is_stored_with_its_place_and_symbol(core: Core, folder: Path) -> None:
    write(folder, "src/retry.py", PYTHON)
    index(core, folder)
    function = code(core)[-1]

    assert (function.heading_path, function.line) == (("retry_with_backoff",), 4)
    assert function.detail == {"language": "python", "symbol": "retry_with_backoff", "last_line": "6"}
    assert function.text == PYTHON.strip().split("\n\n\n")[1]


def test_a_function_is_searched_by_its_words_and_those_of_its_folders(core: Core, folder: Path) -> None:
    write(folder, "billingCore/retry.py", PYTHON)
    index(core, folder)

    assert searched(core)[code(core)[-1].id].split("\n")[:3] == [
        "billing core",
        "retry with backoff",
        "Wait longer each time.",
    ]


def test_a_command_of_a_runbook_is_stored_beside_its_text(core: Core, folder: Path) -> None:
    write(folder, "disk.md", "# Full disk\n\nFind the largest:\n\n```sh\ndu -sh /var/* | sort -h\n```\n")
    index(core, folder)

    assert [(passage.kind, passage.line) for passage, _ in stored(core)] == [(Kind.TEXT, 3), (Kind.CODE, 6)]


def test_the_code_of_a_notebook_is_code(core: Core, folder: Path) -> None:
    cell = {"cell_type": "code", "source": "drift = fit(rows)", "outputs": [], "metadata": {}}
    book = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"language_info": {"name": "python"}}, "cells": [cell]}
    write(folder, "a.ipynb", json.dumps(book))
    index(core, folder)

    assert [(passage.text, passage.detail["language"]) for passage in code(core)] == [("drift = fit(rows)", "python")]


def test_a_record_of_code_is_searched_by_what_its_command_does(core: Core, folder: Path) -> None:
    write(folder, "a.jsonl", json.dumps({"_id": "1", "text": "find . -mtime +7 -delete", "source_type": "code"}))
    index(core, folder)
    record = code(core)[0]

    assert record.text == "find . -mtime +7 -delete"
    assert "older" in searched(core)[record.id]


def test_code_in_a_language_that_is_not_its_suffix_is_not_refused(core: Core, folder: Path) -> None:
    write(folder, "a.java", "]]] }}} nothing here ((( is Java\n")

    assert index(core, folder).refused == ()
    assert code(core)[0].text == "]]] }}} nothing here ((( is Java"
