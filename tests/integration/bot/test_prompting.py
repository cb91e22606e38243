"""Which questions are suggested, and to whom."""

import pytest

from bot.prompting import FIXED, MOST, prompts
from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.model import Answer, Audience, Signal, SignalKind, Surface
from flywheel.signals.record import record, signal_key
from flywheel.store import expertise, profiles, questions
from flywheel.store.profiles import Profile
from tests.parts import know

OPEN = "C1"
MEMBER = Audience(frozenset({"public", "user:U2", "channel:C1"}))
GUEST = Audience(frozenset({"guests", "user:U4"}))
VPN = "How do I get on the VPN?"


@pytest.fixture(autouse=True)
def known(core: Core) -> None:
    with core.database.begin() as db:
        expertise.put_open_channels(db, [OPEN])
        profiles.put(db, Profile("U7", "Office Bond"), core.now())
        profiles.put(db, Profile("U8", "Portal Smith"), core.now())


def asked(core: Core, text: str, *, surface: Surface = Surface.MENTION, labels: str = "", by: str = "U2") -> Answer:
    own = frozenset({"public", f"channel:{OPEN}", *labels.split()})
    name = f"q:{by}:{text}:{surface.value}"[:60]
    return ask(core, Asking(text, by, surface, Audience(own), name, channel=OPEN, message_ts="1.0"))


def vote(core: Core, answer: Answer, kind: SignalKind, by: str = "U3") -> None:
    record(core, Signal(signal_key(kind, answer.id, by, "1"), answer.id, kind, by, core.now()))


def suggested(core: Core, audience: Audience = MEMBER) -> list[str]:
    with core.database.read() as db:
        return [one.message for one in prompts(db, audience, core.now())]


def test_what_helped_comes_first(core: Core) -> None:
    vote(core, asked(core, VPN), SignalKind.THUMBS_UP)

    assert suggested(core)[0] == VPN


def test_what_several_people_asked_is_popular_without_a_vote(core: Core) -> None:
    asked(core, VPN, by="U2")
    asked(core, VPN, by="U3")

    assert suggested(core)[0] == VPN


def test_what_did_not_help_is_not_suggested(core: Core) -> None:
    vote(core, asked(core, VPN), SignalKind.THUMBS_DOWN)

    assert VPN not in suggested(core)


@pytest.mark.parametrize("surface", [Surface.DIRECT, Surface.COMMAND, Surface.SHORTCUT, Surface.GROUP, Surface.API])
def test_what_was_asked_in_private_is_never_suggested(core: Core, surface: Surface) -> None:
    vote(core, asked(core, VPN, surface=surface), SignalKind.THUMBS_UP)

    assert VPN not in suggested(core)


def test_what_was_asked_before_fewer_readers_is_never_suggested(core: Core) -> None:
    vote(core, asked(core, VPN, labels="channel:C3"), SignalKind.THUMBS_UP)

    assert VPN not in suggested(core)


def test_guests_see_nothing_of_what_the_company_asks(core: Core) -> None:
    know(core, "vpn.md", "To get on the VPN, install the Office-2 profile.", access=("public", "guests"))
    vote(core, asked(core, VPN), SignalKind.THUMBS_UP)

    assert VPN in suggested(core)
    assert suggested(core, GUEST) == [one.message for one in FIXED]


def test_a_question_whose_source_one_may_not_read_any_more_is_not_suggested(core: Core) -> None:
    vote(core, asked(core, VPN), SignalKind.THUMBS_UP)
    know(core, "vpn.md", "To get on the VPN, install the Office-2 profile from the self service portal.", access=("x",))

    assert VPN not in suggested(core)


@pytest.mark.parametrize(
    "text", ["Where is the Office-2 profile for the VPN in the Portal?", "How does office bond get on the VPN?"]
)
def test_a_question_that_names_somebody_is_not_suggested(core: Core, text: str) -> None:
    vote(core, asked(core, text), SignalKind.THUMBS_UP)

    assert text not in suggested(core)


def test_a_deleted_question_is_not_suggested(core: Core) -> None:
    answer = asked(core, VPN)
    vote(core, answer, SignalKind.THUMBS_UP)
    with core.database.begin() as db:
        questions.mark_deleted(db, answer.question_id, core.now())

    assert VPN not in suggested(core)


def test_there_are_never_too_many_nor_two_alike(core: Core) -> None:
    for text in (VPN, "how do I get on the VPN", "When is lunch served?", "How to get on the VPN?"):
        vote(core, asked(core, text), SignalKind.THUMBS_UP)

    assert len(suggested(core)) <= MOST
    assert len([one for one in suggested(core) if "VPN" in one]) == 1
