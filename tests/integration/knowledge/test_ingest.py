"""Folders and lists become knowledge, stay up to date, and go on after a stop."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.knowledge.embedding import encode_missing
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import Kind
from flywheel.store import documents, passages
from flywheel.store.knowledge_tables import EmbeddingRow, PassageRow, RemovedPassageRow
from tests.integration.knowledge.conftest import HashingEncoder
from tests.integration.knowledge.reading import access, index, names, reason, stored, texts, write


class Renamed(HashingEncoder):
    """Another encoder."""

    name = "renamed"


class Counting:
    """A progress that adds up."""

    def __init__(self) -> None:
        self.expected = self.documents = self.passages = 0

    def expect(self, documents: int) -> None:
        self.expected += documents

    def advance(self, documents: int, passages: int) -> None:
        self.documents += documents
        self.passages += passages


def encoded(core: Core) -> list[str]:
    assert isinstance(core.encoder, HashingEncoder)
    return core.encoder.texts


def line(number: int, **more: object) -> str:
    return json.dumps({"_id": f"q{number}", "title": f"Title {number}", "text": f"Text number {number}.", **more})


def test_a_folder_becomes_documents_with_addresses(core: Core, folder: Path) -> None:
    write(
        folder,
        "it/vpn.md",
        "---\ntitle: VPN\nowner: U1\nurl: https://w/vpn\nupdated_at: 2026-05-04\n---\n## Set up\nUse *Office-2*.",
    )
    index(core, folder)

    ((passage, document),) = stored(core)
    assert (passage.text, passage.heading_path, passage.line) == ("Use Office-2.", ("Set up",), 8)
    assert (document.external_id, document.title, document.owner, document.url) == (
        "it/vpn.md",
        "VPN",
        "U1",
        "https://w/vpn",
    )
    assert str(document.updated_at) == "2026-05-04 00:00:00+00:00"


def test_every_passage_has_its_vector(core: Core, folder: Path) -> None:
    write(folder, "a.md", "# A\none\n\n# B\ntwo")
    index(core, folder)

    with core.database.read() as db:
        assert db.scalar(select(func.count()).select_from(EmbeddingRow)) == 2
    assert sorted(encoded(core)) == ["A\nB\ntwo", "A\none"]


def test_unchanged_documents_are_neither_encoded_nor_a_new_version(core: Core, folder: Path) -> None:
    write(folder, "a.md")
    index(core, folder)
    with core.database.read() as db:
        before = passages.version(db)
    report = index(core, folder)

    assert (report.unchanged, report.added, report.passages, len(encoded(core))) == (1, 0, 0, 1)
    with core.database.read() as db:
        assert passages.version(db) == before


def test_a_changed_document_encodes_only_what_is_new(core: Core, folder: Path) -> None:
    write(folder, "a.md", "# T\none\n\n# B\ntwo")
    index(core, folder)
    write(folder, "a.md", "# T\none\n\n# B\nthree")
    report = index(core, folder)

    assert (report.changed, encoded(core)[-1], len(encoded(core))) == (1, "T\nB\nthree", 3)
    assert texts(core) == ["one", "three"]


def test_a_new_title_encodes_every_passage_again(core: Core, folder: Path) -> None:
    write(folder, "a.md", "---\ntitle: Old\n---\none")
    index(core, folder)
    write(folder, "a.md", "---\ntitle: New\n---\none")
    index(core, folder)

    assert encoded(core) == ["Old\none", "New\none"]


def test_a_deleted_file_disappears_and_leaves_a_trace_for_the_indexes(core: Core, folder: Path) -> None:
    write(folder, "stays.md")
    write(folder, "goes.md", "Soon gone.")
    index(core, folder)
    (folder / "goes.md").unlink()
    report = index(core, folder)

    assert (report.removed, names(core)) == (1, ["stays.md"])
    with core.database.read() as db:
        assert db.scalar(select(RemovedPassageRow.version)) == passages.version(db)


def test_a_part_of_a_folder_is_refreshed_without_touching_the_rest(core: Core, folder: Path) -> None:
    for name in ("a/one.md", "a/two.md", "b/three.md"):
        write(folder, name)
    index(core, folder)
    (folder / "a" / "one.md").unlink()
    (folder / "b" / "three.md").unlink()
    index(core, folder / "a")

    assert names(core) == ["a/two.md", "b/three.md"]


def test_a_single_file_of_a_known_folder_stays_one_document(core: Core, folder: Path) -> None:
    path = write(folder, "a.md")
    index(core, folder)
    index(core, path, access=frozenset({"user:U1"}))

    assert (names(core), access(core, "a.md")) == (["a.md"], {"user:U1"})


def test_a_folder_takes_in_what_was_indexed_below_it(core: Core, folder: Path) -> None:
    write(folder, "a/one.md")
    index(core, folder / "a")
    index(core, folder)

    assert names(core) == ["a/one.md"]


def test_access_comes_from_the_nearest_file_within_the_command(core: Core, folder: Path) -> None:
    write(folder, "open.md")
    write(folder, "closed/.flywheel.yml", "access: [channel:C1]\nowner: U9")
    write(folder, "closed/secret.md")
    index(core, folder, access=frozenset({"public"}))

    assert (access(core, "open.md"), access(core, "closed/secret.md")) == ({"public"}, {"channel:C1"})


def test_what_is_for_guests_is_public_too(core: Core, folder: Path) -> None:
    write(folder, "a.md")
    index(core, folder, access=frozenset({"guests"}))

    assert access(core, "a.md") == {"guests", "public"}


def test_a_line_of_a_list_may_be_for_guests(core: Core, folder: Path) -> None:
    write(folder, "list.jsonl", json.dumps({"_id": "house-rules", "text": "Sign in at the desk.", "access": "guests"}))
    index(core, folder)

    assert access(core, "house-rules") == {"guests", "public"}


def test_front_matter_never_sets_access(core: Core, folder: Path) -> None:
    write(folder, "a.md", "---\naccess: public\n---\nPrivate.")
    index(core, folder, access=frozenset({"channel:C1"}))

    assert access(core, "a.md") == {"channel:C1"}


def test_new_access_is_a_new_version_but_nothing_is_encoded_again(core: Core, folder: Path) -> None:
    write(folder, "a.md")
    index(core, folder)
    report = index(core, folder, access=frozenset({"channel:C1"}))

    assert (report.changed, len(encoded(core)), access(core, "a.md")) == (1, 1, {"channel:C1"})
    with core.database.read() as db:
        assert db.scalar(select(PassageRow.version)) == passages.version(db) == 2


def test_a_folder_whose_policy_is_broken_is_refused_and_forgotten(core: Core, folder: Path) -> None:
    write(folder, "closed/secret.md")
    index(core, folder)
    write(folder, "closed/.flywheel.yml", "access: [everyone]")
    report = index(core, folder)

    assert names(core) == []
    assert "not everyone" in reason(report, "closed/.flywheel.yml")


def test_a_folder_says_what_is_no_knowledge(core: Core, folder: Path) -> None:
    write(folder, ".flywheel.yml", 'skip: ["*.log.txt", drafts]')
    for name in ("a.md", "b.log.txt", "inner/drafts/c.md", "node_modules/d.md", ".git/e.md", ".hidden.md"):
        write(folder, name)
    index(core, folder)

    assert names(core) == ["a.md"]


def test_a_list_becomes_one_document_per_line(core: Core, folder: Path) -> None:
    path = folder / "list.jsonl.gz"
    with gzip.open(path, "wt") as file:
        file.write(f"{line(1)}\n\n{line(2, source_type='code', url='https://w', owner='U1', access=['user:U1'])}\n")
    index(core, path)

    (_, first), (passage, second) = stored(core)
    assert (first.external_id, first.title, sorted(first.access)) == ("q1", "Title 1", ["public"])
    assert (second.external_id, second.kind, second.owner) == ("q2", Kind.CODE, "U1")
    assert second.access == {"user:U1"}
    assert passage.text == "Text number 2."


def test_broken_lines_are_refused_by_number_and_the_rest_is_read(core: Core, folder: Path) -> None:
    bad = ["{broken", "[" * 100_000, '{"_id": "x"}', line(1), line(2, access=["all"]), line(3, text=[1]), '"text"']
    path = write(folder, "list.jsonl", "\n".join([line(1), *bad, line(4)]))
    report = index(core, path)

    assert names(core) == ["q1", "q4"]
    assert [name for name, _ in report.refused if "line" in name] == [
        f"list.jsonl, line {n}" for n in (2, 3, 4, 6, 7, 8)
    ]
    assert reason(report, "q1") == "another line has the same _id; the first one counts"


def test_a_huge_line_is_passed_over(core: Core, folder: Path) -> None:
    path = write(folder, "list.jsonl", f"{line(1, text='x' * 6_000_000)}\n{line(2)}\n")
    report = index(core, path)

    assert (names(core), report.refused) == (["q2"], (("list.jsonl, line 1", "longer than 5 MB"),))


def test_a_list_that_breaks_off_keeps_what_it_held_before(core: Core, folder: Path) -> None:
    path = folder / "list.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(line(number) for number in range(1_000)).encode()))
    index(core, path)
    path.write_bytes(path.read_bytes()[:-1_500])
    report = index(core, path)

    assert (report.removed, len(names(core))) == (0, 1_000)
    assert "cannot be read from here on" in report.refused[-1][1]


def test_a_list_that_is_gone_from_a_folder_takes_its_documents_along(core: Core, folder: Path) -> None:
    path = write(folder, "list.jsonl", line(1))
    write(folder, "a.md")
    index(core, folder)
    path.unlink()
    index(core, folder)

    assert names(core) == ["a.md"]


def test_a_line_may_narrow_the_access_of_its_file_but_not_widen_it(core: Core, folder: Path) -> None:
    path = write(folder, "list.jsonl", "\n".join([line(1, access="public"), line(2, access="user:U1"), line(3)]))
    report = index(core, path, access=frozenset({"channel:C1"}))

    assert (access(core, "q1"), access(core, "q3")) == ({"channel:C1"}, {"channel:C1"})
    assert "lies outside" in reason(report, "list.jsonl, line 2")


def test_a_long_line_of_a_list_is_cut_and_a_shorter_one_is_not(core: Core, folder: Path) -> None:
    path = write(
        folder, "list.jsonl", f"{line(1, text='A short word. ' * 100)}\n{line(2, text='A short word. ' * 200)}"
    )
    index(core, path)

    assert [document.external_id for _, document in stored(core)] == ["q1", "q2", "q2", "q2"]


def test_what_could_not_be_read_is_remembered_until_it_can_be(core: Core, folder: Path) -> None:
    path = write(folder, "a.pdf", "no pdf")
    index(core, folder)
    with core.database.read() as db:
        assert [one.external_id for one in documents.refused(db)] == ["a.pdf"]
    path.unlink()
    index(core, folder)

    with core.database.read() as db:
        assert documents.refused(db) == []


def test_a_new_encoder_catches_up(core: Core, folder: Path) -> None:
    write(folder, "a.md", "# A\none\n\n# B\ntwo")
    index(core, folder)
    other = replace(core, encoder=Renamed())

    assert (encode_missing(other, Silence()), encode_missing(other, Silence())) == (2, 0)


def test_progress_reaches_its_total(core: Core, folder: Path) -> None:
    write(folder, "list.jsonl", "\n".join([line(1), "broken", line(2), ""]))
    write(folder, "a.md")
    write(folder, "b.pdf")
    progress = Counting()
    ingest(core, [folder], None, progress)

    assert (progress.documents, progress.expected, progress.passages) == (5, 5, 3)


@pytest.mark.parametrize(("paths", "labels"), [([], None), (["nothing/there"], None), (["."], {"all"})])
def test_what_cannot_be_asked_for_is_refused_at_once(core: Core, paths: list[str], labels: set[str] | None) -> None:
    with pytest.raises(InvalidInput):
        index(core, *map(Path, paths), access=None if labels is None else frozenset(labels))
