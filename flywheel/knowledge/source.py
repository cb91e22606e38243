"""Find the files of a path that was given, each with what holds for it, in a fixed order.

    source      the folder or file that a document belongs to; its refresh decides that the document is gone
    candidate   a file that has a parser
    refusal     something that is not read, with its reason; it goes on to the report

Hidden files and folders, `node_modules`, `__pycache__` and what a `.flywheel.yml` skips are passed over. So is a link
inside its folder: what it points at is found under its own name and the access of that place. One that leaves is
refused.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flywheel.errors import DocumentError, InvalidInput
from flywheel.knowledge.formats import Format, format_of
from flywheel.knowledge.policy import FILE_NAME, Policy, policy_above, policy_in
from flywheel.knowledge.slack_archive import is_export

LARGEST = 50_000_000
"""Bytes that a document may have; lists (JSONL) are read line by line and may be longer."""

_PASSED_OVER = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Place:
    """A path as it was given. `source` is the folder that it refreshes, or a single file outside any."""

    path: Path
    source: Path

    @property
    def prefix(self) -> str:
        """Return what the external ids of everything below `path` begin with."""
        inside = self.path.relative_to(self.source).as_posix() if self.path != self.source else ""
        return f"{inside}/" if inside and self.path.is_dir() else inside


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file, or the folder of a Slack export, to be read. `size` is in bytes."""

    path: Path
    source: str
    external_id: str
    format: Format
    policy: Policy
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not read. What lies below the path `unseen` is then unknown, not gone."""

    source: str
    external_id: str
    reason: str
    unseen: Path | None = None

    @property
    def name(self) -> str:
        """Return how a report calls it; a line is called with its list."""
        of_list = self.external_id.startswith("line ")
        return f"{Path(self.source).name}, {self.external_id}" if of_list else self.external_id


def place_of(path: Path, known_sources: frozenset[str]) -> Place:
    """Return where a path belongs: to the outermost known source around it, else to itself.

    One file is one document however it was given; the last command decides its access.

    Raises:
        InvalidInput: there is nothing at the path.
    """
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise InvalidInput(f"there is nothing at {path}") from error
    around = [parent for parent in reversed(real.parents) if str(parent) in known_sources]
    return Place(real, around[0] if around else real)


def walk(place: Place, bound: frozenset[str] | None) -> Iterator[Candidate | Refusal]:
    """Yield what is at a place; `bound` is what the command says about access."""
    source = place.source
    try:
        above = policy_above(place.path, bound)
    except DocumentError as error:
        yield Refusal(str(source), FILE_NAME, f"a {FILE_NAME} above it {error}")
        return
    if place.path.is_dir():
        yield from _folder(place.path, source, above)
    else:
        yield _file(place.path, source, above)


def _folder(folder: Path, source: Path, above: Policy) -> Iterator[Candidate | Refusal]:
    try:
        policy = policy_in(folder, above)
        if is_export(folder):
            yield Candidate(folder, str(source), _name(folder, source), Format.SLACK, policy, 0, 0.0)
            return
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except DocumentError as error:
        yield Refusal(str(source), _name(folder / FILE_NAME, source), str(error))
        return
    except OSError as error:
        yield Refusal(str(source), f"{_name(folder, source)}/", f"cannot be listed: {error.strerror}", unseen=folder)
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith(".") or entry.name in _PASSED_OVER or policy.skips(entry.name):
            continue
        if entry.is_symlink():
            yield from _link(path, source)
        elif entry.is_dir(follow_symlinks=False):
            yield from _folder(path, source, policy)
        else:
            yield _file(path, source, policy)


def _link(path: Path, source: Path) -> Iterator[Refusal]:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        yield Refusal(str(source), _name(path, source), "a link that leads nowhere")
        return
    if not target.is_relative_to(source):
        yield Refusal(str(source), _name(path, source), "a link out of its folder")


def _file(path: Path, source: Path, policy: Policy) -> Candidate | Refusal:
    name = _name(path, source)
    try:
        fmt = Format.SLACK if is_export(path) else format_of(path.name)
        found = path.lstat()
    except DocumentError as error:
        return Refusal(str(source), name, str(error))
    except OSError as error:
        return Refusal(str(source), name, f"cannot be read: {error.strerror}")
    if not stat.S_ISREG(found.st_mode):
        return Refusal(str(source), name, "not a plain file")
    if fmt not in {Format.JSONL, Format.SLACK} and found.st_size > LARGEST:
        return Refusal(str(source), name, f"{found.st_size // 1_000_000} MB, more than {LARGEST // 1_000_000} MB")
    return Candidate(path, str(source), name, fmt, policy, found.st_size, found.st_mtime)


def _name(path: Path, source: Path) -> str:
    return path.name if path == source else path.relative_to(source).as_posix()
