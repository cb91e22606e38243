"""Find what still mentions a person, in rows that are about something else, and take it out.

    a row about something of theirs that is deleted, or about them   goes
    a row that names them otherwise                                  stays, without their name
    what others wrote and they are named in                          stays, without their name

Nothing in documents is touched: documents are knowledge, and stay.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_, select
from sqlalchemy.orm import load_only

from flywheel.store import review_verdicts
from flywheel.store.base import Table
from flywheel.store.curation_tables import ReviewItemRow, ReviewVerdictRow, TrainingJobRow
from flywheel.store.database import Session
from flywheel.store.guest_tables import ChannelSettingRow, EscalationRow, WorkspaceSettingRow
from flywheel.store.learning_tables import AuditRow, RecordRow, ReleaseRow, ReportRow, TurnRow
from flywheel.store.measuring_tables import ExperimentRow, JudgementRow, ThresholdRow
from flywheel.store.question_tables import AnswerRow, CorrectionRow, QuestionRow, SignalRow, VerifiedAnswerRow
from flywheel.store.work_tables import InboxRow, JobRow, MarkRow

GONE = "somebody who is gone"
_NAMED_IN: tuple[tuple[type[Table], tuple[str, ...]], ...] = (
    (ReviewItemRow, ("subject", "detail", "verdict")),
    (ReviewVerdictRow, ("reason",)),
    (TrainingJobRow, ("detail", "error")),
    (AuditRow, ("person", "subject")),
    (ThresholdRow, ("person", "reason")),
    (ExperimentRow, ("created_by", "hypothesis", "conclusion")),
    (RecordRow, ("segment", "dataset", "change")),
    (ReleaseRow, ("evidence",)),
    (ReportRow, ("content",)),
    (TurnRow, ("requested_by", "evidence", "error")),
    (InboxRow, ("key",)),
    (JobRow, ("id", "body", "result", "error")),
    (MarkRow, ("name", "value")),
    (ChannelSettingRow, ("persona", "muted_why", "changed_by")),
    (WorkspaceSettingRow, ("value", "changed_by")),
)
_OTHERS_WORDS: tuple[tuple[type[Table], tuple[str, ...]], ...] = (
    (QuestionRow, ("text", "standalone")),
    (AnswerRow, ("text", "trace")),
    (SignalRow, ("detail",)),
    (EscalationRow, ("shared",)),
    (CorrectionRow, ("question", "text", "source")),
    (JudgementRow, ("reason",)),
    (VerifiedAnswerRow, ("question", "text", "source")),
)
_KEYS = frozenset({"key", "id", "name"})
_ABOUT_SOMEBODY = frozenset({InboxRow, JobRow, MarkRow, ReviewItemRow})
_MOST_AT_ONCE = 500


def written(names: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of a mention of a person in a text, as Slack has it or by name."""
    return re.compile("|".join(rf"<@{re.escape(name)}>|(?<!\w){re.escape(name)}(?!\w)" for name in told_by(names)))


def told_by(names: Sequence[str]) -> list[str]:
    """Return those of a person's names, their id first, that mean nobody else: a name of one word may be a word."""
    return [name for name in names if name == names[0] or not name.isalpha()]


def erase(db: Session, names: Sequence[str], deleted: Collection[str]) -> None:
    """Delete rows that are about a person, their id first among `names`, or mention ids of what was deleted.

    Take their names out of all others.
    """
    mention, ids = written(names), _any_of(deleted)
    for table, columns in _NAMED_IN:
        for row in db.scalars(select(table).options(load_only(*(getattr(table, one) for one in columns)))):
            told = {column: flat(getattr(row, column)) for column in columns}
            about = any(one.search(text) for one in ids for text in told.values())
            if about or (table in _ABOUT_SOMEBODY and _is_about(told, names[0], mention)):
                db.delete(row)
            else:
                _take_off(row, columns, mention)
    for table, columns in _OTHERS_WORDS:
        for row in db.scalars(select(table).where(or_(*(_holds(table, one, names) for one in columns)))):
            _take_off(row, columns, mention)
    db.flush()
    review_verdicts.forget(db, names[0])


def _is_about(told: Mapping[str, str], person: str, mention: re.Pattern[str]) -> bool:
    keyed = any(mention.search(text) for column, text in told.items() if column in _KEYS)
    return keyed or any(f'"{person}"' in text for text in told.values())


def _take_off(row: Table, columns: Sequence[str], mention: re.Pattern[str]) -> None:
    for column in columns:
        said = getattr(row, column)
        if mention.search(flat(said)):
            setattr(row, column, without(mention, said))


def _holds(table: type[Table], column: str, names: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a column may hold one of these names, as text or within JSON."""
    text = cast(getattr(table, column), Text)
    spelt = {one for name in told_by(names) for one in (name, json.dumps(name)[1:-1])}
    return or_(*(text.contains(one, autoescape=True) for one in sorted(spelt)))


def without(mention: re.Pattern[str], value: Any) -> Any:
    """Return a JSON value without the names that a pattern finds, keys included."""
    if isinstance(value, dict):
        return {mention.sub(GONE, str(name)): without(mention, one) for name, one in value.items()}
    if isinstance(value, list):
        return [without(mention, one) for one in value]
    return mention.sub(GONE, value) if isinstance(value, str) else value


def flat(value: object) -> str:
    """Return everything that a JSON value says, keys included, each in quotation marks."""
    if isinstance(value, dict):
        return "".join(f'"{name}"{flat(one)}' for name, one in value.items())
    if isinstance(value, list):
        return "".join(flat(one) for one in value)
    return f'"{value}"'


def _any_of(ids: Collection[str]) -> list[re.Pattern[str]]:
    """Return patterns that find any of these ids as a whole, some at a time."""
    ordered = sorted(one for one in ids if one)
    portions = [ordered[start : start + _MOST_AT_ONCE] for start in range(0, len(ordered), _MOST_AT_ONCE)]
    return [re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, some))})(?![\w-])") for some in portions]
