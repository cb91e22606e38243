"""Who wrote a file, by the history of the git work tree it lies in.

A repository is not trusted: its configuration can name programs that git would run (a pager, a signature checker, a
file system monitor, a transport for missing objects). So git never sees it. It runs with an empty repository of our
own, lent only the object store, and is told the newest commit by its id:

    history   what `git log` says of that commit and those before it, read once per commit, with limits
    change    a commit, merges apart, in which a file stands; a renamed file begins anew

Without git, without a work tree, or where anything is unusual (a linked work tree, borrowed objects, hashes other than
SHA-1), there are simply no authors. A file called `.git` ends the search: it points elsewhere.
"""

import os
import re
import subprocess
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from flywheel.holdings import Author

PATIENCE = 20.0
"""Seconds that reading a history may take; what was read until then counts."""

MOST_COMMITS = 20_000
MOST_BYTES = 64_000_000
"""Bytes of `git log` that are read, names of files included."""

MOST_AUTHORS = 20
"""Authors kept of one file, those with the most changes."""

_LONGEST = 255
_SMALL = 1_000_000
_ID = re.compile(r"[0-9a-f]{40}")
_REF = re.compile(r"ref: (refs/heads/[\w./\-]{1,200})")
_SETTINGS = ("core.quotePath=false", "i18n.logOutputEncoding=UTF-8", "log.showSignature=false", "protocol.allow=never")


@dataclass(slots=True)
class _Written:
    """What somebody did to one file."""

    changes: int = 0
    last: int = 0
    addresses: Counter[str] = field(default_factory=Counter)


History = Mapping[str, Mapping[str, _Written]]
"""By path within the work tree, what each author did."""


def authors_of(path: Path, document_id: str) -> tuple[Author, ...]:
    """Return who wrote a file, those with most changes first; nobody where no history tells."""
    tree = _work_tree(path)
    head = _head(tree / ".git") if tree else None
    if tree is None or head is None:
        return ()
    written = _history(str(tree), head).get(path.relative_to(tree).as_posix(), {})
    most = sorted(written.items(), key=lambda one: (-one[1].changes, one[0]))[:MOST_AUTHORS]
    return tuple(_author(document_id, name, one) for name, one in most)


def _author(document_id: str, name: str, written: _Written) -> Author:
    address = max(written.addresses, key=lambda one: written.addresses[one], default="")
    last = datetime.fromtimestamp(written.last, UTC) if written.last else None
    return Author(document_id, name, written.changes, address, last)


def _work_tree(path: Path) -> Path | None:
    for folder in path.parents:
        git = folder / ".git"
        if git.is_dir() and not git.is_symlink():
            return folder
        if os.path.lexists(git):
            return None
    return None


def _head(git: Path) -> str | None:
    """Return the id of the newest commit, read from plain files of the repository alone."""
    if _borrows(git / "objects"):
        return None
    said = _small(git / "HEAD").strip()
    ref = _REF.fullmatch(said)
    if ref and ".." not in ref[1]:
        said = _small(git / ref[1]).strip() or _packed(git, ref[1])
    return said if _ID.fullmatch(said) else None


def _borrows(objects: Path) -> bool:
    """Tell whether the history may lie outside of the repository, where it may be none of its readers' business."""
    links = any(one.is_symlink() for one in (objects, *objects.glob("*"), *objects.glob("pack/*")))
    return links or os.path.lexists(objects / "info" / "alternates")


def _packed(git: Path, ref: str) -> str:
    lines = (line.split() for line in _small(git / "packed-refs").splitlines())
    return next((line[0] for line in lines if len(line) == 2 and line[1] == ref), "")


def _small(file: Path) -> str:
    """Return what a plain file of the repository says; empty when there is none, a link or something large."""
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _SMALL:
            return ""
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


@lru_cache(maxsize=4)
def _history(tree: str, head: str) -> History:
    found: dict[str, dict[str, _Written]] = defaultdict(dict)
    author, address, at = "", "", 0
    for line in _log(Path(tree) / ".git", head):
        if line.startswith("\x01"):
            author, address, at = _commit(line[1:])
        elif line and author:
            one = found[line].setdefault(author, _Written())
            one.changes += 1
            one.last = max(one.last, at)
            one.addresses[address] += 1
    return found


def _commit(line: str) -> tuple[str, str, int]:
    """Return author, address and time of a commit; no author for a machine."""
    name, address, at = [*line.split("\x1f"), "", "", ""][:3]
    name, address = name.strip()[:_LONGEST], address.strip()[:_LONGEST].lower()
    return ("" if name.endswith("[bot]") else name or address), address, int(at) if at.isdigit() else 0


def _log(git: Path, head: str) -> Iterator[str]:
    with _borrowed(git) as own:
        command = ["git", "--no-pager", *_options(head), "log", "--no-merges", "--no-renames", "--name-only"]
        command += ["--no-show-signature", "--use-mailmap", f"--max-count={MOST_COMMITS}"]
        command += ["--format=%x01%aN%x1f%aE%x1f%at", head, "--"]
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell; the one value from outside is a checked hash
                command,
                cwd=own,
                env=_environment(own, git),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except FileNotFoundError:
            return
        yield from _lines(process)


def _lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    assert process.stdout
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    left = MOST_BYTES
    try:
        while left > 0 and (line := process.stdout.readline(left)):
            left -= len(line)
            if line.endswith(b"\n"):
                yield line[:-1].decode("utf-8", "replace")
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def _borrowed(git: Path) -> Iterator[Path]:
    """Make an empty repository, with the depth of the real one where that is shallow."""
    with tempfile.TemporaryDirectory(prefix="history") as folder:
        own = Path(folder)
        (own / "refs").mkdir()
        (own / "objects").mkdir()
        (own / "HEAD").write_text("ref: refs/heads/none\n")
        if shallow := _small(git / "shallow"):
            (own / "shallow").write_text(shallow)
        yield own


def _options(head: str) -> list[str]:
    settings = (*_SETTINGS, f"mailmap.blob={head}:.mailmap")
    return [part for setting in settings for part in ("-c", setting)]


def _environment(own: Path, git: Path) -> dict[str, str]:
    """Return the little git needs: no configuration but ours, no way to ask, nothing from the network."""
    return {
        "PATH": os.defpath,
        "HOME": str(own),
        "LC_ALL": "C.UTF-8",
        "GIT_DIR": str(own),
        "GIT_OBJECT_DIRECTORY": str(git / "objects"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
