"""Whom to ask for help: on call, near the topic, in charge; and who is never asked."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.answering.whom import IN_CHARGE, MOST_A_DAY, ON_CALL, Candidate, Wanted, choose
from flywheel.channels import ChannelSettings
from flywheel.core import Core
from flywheel.model import Audience
from flywheel.ports import Reach
from flywheel.store import answers, channels, escalations, profiles, questions
from flywheel.store.escalations import Escalation, EscalationState
from flywheel.store.profiles import Profile
from tests.parts import MOMENT, FixedDirectory, answered, know, make_core

HERE = FixedDirectory(members={"C1": frozenset({"U2", "U3", "U9"})}, private=frozenset({"C7"}))


@pytest.fixture
def core(tmp_path: Path) -> Core:
    core = make_core(tmp_path, directory=HERE)
    know(core, "vpn.md", "To get on the VPN, install the Office-2 profile.", owner="U3")
    answered(core, "a1", cites=("vpn.md:0",))
    return core


def wanted(core: Core, channel: str | None = "C1", out: frozenset[str] = frozenset()) -> Wanted:
    with core.database.read() as db:
        answer = answers.find(db, "a1")
        question = questions.find(db, answer.question_id) if answer else None
    assert answer is not None
    assert question is not None
    question = replace(question, text="how do I get on the VPN?", standalone="", person="U2")
    return Wanted(answer, question, Audience.everyone(), channel, out, lambda: ("U9",))


def on_call(core: Core, *people: str) -> None:
    with core.database.begin() as db:
        channels.put(db, ChannelSettings("C1", experts=people), "U9", MOMENT)


def ask_often(core: Core, expert: str, times: int) -> None:
    """Have somebody been asked so often an hour ago."""
    with core.database.begin() as db:
        for n in range(times):
            one = Escalation(f"e{n}", f"a{n}", f"q{n}", "U2", "U2", expert, "?", core.now() - timedelta(hours=1))
            escalations.put(db, replace(one, state=EscalationState.CLOSED))


def person(found: Candidate | None) -> str:
    return found.person if found else ""


def test_who_owns_what_was_found_is_asked(core: Core) -> None:
    assert person(choose(core, wanted(core))) == "U3"


def test_who_is_on_call_comes_first(core: Core) -> None:
    on_call(core, "U9")

    found = choose(core, wanted(core))
    assert found == Candidate("U9", ON_CALL, in_thread=True)


def test_the_asker_is_not_asked_though_on_call(core: Core) -> None:
    on_call(core, "U2")

    assert person(choose(core, wanted(core))) == "U3"


def test_who_is_left_out_makes_room_for_those_in_charge(core: Core) -> None:
    assert choose(core, wanted(core, out=frozenset({"U3"}))) == Candidate("U9", IN_CHARGE, in_thread=True)


def test_the_deactivated_are_not_asked(core: Core) -> None:
    gone = replace(core, directory=replace(HERE, gone=frozenset({"U3", "U9"})))

    assert choose(gone, wanted(gone)) is None


def test_who_was_asked_often_today_makes_room_for_the_next(core: Core) -> None:
    ask_often(core, "U3", MOST_A_DAY)

    assert person(choose(core, wanted(core))) == "U9"


def test_one_request_less_than_the_most_leaves_room_for_one(core: Core) -> None:
    ask_often(core, "U3", MOST_A_DAY - 1)

    assert person(choose(core, wanted(core))) == "U3"


def test_the_hidden_are_not_asked(core: Core) -> None:
    on_call(core, "U3")
    with core.database.begin() as db:
        profiles.hide(db, "U3", MOMENT, hidden=True)

    assert person(choose(core, wanted(core))) == "U9"


def test_who_is_not_in_a_public_channel_is_asked_alone(core: Core) -> None:
    assert choose(core, wanted(core, "C5")) == Candidate("U3", "owns “vpn”", in_thread=False)


def test_nobody_outside_a_private_channel_is_asked(core: Core) -> None:
    assert choose(core, wanted(core, "C7")) is None


def test_guests_hear_of_their_own_channels_alone(core: Core) -> None:
    guests = replace(core, directory=replace(HERE, guests=frozenset({"U3"})))

    assert person(choose(guests, wanted(guests, "C5"))) == "U9"


def test_who_is_no_known_person_is_not_written_to(core: Core) -> None:
    with core.database.begin() as db:
        profiles.put(db, Profile("U9", "Ida"), MOMENT)

    assert person(choose(core, wanted(core, None))) == "U9"


class _Shared(FixedDirectory):
    """A workspace whose channels are all shared with another organisation, or not shown."""

    def reach_of(self, channel: str) -> Reach:
        return Reach.OUTSIDE


def test_nobody_outside_a_shared_channel_is_asked_for_it_may_be_private(core: Core) -> None:
    shared = replace(core, directory=_Shared(members={"C1": frozenset({"U2"})}))

    assert choose(shared, wanted(shared)) is None
