"""The experiments' part of a report: how often people say what they think, what runs, what ended, how often we try."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flywheel.measurement.experiments import feedback
from flywheel.measurement.experiments.analysis import Finding, analyse
from flywheel.measurement.experiments.conclusion import standing, subject
from flywheel.measurement.section import Line, Section
from flywheel.measurement.window import Window
from flywheel.store import experiments
from flywheel.store.database import Session
from flywheel.store.experiments import Experiment, State

MONTH = timedelta(days=30)


def told(db: Session, window: Window) -> Section:
    """Return the section as of the window's moment; it is the same whenever it is computed again."""
    known = [as_of(one, window.seen) for one in experiments.listed(db, window.seen)]
    running = [one for one in known if one.state is State.RUNNING]
    ended = [one for one in known if one.ended_at is not None and window.start <= one.ended_at <= window.seen]
    found = feedback.rate(window)
    lines = [Line(_rate(found), found.answers)]
    numbers: dict[str, Any] = {
        "feedback": {"per_1000": found.per_1000, "low": found.low, "high": found.high, "n": found.n,
                     "given": found.given},
        "running": [],
        "ended": [],
        "velocity": velocity(known, window.seen),
    }  # fmt: skip
    for one in running:
        analysis = analyse(db, one, window.seen)
        exposed = experiments.exposed(db, one.id, window.seen)
        since = f"{one.started_at:%-d %B}" if one.started_at else ""
        text = f"Running since {since}: {subject(one)}. {standing(one, analysis)}{_warning(analysis.finding)}"
        lines.append(Line(text, tuple(dict.fromkeys(exposure.answer_id for exposure in exposed))))
        numbers["running"].append({"id": one.id, **analysis.as_json()})
    for one in ended:
        exposed = experiments.exposed(db, one.id, one.ended_at or window.seen)
        lines.append(Line(_ended(one), tuple(dict.fromkeys(exposure.answer_id for exposure in exposed))))
        numbers["ended"].append({"id": one.id, "state": one.state.value, "conclusion": one.conclusion,
                                 "result": dict(one.result), "adopted": one.adopted})  # fmt: skip
    lines.append(Line(velocity_words(numbers["velocity"])))
    return Section("experiments", "Experiments", tuple(lines), numbers)


def as_of(experiment: Experiment, seen: datetime) -> Experiment:
    """Return an experiment as it stood at a moment: what happened to it later is taken off."""
    if experiment.started_at is not None and experiment.started_at > seen:
        return replace(experiment, state=State.DRAFT, started_at=None, ended_at=None, result={}, conclusion="",
                       adopted=None, adopted_at=None)  # fmt: skip
    if experiment.ended_at is not None and experiment.ended_at > seen:
        before = State.RUNNING if experiment.started_at else State.DRAFT
        return replace(experiment, state=before, ended_at=None, result={}, conclusion="", adopted=None,
                       adopted_at=None)  # fmt: skip
    if experiment.adopted_at is not None and experiment.adopted_at > seen:
        return replace(experiment, adopted=None, adopted_at=None)
    return experiment


def velocity(known: Sequence[Experiment], seen: datetime) -> dict[str, int]:
    """Return how many experiments were started and ended in the last 30 days and ever, and how many had a winner."""
    ran = [one for one in known if one.started_at is not None]
    ended = [one for one in ran if one.ended_at is not None]
    return {
        "started_30_days": sum(one.started_at is not None and one.started_at > seen - MONTH for one in ran),
        "ended_30_days": sum(one.ended_at is not None and one.ended_at > seen - MONTH for one in ended),
        "started": len(ran),
        "ended": len(ended),
        "won": sum(one.result.get("finding") == Finding.WINNER for one in ended),
        "adopted": sum(one.adopted is not None for one in ended),
    }


def velocity_words(counts: Mapping[str, int]) -> str:
    """Say how often experiments are tried."""
    if not counts["started"]:
        return "No experiment has been started yet."
    lately = f"{counts['started_30_days']} started and {counts['ended_30_days']} ended in the last 30 days"
    return f"{lately}; in all {counts['started']} started, {counts['ended']} ended, {counts['won']} with a winner."


def _rate(found: feedback.Rate) -> str:
    if found.per_1000 is None:
        return "Nobody was asked whether an answer helped, so there is no feedback rate."
    lies = "" if found.low is None or found.high is None else f", between {found.low:.0f} and {found.high:.0f}"
    return f"Feedback per 1,000 answers: {found.per_1000:.0f}{lies} ({found.given} on {found.n} answers)."


def _ended(one: Experiment) -> str:
    adopted = f" Adopted: arm {one.adopted}." if one.adopted else ""
    waits = " Nobody has adopted it yet." if one.result.get("winner") and not one.adopted else ""
    return f"{one.state.value.capitalize()}: {subject(one)}. {one.conclusion}{adopted}{waits}"


def _warning(finding: Finding) -> str:
    if finding is Finding.UNBALANCED:
        return " The arms have not the people they should have, so nothing can be concluded."
    return " A guardrail is hurt." if finding is Finding.HARM else ""
