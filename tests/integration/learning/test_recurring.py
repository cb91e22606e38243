"""The learners of recurring questions on a small company: what they learn, from whom, and that it is the same twice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from flywheel.core import Core
from flywheel.curation.dataset import Candidate, Group
from flywheel.learning import adapter, memory, priors
from flywheel.learning.lesson import Lesson
from flywheel.learning.recurring import recurring, settled
from flywheel.retrieval import champions, search
from flywheel.retrieval.adapter import QueryAdapter
from flywheel.retrieval.memory import QuestionMemory
from tests.parts import know, make_core
from tests.unit.learning.groups import START, lesson

TOPICS = {
    "desk.md:0": ("laptop", "screen", "keyboard", "charger"),
    "leave.md:0": ("holiday", "vacation", "sick", "absence"),
    "money.md:0": ("invoice", "expense", "salary", "bonus"),
}
"""What people call it, and the page that has none of those words."""


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """Yield a core that knows a page for each topic, in words of its own, and one more."""
    made = make_core(tmp_path)
    know(made, "desk.md", "the service department repairs devices at the counter")
    know(made, "leave.md", "time off is entered into the calendar of the team")
    know(made, "money.md", "finance pays on the last working day of the month")
    know(made, "other.md", "the canteen serves lunch from noon")
    yield made
    made.database.close()


def asked(core: Core, count: int, *, first: int = 0, persons: int = 6) -> list[Group]:
    """Return questions on the topics in turn, each with what retrieval lists for it today and what it wanted."""
    made = []
    for number in range(first, first + count):
        wanted, words = list(TOPICS.items())[number % len(TOPICS)]
        text = f"my {words[number % len(words)]} {words[(number // 4) % len(words)]} case{number}"
        listed = search.shortlist(core, text, Group("", "", "", START, None, ()).audience).hits
        candidates = [
            Candidate(
                hit.passage_id, hit.features, 3.0 if hit.passage_id == wanted else 0.0, judged=hit.passage_id == wanted
            )
            for hit in listed
        ]
        at = START + timedelta(minutes=number)
        person = f"U{number % persons}"
        made.append(Group(f"q{number:03d}", text, person, at, None, tuple(candidates), wanted={wanted: 3.0}))
    return made


def lesson_of(core: Core, train: Sequence[Group], heldout: Sequence[Group] = ()) -> Lesson:
    """Return a lesson under the defaults that serve."""
    with core.database.read() as db:
        return lesson(train, heldout, core=core, serving=champions.read(db))


def test_what_two_people_want_recurs_and_what_one_wants_twice_does_not(core: Core) -> None:
    assert recurring(asked(core, 6)) == tuple(sorted(TOPICS))
    assert recurring(asked(core, 6, persons=1)) == ()


def test_memory_finds_in_new_questions_what_people_wanted_in_old_ones(core: Core) -> None:
    known = lesson_of(core, asked(core, 36), asked(core, 12, first=36))

    trial = memory.evaluate(memory.fit(known), known)

    assert trial.challenger.mean() > trial.champion.mean() + 0.1
    assert trial.seen.shape == (12,)


def test_the_memory_that_is_judged_has_not_seen_the_questions_it_is_judged_by(core: Core) -> None:
    known = lesson_of(core, asked(core, 33), asked(core, 6, first=33))

    learned = QuestionMemory.of(memory.fit(known))

    assert (len(learned.questions), len(learned.judged.questions)) == (39, 33)


def test_the_same_lesson_gives_the_same_memory_and_the_same_adapter(core: Core) -> None:
    known = lesson_of(core, asked(core, 30))

    for learner in (memory, adapter, priors):
        assert learner.export(learner.fit(known)) == learner.export(learner.fit(known))


def test_memory_keeps_no_words_of_a_question(core: Core) -> None:
    made = memory.fit(lesson_of(core, asked(core, 30)))

    assert "laptop" not in str(made)
    assert "case7" not in str(made)


def test_memory_waits_until_enough_is_wanted_again(core: Core) -> None:
    assert memory.enough(lesson_of(core, asked(core, 29)))[0] is False
    assert memory.enough(lesson_of(core, asked(core, 30)))[0] is True


def test_an_adapter_brings_questions_nearer_to_what_they_want(core: Core) -> None:
    made = QueryAdapter.of({**adapter.fit(lesson_of(core, asked(core, 60))), "share": 1.0})
    question, page = core.encoder.encode(["my laptop charger", "the service department repairs devices at the counter"])

    assert made.turned(question) @ page > question @ page + 0.05


def test_an_adapter_that_does_not_help_new_questions_takes_no_share(core: Core) -> None:
    rng = np.random.default_rng(1)
    shuffled = rng.permutation(sorted(TOPICS) * 20)
    groups = [replace(one, wanted={str(wanted): 3.0}) for one, wanted in zip(asked(core, 60), shuffled, strict=True)]

    share = adapter.fit(lesson_of(core, groups))["share"]

    assert isinstance(share, float)
    assert share < 0.5


def test_an_adapter_waits_for_a_hundred_questions(core: Core) -> None:
    assert adapter.enough(lesson_of(core, asked(core, 99)))[0] is False
    assert adapter.enough(lesson_of(core, asked(core, 100)))[0] is True


def test_a_passage_that_people_refuse_is_worth_less_than_one_they_like(core: Core) -> None:
    groups = [
        replace(one, candidates=tuple(replace(candidate, judged=True) for candidate in one.candidates))
        for one in asked(core, 30)
    ]

    worth = priors.fit(lesson_of(core, groups))["passages"]

    assert isinstance(worth, dict)
    assert worth["desk.md:0"] > 0 > worth["other.md:0"]


def test_a_setting_follows_the_best_option_with_many_questions_and_lies_between_with_few() -> None:
    gains = np.array([0.70, 0.72])

    assert settled((0.0, 1.0), gains, 10) == pytest.approx(0.55, abs=0.01)
    assert settled((0.0, 1.0), gains, 1_000) == pytest.approx(1.0)
