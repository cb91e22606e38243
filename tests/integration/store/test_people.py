"""What is stored about a person, out or gone; nobody else's rows are touched."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from flywheel.core import Core
from flywheel.holdings import Author
from flywheel.model import Hit, Retriever, Signal, SignalKind
from flywheel.store import (
    answers,
    authors,
    corrections,
    documents,
    members,
    people,
    profiles,
    questions,
    signals,
    verified,
)
from flywheel.store.database import Database
from flywheel.store.profiles import Profile
from tests.integration.store.test_corrections import PENDING
from tests.integration.store.test_verified import ENCODER, ONE, VECTOR
from tests.parts import MOMENT, answered, know, make_core

HERS, HIS = "a-hers", "a-his"


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    """Return a core where U1 and U2 asked, voted on each other's answers, and more."""
    made = make_core(tmp_path, database=database)
    know(made, "vpn.md", "Install the client.", access=["user:U1", "user:U2"], owner="U1")
    answered(made, HERS, person="U1", cites=["vpn.md:0"])
    answered(made, HIS, person="U2", cites=["vpn.md:0"])
    with database.begin() as db:
        for person, answer_id in (("U1", HERS), ("U1", HIS), ("U2", HERS), ("U2", HIS)):
            key = f"{person} {answer_id}"
            signals.put(db, Signal(key, answer_id, SignalKind.THUMBS_UP, person, MOMENT))
        corrections.put(db, replace(PENDING, answer_id=HIS))
        corrections.put(db, replace(PENDING, id="c2", answer_id=HERS, person="U2"))
        verified.put(db, ONE, ENCODER.name, VECTOR)
        members.put(db, "C1", "U1", MOMENT)
        profiles.put(db, Profile("U1", "Ana Alvarez", "Head of IT", "ana@x.example"), MOMENT)
        wrote = [("Ana Alvarez", ""), ("ana", "ana@x.example"), ("Bo", "bo@x.example")]
        authors.replace(db, ["d-vpn.md"], [Author("d-vpn.md", name, 1, address) for name, address in wrote])
    return made


def sizes(core: Core, person: str) -> Mapping[str, int]:
    with core.database.read() as db:
        return {name: len(rows) for name, rows in people.everything_of(db, person).items()}


def forget(core: Core, person: str) -> None:
    with core.database.begin() as db:
        people.forget(db, person)


def test_everything_of_a_person_is_counted_by_table(core: Core) -> None:
    assert sizes(core, "U1") == {
        "questions": 1, "answers": 1, "signals": 2, "corrections": 1, "verified_answers": 1, "memberships": 1,
        "standing": 0, "profile": 1, "authored": 2, "owned": 1, "named": 0, "credit": 0, "labels": 0, "trust": 0,
        "reviewed": 0, "judgements": 0, "review_verdicts": 0, "thresholds": 0, "exposures": 0, "said": 0,
        "escalations": 0, "on_call": 0, "channel_settings": 0, "workspace_settings": 0,
    }  # fmt: skip


def test_a_stranger_has_nothing(core: Core) -> None:
    assert set(sizes(core, "U7").values()) == {0}


def test_what_comes_out_has_no_vectors(core: Core) -> None:
    with core.database.read() as db:
        [row] = people.everything_of(db, "U1")["verified_answers"]

    assert (row["text"], "vector" in row) == ("Use client 5.", False)


def test_nothing_of_a_forgotten_person_is_left(core: Core) -> None:
    forget(core, "U1")

    assert set(sizes(core, "U1").values()) == {0}


def test_their_answers_go_with_all_that_hung_on_them(core: Core) -> None:
    forget(core, "U1")

    with core.database.read() as db:
        assert questions.find(db, f"q-{HERS}") is None
        assert (answers.citations(db, HERS), answers.shortlist_of(db, HERS)) == ((), ())
        assert (signals.of_answer(db, HERS), corrections.of_answer(db, HERS)) == ([], [])


def test_what_others_asked_and_did_stays(core: Core) -> None:
    forget(core, "U1")

    with core.database.read() as db:
        assert [one.person for one in signals.of_answer(db, HIS)] == ["U2"]
        assert len(answers.citations(db, HIS)) == len(answers.shortlist_of(db, HIS)) == 1


def test_their_documents_stay_without_their_name(core: Core) -> None:
    forget(core, "U1")

    with core.database.read() as db:
        assert documents.owners_of(db, ["vpn.md:0"]) == {}
        assert db.execute(text("SELECT label FROM document_access")).scalars().all() == ["user:U2"]


