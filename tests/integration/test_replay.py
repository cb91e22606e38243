"""`flywheel replay` on a small company: real use cases throughout, and the same seed is the same weeks."""

import gzip
import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from bot.commands.replay import _played, replay
from bot.composition import opened as real_core
from bot.indexing import take_in
from bot.replay.home import opened
from bot.settings import Settings
from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.learning import release
from flywheel.learning.gate import Decision
from flywheel.measurement.replay import material, telling
from flywheel.measurement.replay.acting import ADMINISTRATOR
from flywheel.measurement.replay.clock import Clock
from flywheel.measurement.replay.drawing import draw
from flywheel.measurement.replay.habits import Habits
from flywheel.measurement.replay.held import held_back
from flywheel.measurement.replay.weeks import Script, Week, play
from flywheel.model import CorrectionState, SignalKind
from flywheel.registry import Outcome, Release
from flywheel.store import corrections, ledger, releases, signals
from flywheel.store.releases import identity
from tests.parts import know, make_core

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
TOPICS = ("parking permit", "travel expenses", "sick leave", "office keys", "new laptop", "team lunch")
FORMS = (
    "how do i get {}",
    "who decides about {}",
    "where do i ask for {}",
    "what are the rules of {}",
    "{} please",
    "my {}",
)
HABITS = Habits(questions=20, people=8, feedback=1.0)


