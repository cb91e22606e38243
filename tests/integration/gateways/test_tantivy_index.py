"""The lexical index follows the store, takes any text as a question, and starts from a generation or without one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flywheel.gateways.generations import Parts, rebuild
from flywheel.gateways.private_copy import sweep
from flywheel.gateways.tantivy_index import TantivyIndex, stored_ids
from flywheel.model import PUBLIC, Audience
from flywheel.store import generations
from flywheel.store.database import Database
from tests.integration.gateways.conftest import NOW, HashingEncoder, Library

EVERYONE = Audience.everyone()


@pytest.fixture
def index(database: Database) -> TantivyIndex:
    """Return an index in memory."""
    return TantivyIndex(database)


@pytest.fixture
def parts(database: Database, encoder: HashingEncoder, tmp_path: Path) -> Parts:
    """Return what a rebuild needs, without Chroma."""
    return Parts(database, encoder, tmp_path / "home", lambda: NOW, vectors_from=10**9)


def found(index: TantivyIndex, query: str, audience: Audience = EVERYONE) -> list[str]:
    """Return the ids found for a query."""
    return [one.passage_id for one in index.match(query, audience, 10)]


def test_words_meet_in_any_form(library: Library, index: TantivyIndex) -> None:
    library.add("travel", "Expenses for travelling are refunded")

    assert found(index, "travel expense refund") == ["travel"]


def test_a_word_of_the_title_is_enough(library: Library, index: TantivyIndex) -> None:
    library.add("p1", "Ask the desk.", title="Parental leave")

    assert found(index, "parental") == ["p1"]


def test_accents_do_not_matter(library: Library, index: TantivyIndex) -> None:
    library.add("cafe", "The café opens at nine")

    assert found(index, "cafe") == ["cafe"]


@pytest.mark.parametrize(
    "query",
    ['"', "AND OR NOT", "title:x^^", "(((", "*", "a:b:c", "\\", "/re[/", "\ud83d", "\0", "😀", "", " ", "x" * 100_000],
)
def test_no_text_is_an_error(library: Library, index: TantivyIndex, query: str) -> None:
    library.add("p1", "plain words")

    assert found(index, query) == []


def test_a_query_of_operators_still_finds_its_words(library: Library, index: TantivyIndex) -> None:
    library.add("p1", "plain words")

    assert found(index, '+("plain" AND title:"words") ^2 ~') == ["p1"]


def test_a_text_that_is_not_unicode_can_be_indexed(library: Library, index: TantivyIndex) -> None:
    library.add("p1", "broken \ufffd words")

    assert found(index, "words") == ["p1"]


def test_closing_one_passage_hides_it_from_who_could_read_all(library: Library, index: TantivyIndex) -> None:
    library.add("plan", "the plan")
    library.add("tea", "plan the tea")
    assert sorted(found(index, "plan")) == ["plan", "tea"]

    library.add("plan", "the plan", "user:U1")

    assert found(index, "plan") == ["tea"]


def test_a_passage_of_a_channel_is_hidden_from_everyone(library: Library, index: TantivyIndex) -> None:
    library.add("secret", "salary bands", "channel:C1")

    assert found(index, "salary") == []
    assert found(index, "salary", Audience(frozenset({PUBLIC, "channel:C1"}))) == ["secret"]


def test_an_audience_without_labels_reads_nothing(library: Library, index: TantivyIndex) -> None:
    library.add("p1", "plain words")

    assert found(index, "plain", Audience(frozenset())) == []


def test_what_changes_is_followed(library: Library, index: TantivyIndex) -> None:
    library.add("p1", "first words")
    found(index, "first")

    library.add("p1", "second words")

    assert (found(index, "first"), found(index, "second")) == ([], ["p1"])


def test_what_is_removed_is_gone(library: Library, index: TantivyIndex) -> None:
    library.add("p1", "first words")
    found(index, "first")

    library.remove("p1")

    assert found(index, "first") == []


def test_closing_a_document_closes_it(library: Library, index: TantivyIndex) -> None:
    library.add("p1", "first words")
    found(index, "first")

    library.add("p1", "first words", "user:U1")

    assert found(index, "first") == []


def test_named_passages_score_as_they_do_in_a_search(library: Library, index: TantivyIndex) -> None:
    library.add("p1", "red apples and green apples")
    library.add("p2", "green pears")
    searched = dict(index.match("green apples", EVERYONE, 10))

    assert index.scores("green apples", ["p2", "p1", "unknown"]) == pytest.approx(searched)


def test_a_generation_holds_every_passage_of_the_store(library: Library, parts: Parts) -> None:
    library.add_many(50)

    words = rebuild(parts).words

    assert words.passages == 50
    assert stored_ids(parts.home / words.path) == {f"n{number}" for number in range(50)}


def test_an_index_starts_from_the_generation_and_takes_in_what_is_newer(library: Library, parts: Parts) -> None:
    library.add("old", "first words")
    words = rebuild(parts).words
    library.add("new", "second words")
    library.remove("old")
    index = TantivyIndex(parts.database, parts.home)

    assert (found(index, "first"), found(index, "second")) == ([], ["new"])
    assert words.id in index.describe()
    index.close()


def test_a_generation_is_never_written_by_those_who_read_it(library: Library, parts: Parts) -> None:
    library.add_many(20)
    folder = parts.home / rebuild(parts).words.path
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    index = TantivyIndex(parts.database, parts.home)
    library.remove("n3")
    library.add("new", "second words")
    found(index, "second")
    index.close()

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("damage", ["truncate", "delete", "garbage", "empty"])
def test_a_broken_generation_is_set_aside_and_search_goes_on(library: Library, parts: Parts, damage: str) -> None:
    library.add("p1", "plain words")
    words = rebuild(parts).words
    _damage(parts.home / words.path, damage)
    index = TantivyIndex(parts.database, parts.home)

    assert found(index, "plain") == ["p1"]
    with parts.database.read() as db:
        assert generations.broken(db) == [words.id]


def test_a_closed_index_leaves_nothing_behind(library: Library, parts: Parts) -> None:
    library.add("p1", "plain words")
    rebuild(parts)
    index = TantivyIndex(parts.database, parts.home)
    found(index, "plain")

    index.close()

    assert list((parts.home / "index").glob("live-*")) == []


def test_the_copy_of_a_killed_process_is_swept_and_that_of_a_living_one_is_kept(tmp_path: Path) -> None:
    (tmp_path / "generation").mkdir()
    script = (
        "import sys, pathlib\nfrom flywheel.gateways.private_copy import PrivateCopy\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "PrivateCopy(root, root / 'generation').make()\nprint('made', flush=True)\nsys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    sweep(tmp_path)
    while_alive = len(list(tmp_path.glob("live-*")))
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    sweep(tmp_path)

    assert (while_alive, len(list(tmp_path.glob("live-*")))) == (1, 0)


def test_only_two_superseded_generations_are_kept(library: Library, parts: Parts) -> None:
    library.add("p1", "plain words")

    for _ in range(5):
        rebuild(parts)

    assert len(list((parts.home / "index").glob("words-*"))) == 3


def _damage(folder: Path, how: str) -> None:
    for path in folder.iterdir():
        if how == "empty" or (how == "delete" and path.suffix != ".json"):
            path.unlink()
        elif how == "truncate" and path.suffix != ".json":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        elif how == "garbage":
            path.write_bytes(b"garbage")
