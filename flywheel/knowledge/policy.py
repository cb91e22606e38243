"""Who may read what a folder holds, and who owns it: `.flywheel.yml`, for its folder and everything below.

    access: [channel:C0FINANCE, user:U0HUGO]      public, guests, channel:<id>, user:<id>; one in common is enough
    owner: U0HUGO
    skip: ["*.log", drafts]                       files and folders here and below that are no knowledge

Which one wins:
    1. the nearest `.flywheel.yml` above a file, also above the path that was given
    2. `--access` bounds it: a file may narrow what the command says, never widen it
    3. where no file says anything, `--access`; without it, public
A line of a list may in turn only narrow what holds for its file. Two that have nothing in common (channel A here,
channel B there) leave nobody, and that is refused rather than guessed. A `.flywheel.yml` that cannot be understood
refuses its whole folder: nothing becomes readable by a typing error.

`guests` means everybody, guests and partners too, so it is stored together with `public`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from flywheel.errors import BrokenDocument, InvalidInput
from flywheel.knowledge.access import GUESTS
from flywheel.model import PUBLIC

FILE_NAME = ".flywheel.yml"
_LABEL = re.compile(r"public|guests|(?:channel|user):[\w.\-]{1,64}")
_LONGEST = 16_000
_KEYS = frozenset({"access", "owner", "skip"})


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for a file. `said` is None where no `.flywheel.yml` names labels, `bound` where no command does."""

    bound: frozenset[str] | None = None
    said: frozenset[str] | None = None
    owner: str | None = None
    skip: tuple[str, ...] = ()

    def skips(self, name: str) -> bool:
        """Tell whether a file or folder of this name is no knowledge; shell patterns, as in `*.log`."""
        return any(fnmatchcase(name, pattern) for pattern in self.skip)

    @property
    def limit(self) -> frozenset[str] | None:
        """Return what bounds the lines of a list, None where nothing does.

        Raises:
            BrokenDocument: the file's and the command's labels have nothing in common.
        """
        return None if self.bound is None and self.said is None else self.access

    @property
    def access(self) -> frozenset[str]:
        """Return the labels of a file under this policy.

        Raises:
            BrokenDocument: the file's and the command's labels have nothing in common.
        """
        return narrowed(self.bound, self.said)


def check_labels(labels: Iterable[str]) -> frozenset[str]:
    """Return access labels as a set, with `public` where `guests` may read.

    Raises:
        InvalidInput: there is none, or one is not of the four forms.
    """
    found = frozenset(labels)
    wrong = sorted(label for label in found if not _LABEL.fullmatch(label))
    if wrong or not found:
        named = ", ".join(wrong) or "nothing"
        raise InvalidInput(f"access is public, guests, channel:<id> or user:<id>, not {named}")
    return found | {PUBLIC} if GUESTS in found else found


def narrowed(outer: frozenset[str] | None, inner: frozenset[str] | None) -> frozenset[str]:
    """Return what is left of `inner` within `outer`; public holds everything but the guests.

    Raises:
        BrokenDocument: nothing is left.
    """
    if outer is None or inner is None:
        return outer or inner or frozenset({PUBLIC})
    if PUBLIC in outer:
        return inner if GUESTS in outer else inner - {GUESTS}
    left = outer if PUBLIC in inner else outer & inner
    if not left:
        raise BrokenDocument(f"its access ({_list(inner)}) lies outside what holds for it ({_list(outer)})")
    return left


def policy_above(folder: Path, bound: frozenset[str] | None) -> Policy:
    """Return what the `.flywheel.yml` files above a folder, the folder left out, say about it.

    Raises:
        BrokenDocument: one of them cannot be understood.
    """
    policy = Policy(bound)
    for parent in reversed(folder.parents):
        policy = policy_in(parent, policy)
    return policy


def policy_in(folder: Path, above: Policy) -> Policy:
    """Return what holds in a folder, given what holds in the one above.

    Raises:
        BrokenDocument: its `.flywheel.yml` cannot be understood.
    """
    file = folder / FILE_NAME
    if not file.is_file():
        return above
    said = _read(file)
    policy = above
    if "access" in said:
        labels = said["access"]
        policy = replace(policy, said=_labels([labels] if isinstance(labels, str) else labels))
    if "owner" in said:
        policy = replace(policy, owner=str(said["owner"]))
    if "skip" in said:
        policy = replace(policy, skip=policy.skip + _patterns(said["skip"]))
    return policy


def _read(file: Path) -> Mapping[object, object]:
    try:
        if file.stat().st_size > _LONGEST:
            raise BrokenDocument("is longer than 16,000 bytes")
        said = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise BrokenDocument("cannot be read as YAML") from error
    if said is None:
        return {}
    if not isinstance(said, dict) or not said.keys() <= _KEYS:
        raise BrokenDocument("holds something else than access, owner and skip")
    return said


def _labels(labels: object) -> frozenset[str]:
    if not isinstance(labels, list):
        raise BrokenDocument("access is not a list of labels")
    try:
        return check_labels(str(label) for label in labels)
    except InvalidInput as error:
        raise BrokenDocument(str(error)) from error


def _patterns(said: object) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise BrokenDocument("skip is not a list of names")
    return tuple(said)


def _list(labels: frozenset[str]) -> str:
    return ", ".join(sorted(labels))
