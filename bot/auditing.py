"""The audit log in words: every administrative act as a sentence that says what was done to what."""

import re
from collections.abc import Callable, Mapping

from bot.blocks.admin_audit import Entry, audit_view
from bot.blocks.message import Block
from bot.face import Face
from flywheel.store import audit
from flywheel.store.audit import Act

ON_A_PAGE = 20
_CHANNEL = re.compile(r"(?P<channel>[CGD][A-Z0-9]+):?(?:\s+(?P<rest>.*))?", re.DOTALL)
_FIXED: Mapping[str, str] = {
    "promote": "let the {learner} serve everybody",
    "roll back": "rolled the {learner} back",
    "hold": "took the {learner} out of service",
    "canary": "let the {learner} serve some people",
    "release": "let the {learner} serve everybody",
    "expire": "set an approved answer aside, because its source has changed",
    "kept": "kept an approved answer whose source has changed",
    "dropped": "retired an approved answer",
    "forget": "deleted a person's data",
    "review undone": "took a review back",
    "approve": "approved a suggestion",
    "reject": "turned a suggestion down",
    "budget": "set the budgets ({subject})",
    "report schedule": "set when the report comes ({subject})",
    "source read again": "had {subject} read again",
    "source removed": "removed {subject}",
    "taken off call": "took somebody off call, because their account is deactivated",
}
"""What an act did, by its name; `learner` is the first word of its subject."""


def shown(face: Face, before: int | None = None) -> Block:
    """Render a page of the audit log: the newest acts, or those noted before a number."""
    with face.core.database.read() as db:
        found = audit.page(db, before, ON_A_PAGE + 1)
    entries = [entry(one) for one in found[:ON_A_PAGE]]
    older = found[ON_A_PAGE - 1].number if len(found) > ON_A_PAGE else None
    return audit_view(entries, older, is_newest=before is None)


def entry(one: Act) -> Entry:
    """Return an act in words."""
    found = _CHANNEL.fullmatch(one.subject)
    if found is not None and one.act in _IN_CHANNEL:
        return Entry(one.at, one.person, _IN_CHANNEL[one.act](found["rest"] or ""), found["channel"])
    return Entry(one.at, one.person, words(one))


def words(one: Act) -> str:
    """Say what an act did, without who and when."""
    learner = one.subject.split(" ", 1)[0].replace("_", " ")
    if one.act in _FIXED:
        return _FIXED[one.act].format(learner=learner, subject=one.subject)
    if one.act.startswith("review: "):
        return f"reviewed an answer: {one.act.removeprefix('review: ').replace('_', ' ')}"
    if one.act.startswith("threshold: "):
        return f"{one.act.removeprefix('threshold: ')} the threshold of {one.subject.replace('_', ' ').strip()}"
    if one.act == "credit":
        return f"said what went wrong with an answer: {one.subject.rsplit(' ', 1)[-1]}"
    return f"{one.act}: {one.subject}"


def _with(said: str) -> Callable[[str], str]:
    return lambda rest: f"{said} ({rest})" if rest else said


_IN_CHANNEL: Mapping[str, Callable[[str], str]] = {
    "auto mute": _with("stopped speaking unasked"),
    "auto threshold": _with("changed how sure I must be to speak unasked"),
    "channel": _with("changed how I behave"),
    "close channel": _with("found the channel closed to others"),
    "open channel": _with("found the channel open to everybody"),
    "read a channel": _with("had me read the messages"),
    "stop reading a channel": _with("had me forget the messages"),
    "unmute": _with("let me speak unasked again"),
}
"""What an act did in the channel that its subject begins with, from the rest of its subject."""
