"""A question looked up again where a person says."""

from dataclasses import replace

import pytest

from flywheel.answering.again import again
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.errors import NotFound
from flywheel.model import Audience, Retriever
from flywheel.store import answers, questions
from tests.integration.answering.test_ask import FINANCE, SESSIONS, asking
from tests.parts import FixedDirectory


def test_looking_where_nothing_is_finds_nothing_and_says_where(core: Core) -> None:
    answer = again(core, ask(core, asking(SESSIONS)).id, Retriever.TABLES, "U2")

    assert answer.abstained
    assert "the tables you can read" in answer.text


def test_the_choice_is_kept_with_the_new_answer_and_the_old_one_stays(core: Core) -> None:
    first = ask(core, asking(SESSIONS))

    second = again(core, first.id, Retriever.DOCUMENTS, "U2")

    with core.database.read() as db:
        assert (answers.find(db, first.id), answers.find(db, second.id)) == (first, second)
    assert (second.routing.asked_for, second.routing.searched, second.routing.sure) == (
        "documents",
        ("documents",),
        True,
    )


def test_the_same_choice_twice_is_one_answer(core: Core) -> None:
    first = ask(core, asking(SESSIONS))

    assert again(core, first.id, Retriever.CODE, "U2") == again(core, first.id, Retriever.CODE, "U3")


def test_what_the_asker_may_no_longer_read_is_not_looked_up_for_them(core: Core) -> None:
    first = ask(core, asking("Where does salary band E4 end?", FINANCE))

    second = again(core, first.id, Retriever.DOCUMENTS, "U1")  # nobody is in a channel any more

    assert "118,000" in first.text
    assert "118,000" not in second.text


def test_what_was_found_before_access_was_lost_is_not_shown_again(core: Core) -> None:
    first = ask(core, asking("Where does salary band E4 end?", FINANCE))
    member = replace(core, directory=FixedDirectory({"U1": frozenset({"C_FIN"})}))

    before = again(member, first.id, Retriever.DOCUMENTS, "U1")
    after = again(core, first.id, Retriever.DOCUMENTS, "U1")

    assert "118,000" in before.text
    assert "118,000" not in after.text


def test_who_asks_for_people_gets_people_or_nothing(core: Core) -> None:
    answer = again(core, ask(core, asking("How long may meals in Norway cost per day?")).id, Retriever.PEOPLE, "U2")

    assert answer.abstained
    assert "what is known about who does what" in answer.text


def test_a_deleted_question_is_not_asked_again(core: Core) -> None:
    first = ask(core, asking(SESSIONS, Audience.everyone()))
    with core.database.begin() as db:
        questions.mark_deleted(db, first.question_id, core.now())

    with pytest.raises(NotFound):
        again(core, first.id, Retriever.DOCUMENTS, "U1")
