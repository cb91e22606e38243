"""The ledger's rows as plain values, read with SQL alone: nothing here knows the product's code.

A path is opened as SQLite, a `postgresql://` address with psycopg. Times are aware UTC, JSON columns are values.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg

Row = dict[str, Any]

_JSON = {
    "answer": ("route", "versions", "timings_ms", "usage", "routing"),
    "question": ("labels",),
    "signal": ("detail",),
    "report": ("content",),
    "turn": ("evidence",),
    "release": ("evidence",),
    "verified_answer": ("access", "passage_ids"),
    "review_item": ("detail",),
    "threshold": ("baseline",),
    "breach": ("detail",),
    "judgement": ("usage",),
    "experiment": ("arms", "guardrails", "plan", "result"),
    "exposure": ("detail",),
    "record": ("versions", "scores"),
    "credit": ("detail",),
}
_TIMES = frozenset(
    [
        "asked_at",
        "deleted_at",
        "answered_at",
        "at",
        "reviewed_at",
        "made_at",
        "finished_at",
        "started_at",
        "ended_at",
        "began_at",
        "created_at",
        "updated_at",
        "undone_at",
        "indexed_at",
        "approved_at",
        "served_since",
    ]
)


class Tables:
    """Every row of a table as a dictionary, in the order of its first column."""

    def __init__(self, where: str) -> None:
        """Open a file or an address; nothing is ever written."""
        self._where = where
        self._read: dict[str, list[Row]] = {}

    def __call__(self, name: str) -> list[Row]:
        """Return the rows of a table."""
        if name not in self._read:
            self._read[name] = [self._plain(name, row) for row in self._rows(name)]
        return self._read[name]

    def _rows(self, name: str) -> list[Row]:
        query = f'SELECT * FROM "{name}" ORDER BY 1'
        if self._where.startswith("postgresql"):
            with psycopg.connect(self._where.replace("postgresql+psycopg", "postgresql")) as connection:
                cursor = connection.execute(query)
                names = [one.name for one in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor]
        connection_ = sqlite3.connect(f"file:{self._where.removeprefix('sqlite:///')}?mode=ro", uri=True)
        try:
            found = connection_.execute(query)
            names = [one[0] for one in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]
        finally:
            connection_.close()

    def _plain(self, table: str, row: Row) -> Row:
        made = dict(row)
        for key, value in row.items():
            if isinstance(value, str) and key in _JSON.get(table, ()):
                made[key] = json.loads(value)
            elif key in _TIMES and value is not None:
                made[key] = moment(value)
        return made


def moment(value: str | datetime) -> datetime:
    """Return an aware time in UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


@dataclass(frozen=True)
class Span:
    """What was answered in a stretch of time, with what was done about it, as of a moment.

    Each answer is its row with `question` (a row), `done` (rows of signal) and `cited` (rows of citation).
    """

    start: datetime
    end: datetime
    seen: datetime
    answers: tuple[Row, ...]
    corrections: tuple[Row, ...] = field(default=())


class Ledger:
    """Spans of a database as of the moment of one report."""

    def __init__(self, tables: Tables, seen: datetime, last_signal: int) -> None:
        """Read the tables."""
        self.tables, self.seen = tables, seen
        questions = {row["id"]: row for row in tables("question") if row["deleted_at"] is None}
        done: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(tables("signal"), key=lambda one: (one["at"], one["id"])):
            if row["at"] <= seen and row["id"] <= last_signal:
                done[row["answer_id"]].append(row)
        cited: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(tables("citation"), key=lambda one: one["n"]):
            cited[row["answer_id"]].append(row)
        kept = [row for row in tables("answer") if row["question_id"] in questions and row["writer"] != "courtesy"]
        self._answers = [
            {**row, "question": questions[row["question_id"]], "done": done[row["id"]], "cited": cited[row["id"]]}
            for row in sorted(kept, key=lambda one: (one["answered_at"], one["id"]))
        ]
        self._corrections = sorted(tables("correction"), key=lambda one: one["at"])

    def span(self, start: datetime, end: datetime) -> Span:
        """Return what was answered at or after `start` and before `end`."""
        until = min(end, self.seen)
        return Span(
            start,
            end,
            self.seen,
            tuple(one for one in self._answers if start <= one["answered_at"] < until),
            tuple(self._as_of(one) for one in self._corrections if start <= one["at"] < until),
        )

    def _as_of(self, row: Row) -> Row:
        decided = row["reviewed_at"]
        return row if decided is None or decided <= self.seen else {**row, "state": "pending"}


def votes(done: Iterable[Row]) -> dict[str, bool]:
    """Return each person's live vote: the last one given and not taken back."""
    given: dict[str, list[tuple[bool, str | None]]] = defaultdict(list)
    for row in done:
        kind, detail = row["kind"], row["detail"]
        if kind in ("thumbs_up", "thumbs_down"):
            given[row["person"]].append((kind == "thumbs_up", None))
        elif kind == "reaction_added" and "vote" in detail:
            given[row["person"]].append((detail["vote"] == "up", detail.get("reaction")))
        elif kind == "reaction_removed":
            left = [one for one in given[row["person"]] if one[1] is None or one[1] != detail.get("reaction")]
            given[row["person"]] = left
    return {person: said[-1][0] for person, said in given.items() if said}
