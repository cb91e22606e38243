"""Who wrote a file, by a real git history, however hostile its repository."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.knowledge.authors import authors_of
from flywheel.knowledge.identity import document_id
from flywheel.model import Audience
from flywheel.store import authors
from tests.integration.knowledge.reading import index

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

ANN, BOB = ("Ann Lee", "ann@x.example"), ("Bob Ray", "bob@x.example")
AT = datetime(2026, 3, 1, tzinfo=UTC)


def git(tree: Path, *words: str, by: tuple[str, str] = ANN) -> str:
    when = f"{int(AT.timestamp())} +0000"
    person = {"GIT_AUTHOR_NAME": by[0], "GIT_AUTHOR_EMAIL": by[1], "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    committer = {"GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@x.example", "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", *words], cwd=tree, env={"PATH": os.defpath, "HOME": str(tree), **person, **committer},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def commit(tree: Path, name: str, text: str, by: tuple[str, str] = ANN) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(text)
    git(tree, "add", ".", by=by)
    git(tree, "commit", "--quiet", "-m", "A change", by=by)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    made = tmp_path / "tree"
    made.mkdir()
    git(made, "init", "--quiet", "--initial-branch=main")
    commit(made, "docs/vpn – setup.md", "one")
    commit(made, "docs/vpn – setup.md", "two", by=BOB)
    commit(made, "docs/vpn – setup.md", "three", by=BOB)
    return made


def named(path: Path) -> list[tuple[str, int]]:
    return [(one.name, one.changes) for one in authors_of(path, "d")]


def test_changes_are_counted_by_author(tree: Path) -> None:
    assert named(tree / "docs/vpn – setup.md") == [("Bob Ray", 2), ("Ann Lee", 1)]


def test_an_author_has_an_address_and_a_last_time(tree: Path) -> None:
    first = authors_of(tree / "docs/vpn – setup.md", "d")[0]

    assert (first.document_id, first.address, first.last_at) == ("d", "bob@x.example", AT)


def test_a_file_that_was_never_committed_has_no_authors(tree: Path) -> None:
    (tree / "new.md").write_text("new")

    assert named(tree / "new.md") == []


def test_a_file_outside_of_any_work_tree_has_no_authors(tmp_path: Path) -> None:
    assert named(tmp_path / "alone.md") == []


def test_packed_branches_are_read_too(tree: Path) -> None:
    git(tree, "pack-refs", "--all")
    git(tree, "gc", "--quiet")

    assert len(named(tree / "docs/vpn – setup.md")) == 2


def test_a_mailmap_of_the_repository_counts(tree: Path) -> None:
    commit(tree, ".mailmap", "Ann Lee <ann@x.example> Bob Ray <bob@x.example>\n")

    assert named(tree / "docs/vpn – setup.md") == [("Ann Lee", 3)]


def test_machines_are_no_authors(tree: Path) -> None:
    commit(tree, "bumped.md", "one", by=("updates[bot]", "bot@x.example"))

    assert named(tree / "bumped.md") == []


def test_a_shallow_clone_tells_what_it_has(tree: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{tree}", "clone")

    assert sum(changes for _, changes in named(tmp_path / "clone" / "docs/vpn – setup.md")) == 2


def test_the_configuration_of_the_repository_is_never_read(tree: Path) -> None:
    (tree / ".git" / "config").write_text("[core]\n\trepositoryformatversion = 99\n[broken\n")

    assert len(named(tree / "docs/vpn – setup.md")) == 2


@pytest.mark.parametrize("setting", ["core.pager", "core.fsmonitor", "core.sshCommand", "gpg.program"])
def test_no_setting_of_the_repository_runs_a_program(tree: Path, tmp_path: Path, setting: str) -> None:
    trap = tmp_path / "trap"
    git(tree, "config", "log.showSignature", "true")
    git(tree, "config", setting, f"touch {trap}")

    assert named(tree / "docs/vpn – setup.md")
    assert not trap.exists()


def test_a_missing_object_is_not_fetched(tree: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    git(tree, "config", "extensions.partialClone", "origin")
    git(tree, "config", "remote.origin.url", f"ext::touch {trap}")
    git(tree, "config", "protocol.ext.allow", "always")
    shutil.rmtree(tree / ".git" / "objects")
    (tree / ".git" / "objects").mkdir()

    assert named(tree / "docs/vpn – setup.md") == []
    assert not trap.exists()


def test_a_git_file_that_points_elsewhere_is_not_followed(tree: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / ".git").write_text(f"gitdir: {tree / '.git'}\n")
    (other / "docs").mkdir()
    (other / "docs" / "vpn – setup.md").write_text("x")

    assert named(other / "docs/vpn – setup.md") == []


@pytest.mark.parametrize("borrowed", ["alternates", "link"])
def test_the_history_of_another_repository_is_not_told(tree: Path, tmp_path: Path, borrowed: str) -> None:
    other = tmp_path / "other"
    shutil.copytree(tree, other)
    objects = other / ".git" / "objects"
    shutil.rmtree(objects)
    if borrowed == "link":
        objects.symlink_to(tree / ".git" / "objects")
    else:
        (objects / "info").mkdir(parents=True)
        (objects / "info" / "alternates").write_text(f"{tree / '.git' / 'objects'}\n")

    assert named(other / "docs/vpn – setup.md") == []


def test_authors_are_stored_with_their_document(core: Core, tree: Path) -> None:
    index(core, tree / "docs")

    with core.database.read() as db:
        stored = authors.of_documents(db, [document_id(str(tree / "docs"), "vpn – setup.md")], Audience.everyone())
    assert [(one.name, one.changes) for one in stored] == [("Bob Ray", 2), ("Ann Lee", 1)]
