"""What the log is told about a week's answers."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation import labelling
from flywheel.errors import InvalidInput
from flywheel.measurement import records, system, window_metrics
from flywheel.measurement import window as windows
from flywheel.measurement.metrics import metric
from flywheel.model import Signal, SignalKind
from flywheel.registry import Record
from flywheel.signals.record import record
from flywheel.store import ledger
from flywheel.store import records as log
from tests.parts import MOMENT, answered, know, make_core

DAY = timedelta(days=1)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """Return a core with three answers: one liked with its source, one not known, one that nobody minded."""
    made = make_core(tmp_path)
    know(made, "vpn.md", "Install the client.", "The portal has it.")
    answered(made, "a1", question="How do I install the client?", cites=("vpn.md:0", "vpn.md:1"))
    answered(made, "a2", question="Who is Ana?", text="I do not know.", abstained=True, person="U2")
    answered(made, "a3", text="Fly to the moon for 700 euros. [1]", cites=("vpn.md:1",), person="U3")
    record(made, Signal("k1", "a1", SignalKind.CITATION_UP, "U4", MOMENT, {"passage_id": "vpn.md:0"}))
    record(made, Signal("k2", "a1", SignalKind.CITATION_DOWN, "U4", MOMENT, {"passage_id": "vpn.md:1"}))
    yield made
    made.database.close()


def measured(core: Core) -> dict[str, Record]:
    with core.database.read() as db:
        window = windows.read(db, "2026-W47", (MOMENT - DAY, MOMENT + DAY), MOMENT + DAY, None)
        everything = ledger.read(db)
    labels = labelling.label(everything, core.encoder.encode).passages.labels
    return {one.metric: one for one in window_metrics.measured(core, window, everything, labels)}


def test_every_record_is_in_the_catalogue(core: Core) -> None:
    assert [metric(name).name for name in measured(core)]


def test_the_shares_of_people_add_up_to_one(core: Core) -> None:
    told = measured(core)

    assert sum(one.value for name, one in told.items() if name.startswith("people_")) == pytest.approx(1)
    assert (told["people_silent"].value, told["abstained_share"].value) == pytest.approx((2 / 3, 1 / 3))
    assert told["feedback_per_1000"].value == pytest.approx(1000 / 2)


def test_sources_are_judged_by_people(core: Core) -> None:
    told = measured(core)

    assert (told["citation_precision"].value, told["citation_recall"].value) == (0.5, 1.0)
    assert told["context_precision"].value == 1.0


def test_words_that_no_source_has_are_not_faithful(core: Core) -> None:
    told = measured(core)["faithfulness_lexical"]

    assert (told.value, told.n) == (0.5, 2)


def test_relevance_is_the_cosine_of_question_and_answer(core: Core) -> None:
    asked = core.encoder.encode(["How do I install the client?", "How do I connect?"])
    said = core.encoder.encode(["Install the client.", "Fly to the moon for 700 euros."])

    assert measured(core)["answer_relevance_cosine"].value == pytest.approx((asked * said).sum() / 2, abs=1e-3)


def test_the_index_has_an_age_and_refusals(core: Core) -> None:
    told = measured(core)

    assert (told["index_age_days"].value, told["refused_documents"].value) == (1.0, 0.0)


def test_an_unknown_metric_or_segment_keeps_everything_out(core: Core) -> None:
    known, unknown = Record(MOMENT, "questions", 3.0, 3), Record(MOMENT, "wisdom", 3.0, 3)
    segmented = Record(MOMENT, "questions", 3.0, 3, segment="route:code")
    for wrong in (unknown, segmented):
        with pytest.raises(InvalidInput), core.database.begin() as db:
            records.keep(db, [known, wrong], {})

    with core.database.read() as db:
        assert log.since(db) == []


def test_every_record_carries_the_state_of_the_system(core: Core) -> None:
    state = system.versions(core)
    with core.database.begin() as db:
        records.keep(db, [Record(MOMENT, "gate_p", 0.3, 30, segment="fusion", versions={"challenger": "x"})], state)

    with core.database.read() as db:
        [kept] = log.since(db)
    assert kept.versions == {**state, "challenger": "x"}
    assert {"encoder", "corpus", "code"} <= kept.versions.keys()


def test_a_surface_with_ten_answers_has_its_own_figures(core: Core) -> None:
    for number in range(10):
        answered(core, f"b{number}", person=f"U{number}")
    with core.database.read() as db:
        window = windows.read(db, "2026-W47", (MOMENT - DAY, MOMENT + DAY), MOMENT + DAY, None)
        everything = ledger.read(db)
    found = window_metrics.measured(core, window, everything, ())

    assert ("answered_share", "surface:mention", 13) in {(one.metric, one.segment, one.n) for one in found}
