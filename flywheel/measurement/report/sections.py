"""Ask every part of measuring for its section of the report, in reading order."""

from dataclasses import asdict, dataclass
from typing import Any

from flywheel.core import Core
from flywheel.measurement import bias, gaming, judging, reviewing, thresholds, trends
from flywheel.measurement.experiments import telling as experiments
from flywheel.measurement.report.reading import Reading
from flywheel.measurement.section import Section
from flywheel.measurement.understanding import telling as understanding
from flywheel.store.database import Session


@dataclass(frozen=True, slots=True)
class Parts:
    """The sections between what was learned and the sources, and the things to do next, the most valuable first."""

    sections: tuple[Section, ...]
    todo: tuple[dict[str, Any], ...]


def parts(core: Core, db: Session, reading: Reading) -> Parts:
    """Return what every part says of a window."""
    window, before = reading.window, reading.before
    understood = understanding.told(core, window, before)
    sections = (
        experiments.told(db, window),
        understood.topics,
        understood.matrix,
        understood.drift,
        understood.stall,
        bias.told(window, before),
        gaming.told(db, window, before),
        judging.told(db, window),
        reviewing.told(db, window),
        thresholds.told(db, window),
        trends.told(db, window),
    )
    return Parts(sections, tuple(asdict(one) for one in understood.todo))


def plain(section: Section) -> dict[str, Any]:
    """Return a section as JSON."""
    lines = [{"text": one.text, "answers": list(one.answers)} for one in section.lines]
    return {"key": section.key, "title": section.title, "lines": lines, "numbers": dict(section.numbers)}
