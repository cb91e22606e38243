"""What not everybody may read teaches nothing that answers everybody."""

from dataclasses import replace
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, suggest
from flywheel.curation.private import REASON, PublicPart, may_be_quoted, public_part, quotable
from flywheel.model import Audience, Question, Signal, SignalKind, Surface
from flywheel.signals.record import record
from flywheel.store import documents, expertise, ledger, questions
from tests.parts import MOMENT, answered, know, make_core


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with a public handbook and a page that only channel C3 may read."""
    made = make_core(tmp_path)
    know(made, "vpn.md", "Install the client.", "Ask for a token.")
    know(made, "salary.md", "The CANARY band is ninety thousand.", access=["channel:C3"])
    return made


def asked(core: Core, answer_id: str, *cites: str, lists: tuple[str, ...] = (), readers: str = "channel:C3") -> None:
    """Store an answer that cites and lists passages, in a channel, with a yes to it."""
    answered(core, answer_id, cites=[*cites, *lists], readers=["public", readers])
    said(core, answer_id, SignalKind.THUMBS_UP)


def said(core: Core, answer_id: str, kind: SignalKind, **detail: str) -> None:
    record(core, Signal(f"{kind} {answer_id} {detail}", answer_id, kind, "U1", MOMENT, detail))


def public(core: Core) -> PublicPart:
    with core.database.read() as db:
        return public_part(db, ledger.read(db))


def remove(core: Core, document_id: str) -> None:
    with core.database.begin() as db:
        documents.remove(db, [document_id], version=documents.advance_corpus(db))


def test_what_everybody_may_read_stays_as_it_is(core: Core) -> None:
    asked(core, "a1", "vpn.md:0")

    with core.database.read() as db:
        assert public(core) == PublicPart(ledger.read(db), {})


def test_an_answer_from_private_material_goes_with_what_was_done_about_it(core: Core) -> None:
    asked(core, "a1", "vpn.md:0", "salary.md:0")
    found = public(core)

    assert (found.ledger.exchanges, found.ledger.signals, found.left_out) == ((), (), {REASON: 1})


def test_a_private_passage_goes_from_the_shortlist_of_a_public_answer(core: Core) -> None:
    asked(core, "a1", "vpn.md:0")
    everything = whole(core)
    [one] = everything.exchanges
    listed = replace(one.shortlist[0], rank=2, passage_id="salary.md:0", external_id="salary.md", shown=False)
    everything = replace(everything, exchanges=(replace(one, shortlist=(*one.shortlist, listed)),))

    with core.database.read() as db:
        [kept] = public_part(db, everything).ledger.exchanges
    assert [row.passage_id for row in kept.shortlist] == ["vpn.md:0"]


def whole(core: Core) -> ledger.Ledger:
    with core.database.read() as db:
        return ledger.read(db)


def test_an_act_that_names_a_private_passage_goes(core: Core) -> None:
    asked(core, "a1", "vpn.md:0")
    said(core, "a1", SignalKind.CITATION_UP, passage_id="salary.md:0", external_id="salary.md")
    found = public(core)

    assert [one.kind for one in found.ledger.signals] == [SignalKind.THUMBS_UP]
    assert (found.ledger.known, found.ledger.first_passages, found.left_out) == (frozenset(), {}, {REASON: 1})


def test_a_correction_that_names_a_private_source_goes(core: Core) -> None:
    asked(core, "a1", "vpn.md:0")
    suggest(core, Suggestion("s", "a1", "U1", "Ninety thousand.", "salary.md"))

    assert public(core).ledger.corrections == ()


def test_no_byte_of_private_material_is_left_in_what_may_teach(core: Core) -> None:
    asked(core, "a1", "vpn.md:0", lists=("salary.md:0",))
    answered(core, "a2", question="What is the CANARY band?", cites=["salary.md:0"], text="CANARY [1]")
    said(core, "a2", SignalKind.CITATION_UP, external_id="salary.md", passage_id="salary.md:0")
    suggest(core, Suggestion("s", "a2", "U1", "CANARY.", "salary.md"))

    told = str(public(core).ledger)

    assert ("CANARY" in told, "salary" in told) == (False, False)


def test_a_passage_that_is_gone_goes_by_its_document(core: Core) -> None:
    asked(core, "a1", "salary.md:7")
    asked(core, "a2", "vpn.md:7")

    assert [one.answer.id for one in public(core).ledger.exchanges] == ["a2"]


@pytest.mark.parametrize(("readers", "stays"), [("public", True), ("channel:C3", False)])
def test_where_the_document_is_gone_too_only_an_answer_to_everybody_was_public(
    core: Core, readers: str, *, stays: bool
) -> None:
    asked(core, "a1", "vpn.md:0", readers=readers)
    remove(core, "d-vpn.md")

    assert bool(public(core).ledger.exchanges) is stays


def test_what_was_public_and_is_closed_teaches_no_more(core: Core) -> None:
    asked(core, "a1", "vpn.md:0", readers="public")
    know(core, "vpn.md", "Install the client.", "Ask for a token.", access=["channel:C3"])

    assert public(core).ledger.exchanges == ()


@pytest.mark.parametrize(
    ("labels", "quoted"),
    [
        (["public"], True),
        (["public", "channel:C1"], True),
        (["public", "channel:C3"], False),
        (["public", "user:U1", "channel:C1"], False),
    ],
)
def test_a_question_may_be_quoted_where_all_can_look(core: Core, labels: list[str], *, quoted: bool) -> None:
    question = Question("q", "Why?", "U1", Surface.MENTION, MOMENT, Audience(frozenset(labels)))

    assert may_be_quoted(question, {"C1"}) is quoted


def test_open_channels_are_those_that_slack_names(core: Core) -> None:
    asked(core, "a1", "vpn.md:0", readers="channel:C1")
    asked(core, "a2", "vpn.md:0", readers="channel:C3")
    with core.database.begin() as db:
        expertise.put_open_channels(db, ["C1"])

    with core.database.read() as db:
        found = quotable(db, [one.question for one in ledger.read(db).exchanges])
    assert found == {"q-a1"}


def test_what_somebody_asked_who_may_read_nothing_any_more_is_not_quoted(core: Core) -> None:
    answered(core, "a1", cites=["vpn.md:0"], readers=["public", "user:U1"])
    with core.database.begin() as db:
        questions.narrow(db, "q-a1", Audience(frozenset()))

    with core.database.read() as db:
        assert quotable(db, [one.question for one in ledger.read(db).exchanges]) == frozenset()
