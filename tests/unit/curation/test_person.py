"""A person's data: out, or gone, down to the bytes of the files."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from flywheel.core import Core
from flywheel.curation import credit_review
from flywheel.curation.corrections import Suggestion, approve, suggest
from flywheel.curation.person import export, forget
from flywheel.model import Signal, SignalKind
from flywheel.registry import Outcome, Release
from flywheel.signals.record import record
from flywheel.store import credits as stored
from flywheel.store import ledger as ledgers
from flywheel.store import marks, profiles, releases, reports, turns, verified
from flywheel.store.profiles import Profile
from tests.parts import MOMENT, answered, make_core

DAY = timedelta(days=1)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core where Ada asked, voted and suggested, and a model learned from it."""
    made = make_core(tmp_path, admins=frozenset({"U9"}))
    answered(made, "a1", person="U-ADA", question="Where is my zebra?")
    record(made, Signal("k", "a1", SignalKind.THUMBS_UP, "U-ADA", MOMENT))
    suggest(made, Suggestion("s", "a1", "U-ADA", "In the giraffe house."))
    released(made, 0.4, DAY)
    with made.database.begin() as db:
        turns.queue(db, "t1", "U-ADA", MOMENT)
        reports.put(db, reports.Report("r1", "2026-W47", MOMENT, {"unanswered": ["Where is my zebra?"]}))
    return made


def released(core: Core, alpha: float, after: timedelta, *, origin: str = "people", learner: str = "fusion") -> str:
    """Release a model that was made so long after Ada's first act; return its id."""
    artefact, evidence = {"alpha": alpha}, {"origin": origin, "question": "zebra"}
    identity = releases.identity(learner, artefact)
    made = Release(identity, learner, artefact, evidence, "s", MOMENT + after, Outcome.HELD, serving=False)
    with core.database.begin() as db:
        releases.put(db, made)
        releases.promote(db, identity)
    return identity


def serving(core: Core, learner: str = "fusion") -> str | None:
    with core.database.read() as db:
        found = releases.serving(db, learner)
    return found.id if found else None


def bytes_of(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file())


def test_export_returns_everything_by_table(core: Core) -> None:
    out = export(core, "U-ADA")

    assert [row["text"] for row in out["questions"]] == ["Where is my zebra?"]
    assert {name: len(rows) for name, rows in out.items() if rows} == {
        "questions": 1, "answers": 1, "signals": 2, "corrections": 1,
    }  # fmt: skip


def test_what_was_made_of_their_acts_comes_out_too(core: Core) -> None:
    with core.database.read() as db:
        made = credit_review.renewed(core, ledgers.read(db))
    with core.database.begin() as db:
        stored.replace_all(db, made.values())

    assert len(export(core, "U-ADA")["credit"]) == 2


def test_forgetting_says_how_many_rows_were_theirs(core: Core) -> None:
    assert forget(core, "U-ADA").rows == 5
    assert forget(core, "U-ADA").rows == 0


def test_nothing_is_left_to_export(core: Core) -> None:
    forget(core, "U-ADA")

    assert not any(export(core, "U-ADA").values())


def test_what_was_learned_from_them_serves_no_more(core: Core) -> None:
    forgotten = forget(core, "U-ADA")

    with core.database.read() as db:
        assert (releases.history(db), turns.find(db, "t1")) == ([], None)
    assert forgotten.taken is not None
    assert forgotten.taken.served


def test_what_was_made_before_they_did_anything_serves_again(tmp_path: Path) -> None:
    core = make_core(tmp_path)
    before = released(core, 0.7, -DAY)
    answered(core, "a1", person="U-ADA")
    released(core, 0.4, DAY)

    forget(core, "U-ADA")

    assert serving(core) == before


def test_a_router_made_from_the_index_alone_stays(core: Core) -> None:
    made = released(core, 0.5, DAY, origin="index", learner="router")

    forget(core, "U-ADA")

    assert serving(core, "router") == made


