"""An approved answer expires when what supported it changes, and a reviewer decides what becomes of it."""

from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation import expiry
from flywheel.curation.corrections import Suggestion, approve, suggest
from flywheel.errors import NotAllowed
from flywheel.model import Audience, Retriever
from flywheel.retrieval.search import shortlist
from flywheel.store import documents
from flywheel.store.support import supporting
from tests.parts import answered, know, make_core

QUESTION = "When is the salary paid?"


@pytest.fixture
def core(tmp_path: Path) -> Core:
    made = make_core(tmp_path, admins=frozenset({"U9"}))
    know(made, "pay.md", "The salary is paid on the 25th.")
    rewrite(made, "The salary of staff is paid on the 24th. Interns are paid in cash.")
    return made


def rewrite(core: Core, *texts: str, access: tuple[str, ...] = ("public",)) -> None:
    """Index the source anew: changed words make passages of another name."""
    remove(core)
    know(core, f"dates{sum(map(ord, texts[0]))}.md", *texts, owner="U3", access=access)


def remove(core: Core) -> None:
    with core.database.begin() as db:
        ids = [one for one, name in documents.in_source(db, "tests") if name.startswith("dates")]
        documents.remove(db, ids, version=documents.advance_corpus(db))


def source(core: Core) -> str:
    with core.database.read() as db:
        return next(name for _, name in documents.in_source(db, "tests") if name.startswith("dates"))


def verify(core: Core, *, named: bool = True) -> str:
    """Correct an answer that cites pay.md, naming the other document as source; return the verified answer's id."""
    answer = answered(core, question=QUESTION, cites=["pay.md:0"])
    suggestion = Suggestion("k", answer, "U1", "Staff salary is paid on the 24th.", source(core) if named else None)
    return approve(core, suggest(core, suggestion).id, "U9").id


def serves(core: Core) -> bool:
    hits = shortlist(core, QUESTION, Audience.everyone()).hits
    return any(hit.retriever is Retriever.ANSWERS for hit in hits)


def test_it_serves_while_its_source_says_the_same(core: Core) -> None:
    verify(core)

    assert serves(core)
    assert expiry.expire(core) == []


def test_it_serves_no_more_from_the_moment_its_support_changes(core: Core) -> None:
    verify(core)
    rewrite(core, "The salary of staff is paid on the 20th. Interns are paid in cash.")

    assert not serves(core)


def test_it_serves_on_when_something_else_in_its_source_changes(core: Core) -> None:
    answer = answered(core, question=QUESTION, cites=["pay.md:0"])
    know(core, "plan.md", "The salary of staff is paid on the 24th.", "Lunch is at noon.")
    approve(core, suggest(core, Suggestion("k", answer, "U1", "Staff salary is paid on the 24th.", "plan.md")).id, "U9")
    know(core, "plan.md", "Lunch is at one. The salary of staff is paid on the 24th.")  # one passage fewer

    assert serves(core)


def test_a_change_of_what_it_corrected_is_what_its_author_wanted(core: Core) -> None:
    verify(core, named=False)
    with core.database.begin() as db:
        documents.remove(db, ["d-pay.md"], version=documents.advance_corpus(db))

    assert serves(core)
    assert expiry.expire(core) == []


def test_an_expired_answer_waits_for_a_decision(core: Core) -> None:
    made = verify(core)
    remove(core)

    assert [one.id for one in expiry.expire(core)] == [made]
    assert [one.id for one in expiry.waiting(core)] == [made]
    assert expiry.expire(core) == []


def test_the_owner_of_the_source_and_the_approver_answer_for_it(core: Core) -> None:
    made = verify(core)

    assert expiry.owners(core, made) == {"U3", "U9"}


def test_a_kept_answer_serves_again(core: Core) -> None:
    made = verify(core)
    remove(core)
    expiry.expire(core)

    assert expiry.keep(core, made, "U9")
    assert serves(core)
    assert expiry.waiting(core) == []


def test_a_dropped_answer_is_gone_for_good(core: Core) -> None:
    made = verify(core)
    remove(core)
    expiry.expire(core)

    assert expiry.drop(core, made, "U9")
    assert (serves(core), expiry.waiting(core), expiry.expire(core)) == (False, [], [])


def test_the_first_decision_stands(core: Core) -> None:
    made = verify(core)
    remove(core)
    expiry.expire(core)
    expiry.drop(core, made, "U9")

    assert not expiry.keep(core, made, "U9")
    assert not serves(core)


def test_a_stranger_decides_nothing(core: Core) -> None:
    made = verify(core)
    remove(core)
    expiry.expire(core)

    with pytest.raises(NotAllowed):
        expiry.keep(core, made, "U5")


def test_what_supports_an_answer_are_the_sentences_nearest_to_it() -> None:
    texts = ["The staff salary is paid on the 24th. Interns are paid in cash.\nAsk Bo."]

    assert supporting("Staff salary: the 24th.", texts) == ["The staff salary is paid on the 24th."]


def test_an_answer_in_other_words_rests_on_the_whole_source() -> None:
    assert supporting("At noon.", ["Lunch is at twelve.", "Dinner is at six."]) == [
        "Lunch is at twelve.",
        "Dinner is at six.",
    ]
