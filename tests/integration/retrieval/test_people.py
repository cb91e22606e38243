"""Who knows about something: from a real store, for an audience, without those who do not want to be named."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, approve, suggest
from flywheel.holdings import Author
from flywheel.model import PUBLIC, Audience, Hit, Retriever, Signal, SignalKind
from flywheel.retrieval import people
from flywheel.retrieval.features import FEATURES, SCORES
from flywheel.store import authors, expertise, passages, profiles, signals
from flywheel.store.database import Database
from flywheel.store.direct import direct
from flywheel.store.profiles import Profile
from tests.parts import MOMENT, answered, know, make_core

EVERYONE = Audience.everyone()
MEMBERS = Audience(frozenset({PUBLIC, "channel:C1"}))
QUESTION = "Who knows about the VPN?"


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    made = make_core(tmp_path, database=database, admins=frozenset({"U9"}))
    know(made, "vpn.md", "To get on the VPN, install the profile.", owner="U1")
    know(made, "tea.md", "Tea is served at four.", owner="U2")
    return made


def found(core: Core, audience: Audience = EVERYONE, question: str = QUESTION) -> list[Hit]:
    """Return the people found among all passages that the audience may read, all of them near the question."""
    with core.database.read() as db:
        readable = passages.hits(db, sorted(passages.ids(db)), audience)
    hits = [replace(hit, features={"dense": 0.5}) for hit in readable]
    with direct(core.database) as reader:
        return people.nearest(core, reader, question, hits, audience)


def named(core: Core, audience: Audience = EVERYONE, question: str = QUESTION) -> dict[str, str]:
    return {hit.title: hit.text for hit in found(core, audience, question)}


def wrote(core: Core, *made: tuple[str, str, int]) -> None:
    with core.database.begin() as db:
        written = [Author("d-vpn.md", name, changes, address) for name, address, changes in made]
        authors.replace(db, ["d-vpn.md"], written)


def profile(core: Core, *known: Profile) -> None:
    with core.database.begin() as db:
        for one in known:
            profiles.put(db, one, MOMENT)


def hide(core: Core, person: str) -> None:
    with core.database.begin() as db:
        profiles.hide(db, person, MOMENT, hidden=True)


def reply(core: Core, text: str = "Ask for the profile at the IT desk.", readers: Sequence[str] = (PUBLIC,)) -> None:
    answered(core, "a-asked", cites=["vpn.md:0"], person="U5", readers=readers)
    said = Signal("k", "a-asked", SignalKind.HUMAN_REPLY, "U3", MOMENT, {"text": text})
    with core.database.begin() as db:
        signals.put(db, said)


def correct(core: Core, readers: Sequence[str] = (PUBLIC,)) -> None:
    answer = answered(core, "a-wrong", cites=["vpn.md:0"], readers=readers)
    approve(core, suggest(core, Suggestion("k", answer, "U4", "Use profile 5.")).id, "U9")


def test_the_owner_of_a_document_on_the_topic_is_named_and_why(core: Core) -> None:
    assert named(core)["U1"] == "owns “vpn”"


def test_a_topic_in_the_plural_is_the_topic(core: Core) -> None:
    about = "Who knows about certificates?"
    know(core, "certificate-renewal.md", "Each certificate is renewed after ninety days.", owner="U3")

    best = found(core, question=about)[0]

    assert (best.title, best.score > 0.6) == ("U3", True)


def test_the_owner_of_another_document_is_not(core: Core) -> None:
    with core.database.read() as db:
        [tea] = passages.hits(db, ["tea.md:0"], EVERYONE)
    with direct(core.database) as reader:
        assert people.nearest(core, reader, QUESTION, [tea], EVERYONE) == []


def test_a_hit_carries_every_feature(core: Core) -> None:
    [hit] = found(core)[:1]

    assert {*SCORES, *FEATURES, "person_score"} <= hit.features.keys()
    assert (hit.retriever, hit.passage_id, hit.document_id) == (Retriever.PEOPLE, "person:U1", "d-vpn.md")


def test_a_document_is_no_reason_for_those_who_may_not_read_it(core: Core) -> None:
    know(core, "vpn.md", "To get on the VPN, install the profile.", owner="U1", access=["channel:C1"])

    assert ("U1" in named(core), "U1" in named(core, MEMBERS)) == (False, True)


def test_authors_are_known_by_their_address(core: Core) -> None:
    profile(core, Profile("U7", "Ana Alvarez", "", "ana@x.example"))
    wrote(core, ("ana", "ana@x.example", 3), ("Bo Lind", "bo@x.example", 1))

    assert named(core)["U7"] == "wrote 3 of the 4 changes of “vpn”"


def test_an_author_whom_nobody_knows_keeps_the_name(core: Core) -> None:
    wrote(core, ("Bo Lind", "bo@x.example", 4))

    assert "Bo Lind" in named(core)


def test_an_author_who_is_not_in_the_workspace_counts_less(core: Core) -> None:
    wrote(core, ("Bo Lind", "bo@x.example", 4))
    before = {hit.title: hit.score for hit in found(core)}["Bo Lind"]
    profile(core, Profile("U7", "Ana Alvarez"))

    assert {hit.title: hit.score for hit in found(core)}["Bo Lind"] < before


def test_an_author_of_everything_counts_less(core: Core) -> None:
    with core.database.begin() as db:
        made = [Author(document, "Bo Lind", 4) for document in ("d-vpn.md", "d-tea.md")]
        authors.replace(db, ["d-vpn.md", "d-tea.md"], [*made, Author("d-vpn.md", "Cy Ek", 4)])

    scores = {hit.title: hit.score for hit in found(core)}
    assert scores["Bo Lind"] < scores["Cy Ek"]


def test_a_name_that_two_people_have_is_nobodys(core: Core) -> None:
    profile(core, Profile("U7", "Bo Lind"), Profile("U8", "Bo Lind"))
    wrote(core, ("Bo Lind", "", 4))

    assert not {"U7", "U8"} & named(core).keys()


def test_who_wrote_an_approved_answer_is_named(core: Core) -> None:
    correct(core)

    assert named(core)["U4"] == "answered 1 question on “vpn”"


def test_an_approved_answer_near_the_topic_counts_without_its_document(core: Core) -> None:
    answer = answered(core, question="VPN")
    approve(core, suggest(core, Suggestion("k", answer, "U4", "Use profile 5.")).id, "U9")

    assert named(core)["U4"] == "answered 1 question on this"


def test_an_answer_that_the_audience_may_not_read_is_no_reason(core: Core) -> None:
    know(core, "vpn.md", "To get on the VPN, install the profile.", access=["channel:C1"])
    correct(core)

    assert ("U4" in named(core), "U4" in named(core, MEMBERS)) == (False, True)


def test_who_replied_in_public_is_named(core: Core) -> None:
    reply(core)

    assert named(core)["U3"] == "replied to 1 question on “vpn”"


@pytest.mark.parametrize("label", ["user:U5", "channel:C1"])
def test_a_reply_among_a_few_is_no_reason_for_others(core: Core, label: str) -> None:
    reply(core, readers=[PUBLIC, label])

    assert "U3" not in named(core)
    assert "U3" in named(core, Audience(frozenset({PUBLIC, label})))


def test_a_reply_in_a_channel_that_all_can_join_counts_for_everybody(core: Core) -> None:
    reply(core, readers=[PUBLIC, "channel:C1"])
    with core.database.begin() as db:
        expertise.put_open_channels(db, ["C1"])

    assert "U3" in named(core)


@pytest.mark.parametrize("text", ["Thanks a lot!", "Does anybody know whether that still works?"])
def test_thanks_and_questions_are_no_replies(core: Core, text: str) -> None:
    reply(core, text)

    assert "U3" not in named(core)


def test_a_title_in_a_profile_is_a_reason(core: Core) -> None:
    profile(core, Profile("U7", "Ana Alvarez", "VPN engineer"))

    assert named(core)["U7"] == "works as VPN engineer"


def test_a_list_of_owners_names_the_owner_and_not_its_keeper(core: Core) -> None:
    know(core, "list.md", "System: VPN; Owner: Ana Alvarez\nSystem: Tea; Owner: Bo Lind", owner="U6")
    profile(core, Profile("U7", "Ana Alvarez"))

    told = named(core)

    assert told["U7"] == "is the owner according to “list”"
    assert not {"U6", "Bo Lind"} & told.keys()


@pytest.mark.parametrize("person", ["U1", "U3", "U4", "U7"])
def test_who_is_hidden_is_never_named(core: Core, person: str) -> None:
    profile(core, Profile("U7", "Ana Alvarez", "VPN engineer", "ana@x.example"))
    wrote(core, ("ana", "ana@x.example", 3))
    correct(core)
    reply(core)
    assert person in named(core)

    hide(core, person)
    assert person not in named(core)


def test_who_is_hidden_does_not_come_back_by_name(core: Core) -> None:
    profile(core, Profile("U7", "Ana Alvarez"))
    wrote(core, ("Ana Alvarez", "other@x.example", 3))
    hide(core, "U7")

    assert not {"U7", "Ana Alvarez"} & named(core).keys()


def test_there_is_somebody_where_the_audience_reads_an_owned_document(core: Core) -> None:
    with direct(core.database) as reader:
        assert people.present(reader, EVERYONE)


def test_there_is_nobody_in_an_empty_store(database: Database, tmp_path: Path) -> None:
    with direct(make_core(tmp_path, database=database).database) as reader:
        assert not people.present(reader, EVERYONE)