def test_somebody_who_did_nothing_costs_no_model(core: Core) -> None:
    assert forget(core, "U-BO").taken is None
    assert serving(core) is not None


def test_a_turn_that_runs_meanwhile_cannot_end(core: Core) -> None:
    with core.database.begin() as db:
        turns.claim(db, "t1", MOMENT)
    forget(core, "U-ADA")

    with core.database.read() as db:
        assert turns.find(db, "t1") is None


@pytest.mark.parametrize("trace", [b"U-ADA", b"zebra", b"giraffe"])
def test_no_byte_of_it_stays_in_the_files(core: Core, tmp_path: Path, trace: bytes) -> None:
    forget(core, "U-ADA")

    assert trace not in bytes_of(tmp_path)


def test_what_she_wrote_is_withdrawn_from_what_others_were_told(core: Core, tmp_path: Path) -> None:
    made = approve(core, "c_" + suggested(core), "U9")
    answered(core, "a2", person="U-BO", question="Zoo?", text="In the giraffe house.", repeats=made.id)

    forget(core, "U-ADA")

    assert b"giraffe" not in bytes_of(tmp_path)


def suggested(core: Core) -> str:
    with core.database.read() as db:
        return str(db.execute(text("SELECT id FROM correction")).scalar_one()).removeprefix("c_")


def test_an_approved_answer_to_a_question_in_her_words_goes(core: Core, tmp_path: Path) -> None:
    theirs = suggest(core, Suggestion("other", "a1", "U-BO", "Behind the aviary."))
    made = approve(core, theirs.id, "U9")

    forget(core, "U-ADA")

    with core.database.read() as db:
        assert verified.find(db, made.id) is None
    assert b"zebra" not in bytes_of(tmp_path)


def test_it_stays_where_somebody_else_asked_the_same(core: Core) -> None:
    answered(core, "a2", person="U-BO", question="Where is my zebra?")
    theirs = suggest(core, Suggestion("other", "a2", "U-BO", "Behind the aviary."))
    made = approve(core, theirs.id, "U9")

    forget(core, "U-ADA")

    with core.database.read() as db:
        assert verified.find(db, made.id) is not None


def test_where_others_name_her_her_name_goes(core: Core, tmp_path: Path) -> None:
    answered(core, "a2", person="U-BO", question="Does <@U-ADA> know?")
    record(core, Signal("r", "a2", SignalKind.HUMAN_REPLY, "U-CY", MOMENT, {"text": "@U-ADA does"}))

    forget(core, "U-ADA")

    assert b"U-ADA" not in bytes_of(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"), [("intro:a1", "somebody asked: *Where is my zebra?*"), ("intro:a7", "<@U-ADA> asked")]
)
def test_no_mark_tells_of_her(core: Core, tmp_path: Path, name: str, value: str) -> None:
    with core.database.begin() as db:
        marks.put(db, name, value)

    forget(core, "U-ADA")

    assert all(trace not in bytes_of(tmp_path) for trace in (b"U-ADA", b"zebra"))


@pytest.mark.parametrize("was_hidden", [True, False])
def test_whether_she_may_be_named_outlasts_her_forgetting(core: Core, *, was_hidden: bool) -> None:
    with core.database.begin() as db:
        profiles.hide(db, "U-ADA", MOMENT, hidden=was_hidden)
    forget(core, "U-ADA")
    with core.database.begin() as db:
        profiles.put(db, Profile("U-ADA", "Ada Lovelace"), MOMENT)

    with core.database.read() as db:
        assert profiles.is_hidden(db, "U-ADA") is was_hidden


def test_files_of_trainings_go_but_for_what_still_serves(core: Core, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    kept = releases.identity("query_tower", {"alpha": 0.5})
    for name in ("training_1", kept):
        (folder / name).mkdir(parents=True)
        (folder / name / "material.json").write_text("zebra" if name != kept else "index")
    released(core, 0.5, DAY, origin="index", learner="query_tower")

    forget(core, "U-ADA", [folder, tmp_path / "none"])

    assert [one.name for one in folder.iterdir()] == [kept]