def write(folder: Path) -> Path:
    """Write labelled questions: six topics, each with five forms to ask and one to be measured by."""
    lines = [
        {"text": form.format(topic), "label": topic.replace(" ", "_"), "split": "train" if n else "dev"}
        for topic in TOPICS
        for n, form in enumerate(FORMS)
    ]
    with gzip.open(folder / "queries.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(one) + "\n" for one in lines))
    return folder


def script(folder: Path, habits: Habits = HABITS) -> Script:
    """Return the script of those questions."""
    write(folder)
    return Script(material.read(folder, documents=100, heldout=100, rng=Random(1)), habits, 1)


def core_of(folder: Path, played: Script, clock: Clock) -> Core:
    """Return a core that knows the topics."""
    folder.mkdir(exist_ok=True)
    core = make_core(folder, now=clock, admins=frozenset({ADMINISTRATOR}))
    for one in played.material.documents:
        know(core, one["_id"], one["text"])
    return core


def rows(folder: Path) -> list[int]:
    """Return how many questions, signals and passages the real data folder holds."""
    with closing(sqlite3.connect(folder / ".flywheel" / "flywheel.db")) as db:
        tables = ("question", "signal", "passage")
        return [db.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in tables]


def weeks(folder: Path, played: Script, count: int) -> tuple[Core, list[Week]]:
    """Play so many weeks after the first measurement."""
    clock = Clock(MONDAY)
    core = core_of(folder, played, clock)
    return core, list(islice(play(core, clock, played, lambda _: None), count + 1))


@dataclass(frozen=True, slots=True)
class Lived:
    """A replay of two weeks that several tests look at."""

    script: Script
    core: Core
    weeks: list[Week]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Play two weeks once."""
    folder = tmp_path_factory.mktemp("lived")
    played = script(folder)
    return Lived(played, *weeks(folder / "home", played, 2))


def test_the_same_seed_gives_the_same_weeks(lived: Lived, tmp_path: Path) -> None:
    first, second = (telling.content(lived.script, one) for one in (lived.weeks, weeks(tmp_path, lived.script, 2)[1]))

    for one in (*first["weeks"], *second["weeks"]):
        del one["seconds"]
    assert first == second


def test_everything_that_is_done_stands_in_the_ledger(lived: Lived) -> None:
    with lived.core.database.read() as db:
        stored = Counter(one.kind.value for one in signals.every(db))

    done = Counter[str]()
    for week in lived.weeks:
        done.update({kind: count for kind, count in week.done.items() if kind in set(SignalKind)})
    assert stored == done
    assert stored["thumbs_up"] > 0


def test_what_is_measured_is_never_asked(lived: Lived) -> None:
    with lived.core.database.read() as db:
        asked = {one.question.text for one in ledger.between(db, MONDAY, MONDAY + timedelta(days=30))}

    assert len(asked) > 20
    assert asked.isdisjoint(one.text for one in lived.script.material.heldout)


def test_each_week_the_wheel_turns_once(lived: Lived) -> None:
    before, *after = lived.weeks

    assert before.turn is None
    assert [one.turn.state.value for one in after if one.turn] == ["finished", "finished"]
    assert len({one.turn.id for one in after if one.turn}) == 2


def test_an_administrator_approves_what_is_right_and_nothing_else(tmp_path: Path) -> None:
    habits = Habits(questions=40, people=8, feedback=1.0, noise=0.5, reviewed=1.0)
    core, _ = weeks(tmp_path / "a", script(tmp_path, habits), 1)

    with core.database.read() as db:
        decided = corrections.every(db)
    right = {one.id for one in decided if one.source and one.source.replace("_", " ") in one.question}
    assert {one.id for one in decided if one.state is CorrectionState.APPROVED} == right
    assert len(right) < len(decided)


def test_attackers_vote_on_answers_of_others(tmp_path: Path) -> None:
    quiet = Habits(questions=20, people=8, feedback=0.0, bystanders=0.0, clicks=0.0)
    loud = Habits(questions=20, people=8, feedback=0.0, bystanders=0.0, clicks=0.0, attackers=0.2, flood=20)

    votes = [weeks(tmp_path / name, script(tmp_path, one), 1)[1][1].done for name, one in (("a", quiet), ("b", loud))]

    assert votes[0].get("citation_up", 0) == 0
    assert votes[1]["citation_up"] > 20


@dataclass(slots=True)
class InterruptingClock(Clock):
    """A clock at which somebody presses Ctrl-C in the second week."""

    def wait_until(self, moment: datetime) -> None:
        """Let time pass, up to there."""
        if moment > MONDAY + timedelta(days=8):
            raise KeyboardInterrupt
        Clock.wait_until(self, moment)


def test_an_interrupt_leaves_the_weeks_so_far(tmp_path: Path) -> None:
    played, clock = script(tmp_path), InterruptingClock(MONDAY)

    kept = _played(core_of(tmp_path / "a", played, clock), clock, played, 5, reasons=False)

    assert [one.number for one in kept] == [0, 1]
    assert draw("Replay", "stopped", kept).startswith(b"\x89PNG")


def test_questions_about_nothing_that_is_indexed_are_refused(tmp_path: Path) -> None:
    clock = Clock(MONDAY)

    with pytest.raises(InvalidInput, match="indexed"):
        next(play(make_core(tmp_path, now=clock), clock, script(tmp_path), lambda _: None))


def test_a_sample_of_a_corpus_keeps_what_questions_want(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps({"_id": f"d{n}", "text": "t"}) + "\n" for n in range(50)))
    lines = [{"_id": f"q{n}", "text": "t", "split": split} for n, split in ((7, "train"), (9, "dev"))]
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq7\td7\t1\nq9\td49\t1\n")

    kept = [one["_id"] for one in material.read(tmp_path, documents=10, heldout=5, rng=Random(1)).documents]

    assert len(kept) == 10
    assert {"d7", "d49"} <= set(kept)


def test_what_was_held_is_measured_and_does_not_stay(lived: Lived) -> None:
    artefact: dict[str, object] = {"alpha": 0.0}
    made = Release(identity("fusion", artefact), "fusion", artefact, {}, "s", MONDAY, Outcome.HELD, serving=False)
    with lived.core.database.begin() as db:
        release.settle(db, made, None, MONDAY, Decision.HELD)
    verdict = {"decision": "held", "reason": "too few", "challenger": {"id": made.id}}
    assert lived.weeks[-1].turn is not None
    last = replace(lived.weeks[-1], turn=replace(lived.weeks[-1].turn, evidence={"learners": {"fusion": verdict}}))

    found = held_back(lived.core, lived.script, last)

    with lived.core.database.read() as db:
        assert releases.serving_id(db, "fusion") is None
    assert len(found["fusion"].values["ndcg_at_10"]) == len(TOPICS)


def test_a_replay_over_what_is_indexed_leaves_it_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    played = script(tmp_path)
    material.write(played.material.documents, tmp_path / "topics.jsonl")
    with real_core(Settings.read()) as core:
        take_in(core, Settings.read().plan(), [tmp_path / "topics.jsonl"], None)
    before, clock = rows(tmp_path), Clock(MONDAY)

    with opened(played, clock, None, here=True) as core:
        lived = list(islice(play(core, clock, played, lambda _: None), 2))

    assert lived[1].done["asked"] >= 20
    assert rows(tmp_path) == before


def test_the_command_writes_table_json_and_chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = ["--weeks", "1", "--questions", "12", "--json", "o.json", "--chart", "o.png", "--keep", "kept"]

    done = CliRunner().invoke(replay, [str(write(tmp_path)), *wanted])

    told: dict[str, Any] = json.loads((tmp_path / "o.json").read_text())
    assert (done.exit_code, len(told["weeks"])) == (0, 2)
    assert "No week made it significantly worse." in done.output
    assert (tmp_path / "o.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "kept" / "flywheel.db").exists()
    assert not (tmp_path / ".flywheel").exists()
