"""Read the YAML between two `---` lines at the top of a Markdown file: title, owner, updated_at, url.

Who may read a document is never taken from it: whoever can edit a page could open it to everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import yaml

from flywheel.errors import BrokenDocument

_LONGEST = 64_000
_MARK = "---"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a page says about itself; `lines` is how many lines of the file this took."""

    title: str | None = None
    owner: str | None = None
    url: str | None = None
    updated_at: str | None = None
    lines: int = 0


def split(text: str) -> tuple[FrontMatter, str]:
    """Return the front matter and the text after it.

    Raises:
        BrokenDocument: there is front matter and it is not a YAML mapping.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _MARK:
        return FrontMatter(), text
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _MARK), None)
    if end is None:
        return FrontMatter(), text
    said = _mapping("\n".join(lines[1:end]))
    url = _text(said, "url")
    front = FrontMatter(
        title=_text(said, "title"),
        owner=_text(said, "owner"),
        url=url if url and url.startswith(("https://", "http://")) else None,
        updated_at=moment(said.get("updated_at")),
        lines=end + 1,
    )
    return front, "\n".join(lines[end + 1 :])


def moment(value: object) -> str | None:
    """Return a date or time, as YAML or a person wrote it, as ISO 8601 in UTC; None when it is neither."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).isoformat()
    return None


def _mapping(text: str) -> Mapping[object, object]:
    if not text.strip():
        return {}
    if len(text) > _LONGEST:
        raise BrokenDocument("its front matter is longer than 64,000 characters")
    try:
        said = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise BrokenDocument("its front matter is not valid YAML") from error
    if not isinstance(said, dict):
        raise BrokenDocument("its front matter is not a list of names and values")
    return said


def _text(said: Mapping[object, object], name: str) -> str | None:
    value = said.get(name)
    return str(value).strip() or None if isinstance(value, str | int | float) else None
