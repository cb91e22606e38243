"""What a report says to whom: figures with their answers, sources with their owners, months, threads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flywheel.core import Core
from flywheel.measurement.edition import monthly
from flywheel.measurement.report import compose, report
from flywheel.model import Correction, CorrectionState, Document, Kind, Passage, Signal, SignalKind
from flywheel.store import answers, corrections, documents, reports, signals
from flywheel.store.database import Database
from tests.parts import MOMENT, StoppedClock, answered, know, make_core, migrated_sqlite

OLD = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    database: Database = migrated_sqlite(tmp_path)
    yield make_core(tmp_path, database=database, now=StoppedClock())
    database.close()


def act(core: Core, answer: str, kind: SignalKind, person: str, **detail: str) -> None:
    """Store what a person did now."""
    with core.database.begin() as db:
        signals.put(db, Signal(f"{answer}{kind}{person}", answer, kind, person, core.now(), detail))


def age(core: Core, external_id: str, access: str = "public", owner: str | None = "U7") -> None:
    """Store a document that was changed last long ago."""
    made = Document(f"d-{external_id}", "tests", external_id, external_id.upper(), Kind.TEXT, "h", frozenset({access}),
                    owner=owner, updated_at=OLD)  # fmt: skip
    passage = Passage(f"{external_id}:0", made.id, 0, "Old.", Kind.TEXT)
    with core.database.begin() as db:
        documents.put(db, [(made, [passage])], version=documents.advance_corpus(db), at=MOMENT)


def content(core: Core, channel: str | None = None) -> dict[str, Any]:
    """Return the content of a report that is made a moment later."""
    clock = core.now
    assert isinstance(clock, StoppedClock)
    clock.advance(timedelta(seconds=1))
    return dict(compose(core, channel).report.content)


def figure(made: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in made["figures"] if one["key"] == key)


def test_a_figure_names_its_answers_the_unhappy_ones_first(core: Core) -> None:
    for name in ("a1", "a2", "a3"):
        answered(core, name)
    act(core, "a1", SignalKind.THUMBS_UP, "U1")
    act(core, "a2", SignalKind.THUMBS_DOWN, "U1")

    made = content(core)

    assert figure(made, "satisfied")["answers"] == ["a2", "a1"]
    assert figure(made, "no_signal")["answers"] == ["a3"]


def test_every_answer_that_is_named_has_its_thread(core: Core) -> None:
    answered(core, "a1", question="Where is the key?")
    answered(core, "a2", question="Who is let go?", readers=("user:U1",))

    threads = content(core)["threads"]

    assert threads["a1"] == {"channel": "C1", "ts": None, "question": "Where is the key?"}
    assert threads["a2"]["question"] is None


def test_a_change_is_told_against_the_mean_of_the_weeks_before(core: Core) -> None:
    clock = core.now
    assert isinstance(clock, StoppedClock)
    for week, kind in enumerate((SignalKind.THUMBS_DOWN, SignalKind.THUMBS_UP, SignalKind.THUMBS_UP)):
        answered(core, f"a{week}")
        act(core, f"a{week}", kind, "U1")
        clock.advance(timedelta(weeks=1))
    answered(core, "a9")
    act(core, "a9", SignalKind.THUMBS_UP, "U1")

    assert figure(content(core), "satisfied")["change"] == "33 points above 67 %, the mean of the four weeks before"


def test_tokens_and_prices_are_added_up_and_nothing_is_guessed(core: Core) -> None:
    usage = {"model": "m", "calls": 1, "unreported": 0, "prompt_tokens": 900, "completion_tokens": 100}
    for name, cost in (("a1", 0.25), ("a2", None)):
        answered(core, name)
        with core.database.begin() as db:
            stored = answers.find(db, name)
            assert stored is not None
            answers.put(db, replace(stored, id=f"{name}-m", usage={**usage, "cost": cost}))

    told = figure(content(core), "cost")

    assert (told["value"], told["note"]) == ("not priced", "2,000 tokens for 2 answers")


def test_an_old_source_that_answers_stand_on_is_named_with_its_owner(core: Core) -> None:
    age(core, "old.md")
    for name in ("a1", "a2"):
        answered(core, name, cites=("old.md:0",))

    stale = content(core)["sources"]["stale"]

    assert [(one["title"], one["owner"], one["answers"]) for one in stale] == [("OLD.MD", "U7", ["a1", "a2"])]


def test_a_source_from_which_two_people_call_answers_wrong_is_contradicted(core: Core) -> None:
    know(core, "vpn.md", "Install the client.")
    answered(core, cites=("vpn.md:0",))
    act(core, "a1", SignalKind.THUMBS_DOWN, "U1", reason="wrong")
    assert content(core)["sources"]["contradicted"] == []

    act(core, "a1", SignalKind.THUMBS_DOWN, "U2", reason="wrong")

    assert [one["why"] for one in content(core)["sources"]["contradicted"]] == ["2 people called answers from it wrong"]


@pytest.mark.parametrize(("named", "contradicted"), [(None, ["vpn.md"]), ("network.md", [])])
def test_a_correction_contradicts_a_source_unless_it_names_another(
    core: Core, named: str | None, contradicted: list[str]
) -> None:
    know(core, "vpn.md", "Install the client.")
    answered(core, cites=("vpn.md:0",))
    suggested = Correction("c1", "a1", "How?", "Use the portal.", "U1", core.now(), named)
    approved = replace(suggested, state=CorrectionState.APPROVED, reviewer="U9", reviewed_at=core.now())
    with core.database.begin() as db:
        corrections.put(db, approved)

    assert [one["external_id"] for one in content(core)["sources"]["contradicted"]] == contradicted


def test_a_source_that_not_everybody_may_read_is_counted_and_not_named(core: Core) -> None:
    age(core, "redundancies.md", access="channel:C9")
    for name in ("a1", "a2"):
        answered(core, name, cites=("redundancies.md:0",), readers=("channel:C9",))

    made = content(core, "C1")

    assert "redundancies" not in str(made).lower()
    assert "1 stale source cannot be named here" in str(made["sections"])
    assert content(core, "C9")["sources"]["stale"][0]["title"] == "REDUNDANCIES.MD"


def test_a_month_is_a_report_of_the_same_shape(core: Core) -> None:
    answered(core)
    week = report(core)
    month = report(core, edition=monthly(core.now(), "2026-11"))

    assert (month.kind, month.period, month.content["title"]) == ("monthly", "2026-11", "Flywheel in November 2026")
    assert month.content.keys() == week.content.keys()
    assert len(month.content["numbers"]["trend"]) == 6


def test_a_month_is_not_the_latest_report(core: Core) -> None:
    week = report(core)
    report(core, edition=monthly(core.now(), "2026-11"))

    with core.database.read() as db:
        assert reports.latest(db) == week.content
        assert reports.newest(db, "monthly") is not None


@pytest.mark.parametrize(("day", "period"), [(23, "2026-W47"), (25, "2026-W47"), (26, "2026-W48")])
def test_a_turn_early_in_a_week_reports_on_the_week_before(core: Core, day: int, period: str) -> None:
    clock = core.now
    assert isinstance(clock, StoppedClock)
    answered(core)
    clock.at = datetime(2026, 11, day, 9, tzinfo=UTC)

    assert compose(core, None, {}, "t1").report.period == period