def test_their_name_is_taken_out_of_what_others_were_told(core: Core) -> None:
    answered(core, "a-told", person="U2", text="You could ask U1, or U12.", trace=("Approved by U1 on 2026-11-18.",))

    forget(core, "U1")

    with core.database.read() as db:
        told = answers.find(db, "a-told")
    assert told is not None
    assert told.text == "You could ask somebody who is gone, or U12."
    assert told.trace == ("Approved by somebody who is gone on 2026-11-18.",)


@pytest.mark.parametrize(
    ("job_id", "body", "stays"),
    [
        ("mine", '{"user": "U1"}', False),
        ("nested", '{"event": {"blocks": [{"user": "U1"}]}}', False),
        ("longer", '{"user": "U12"}', True),
        ("his", '{"user": "U2"}', True),
    ],
)
def test_jobs_that_name_them_go(core: Core, job_id: str, body: str, *, stays: bool) -> None:
    insert = text(
        "INSERT INTO job (id, kind, body, state, priority, attempts, run_at, fence, sending, result, created_at) "
        "VALUES (:id, 'answer', :body, 'done', 0, 1, :at, 1, :no, '{}', :at)"
    )
    with core.database.begin() as db:
        db.execute(insert, {"id": job_id, "body": body, "at": MOMENT, "no": False})

    forget(core, "U1")

    with core.database.read() as db:
        assert bool(db.execute(text("SELECT id FROM job")).all()) is stays


def test_a_message_to_others_that_names_them_stays_without_the_name(core: Core) -> None:
    insert = text(
        "INSERT INTO job (id, kind, body, state, priority, attempts, run_at, fence, sending, result, created_at) "
        "VALUES ('post', 'post', :body, 'done', 0, 1, :at, 1, :no, '{}', :at)"
    )
    body = '{"blocks": [{"text": "Ask <@U1> or <@U12>."}, {"n": 1}]}'
    with core.database.begin() as db:
        db.execute(insert, {"body": body, "at": MOMENT, "no": False})

    forget(core, "U1")

    with core.database.read() as db:
        kept = str(db.execute(text("SELECT body FROM job")).scalar_one())
    assert "Ask somebody who is gone or <@U12>." in kept


def test_other_authors_of_their_documents_stay(core: Core) -> None:
    forget(core, "U1")

    with core.database.read() as db:
        assert db.execute(text("SELECT name FROM document_author")).scalars().all() == ["Bo"]


@pytest.mark.parametrize("owner", ["ANA ALVAREZ", "Ana@x.example"])
def test_a_document_that_names_its_owner_otherwise_loses_the_name_too(core: Core, owner: str) -> None:
    know(core, "leave.md", "Ask early.", owner=owner)

    forget(core, "U1")

    with core.database.read() as db:
        assert documents.owners_of(db, ["leave.md:0"]) == {}


def test_who_was_found_as_somebody_who_knows_is_found_there_no_more(core: Core) -> None:
    found_as(core, "Ana Alvarez", "U2")

    forget(core, "U1")

    with core.database.read() as db:
        assert [one.external_id for one in answers.shortlist_of(db, "a-who")] == ["U2"]


def found_as(core: Core, *names: str) -> None:
    """Store an answer whose shortlist holds these people."""
    answered(core, "a-first", person="U2")
    with core.database.begin() as db:
        given = answers.find(db, "a-first")
        assert given is not None
        hits = [Hit(f"person:{n}", "", name, name, "", Retriever.PEOPLE, 0.5) for n, name in enumerate(names)]
        answers.put(db, replace(given, id="a-who"), hits)


def test_their_full_name_is_taken_out_but_no_word_that_is_only_like_it(core: Core) -> None:
    with core.database.begin() as db:
        profiles.put(db, Profile("U5", "Will", "", "will@x.example"), MOMENT)
        profiles.put(db, Profile("U6", "Åsa Öberg"), MOMENT)
    answered(core, "a-3", person="U2", trace=("Åsa Öberg knows.",))
    answered(core, "a-1", person="U2", text="Ask Ana Alvarez (ana@x.example).")
    answered(core, "a-2", person="U2", text="Will it work? will@x.example knows.")

    forget(core, "U1")
    forget(core, "U5")
    forget(core, "U6")

    with core.database.read() as db:
        first, second, third = [one for name in ("a-1", "a-2", "a-3") if (one := answers.find(db, name))]
    gone = "somebody who is gone"
    assert (first.text, second.text) == (f"Ask {gone} ({gone}).", f"Will it work? {gone} knows.")
    assert third.trace == (f"{gone} knows.",)
