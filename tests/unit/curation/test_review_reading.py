"""What a reviewer is shown of each kind, and when they are shown nothing."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, suggest
from flywheel.curation.review_reading import Matter, read
from flywheel.model import PUBLIC, Audience
from flywheel.store import expertise, labels, questions
from flywheel.store.labels import StoredLabel
from flywheel.store.reviews import ReviewItem, ReviewKind
from tests.parts import MOMENT, answered, know, make_core


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with an answer, a doubted label of it and a suggestion in its place."""
    made = make_core(tmp_path)
    know(made, "vpn.md", "Install the client.")
    know(made, "pay.md", "Pay day is the 25th.", access=["channel:C7"])
    answered(made, "a1", cites=["vpn.md:0"])
    about = "k", "q-a1", "a1", "passage", "vpn.md:0", 3
    with made.database.begin() as db:
        labels.replace_all(db, [StoredLabel(*about, 1.0, 1.0, "citation_up", "U2", MOMENT, "doubted")])
    return made


def shown(core: Core, kind: ReviewKind, subject: str, detail: Mapping[str, object], *more: str) -> Matter | None:
    """Return what everybody, or a holder of more labels, is shown."""
    item = ReviewItem("i", kind, subject, MOMENT, "U2", detail)
    with core.database.read() as db:
        return read(db, item, Audience(frozenset({PUBLIC, *more})))


def doubted(core: Core, subject: str = "k vpn.md:0", target: str = "vpn.md:0") -> Matter | None:
    return shown(core, ReviewKind.DOUBTED, subject, {"belief": 0.2, "question_id": "q-a1", "target": target})


def test_a_doubted_label_says_what_was_said_of_which_source(core: Core) -> None:
    found = doubted(core)

    assert found is not None
    assert found.doubt == "Somebody said that this source answers the question."
    assert [one.text for one in found.sources] == ["Install the client."]


def test_a_doubted_route_says_where_somebody_would_look(core: Core) -> None:
    found = doubted(core, "U2 q-a1", "tables")

    assert found is not None
    assert found.doubt == "Somebody said that this is answered from: tables."


def test_a_doubted_label_of_a_source_that_may_not_be_read_is_not_shown(core: Core) -> None:
    assert doubted(core, "k pay.md:0", "pay.md:0") is None


def test_an_answer_is_shown_where_all_that_it_cites_may_be_read(core: Core) -> None:
    answered(core, "a2", cites=["vpn.md:0", "pay.md:0"])

    assert shown(core, ReviewKind.SAMPLE, "a2", {}) is None
    assert shown(core, ReviewKind.SAMPLE, "a2", {}, "channel:C7") is not None


def test_what_was_asked_in_an_open_channel_is_shown_to_anybody(core: Core) -> None:
    answered(core, "a2", cites=["vpn.md:0"], readers=(PUBLIC, "channel:C5"))
    assert shown(core, ReviewKind.SAMPLE, "a2", {}) is None
    with core.database.begin() as db:
        expertise.put_open_channels(db, ["C5"])

    assert shown(core, ReviewKind.SAMPLE, "a2", {}) is not None


def test_a_deleted_question_is_shown_to_nobody(core: Core) -> None:
    with core.database.begin() as db:
        questions.mark_deleted(db, "q-a1", MOMENT)

    assert shown(core, ReviewKind.SAMPLE, "a1", {}) is None
    assert doubted(core) is None


def test_what_a_judge_said_is_not_told(core: Core) -> None:
    found = shown(core, ReviewKind.JUDGE_SAMPLE, "a1", {"value": 0.1, "reason": "It is wrong."})

    assert "wrong" not in str(found and found.doubt)


def test_a_suggestion_is_shown_beside_the_answer(core: Core) -> None:
    made = suggest(core, Suggestion("k", "a1", "U2", "Use client 5.", "vpn"))
    found = shown(core, ReviewKind.CORRECTION, made.id, {})

    assert found is not None
    assert (found.suggested, found.answer) == ("Use client 5.", "Install the client. [1]")
    assert found.doubt.endswith("Its source: vpn.")


@pytest.mark.parametrize(
    ("detail", "says"),
    [
        ({"what": "votes_of_one_person", "day": "2026-11-17", "count": 50, "usual": 3.0}, "50, where 3.0 a day"),
        (
            {"what": "threshold", "name": "Satisfied", "seen": "61 % of 84 votes", "asked": "at least 71 %"},
            "at least 71",
        ),
        ({"what": "gaming", "reason": "Yes and behaviour part."}, "Yes and behaviour part."),
    ],
)
def test_an_alarm_says_what_is_unusual(core: Core, detail: Mapping[str, object], says: str) -> None:
    found = shown(core, ReviewKind.ALARM, "s", detail)

    assert found is not None
    assert says in found.doubt
