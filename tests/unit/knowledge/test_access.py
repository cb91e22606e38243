"""Who holds which labels: members, guests, the deactivated, and channels of all of them."""

import pytest

from flywheel.knowledge.access import MOST_COMPARED, audience_of, common, covers
from flywheel.model import Audience
from flywheel.ports import Reach
from tests.parts import FixedDirectory

FINANCE, PROJECT = "C_FIN", "C_PROJ"


def company(**more: object) -> FixedDirectory:
    """Return a company: Ana and Ben are in finance and in a project, Gus the guest in the project alone."""
    both = frozenset({FINANCE, PROJECT})
    parts: dict[str, object] = {
        "channels": {"UANA": both, "UBEN": both, "UGUS": frozenset({PROJECT})},
        "members": {FINANCE: frozenset({"UANA", "UBEN"}), PROJECT: frozenset({"UANA", "UBEN", "UGUS"})},
        "guests": frozenset({"UGUS"}),
        "private": both,
    }
    return FixedDirectory(**(parts | more))  # type: ignore[arg-type]


def labels(directory: FixedDirectory, person: str | None, channel: str | None) -> set[str]:
    return set(audience_of(directory, person, channel).labels)


def test_a_member_alone_holds_what_is_public_and_their_channels() -> None:
    assert labels(company(), "UANA", None) == {"public", "user:UANA", "channel:C_FIN", "channel:C_PROJ"}


def test_a_direct_message_is_read_by_the_asker_alone() -> None:
    assert labels(company(), "UANA", "D1") == labels(company(), "UANA", None)


def test_a_guest_holds_what_is_for_guests_and_not_what_is_public() -> None:
    assert labels(company(), "UGUS", None) == {"guests", "user:UGUS", "channel:C_PROJ"}


def test_a_deactivated_person_holds_nothing() -> None:
    assert labels(company(gone=frozenset({"UANA"})), "UANA", None) == set()


def test_a_channel_with_a_guest_holds_nothing_public() -> None:
    assert labels(company(), "UANA", PROJECT) == {"guests", "channel:C_PROJ"}


def test_a_channel_holds_the_other_channels_of_all_its_members() -> None:
    assert labels(company(), "UANA", FINANCE) == {"public", "channel:C_FIN", "channel:C_PROJ"}


def test_a_public_channel_holds_nothing_narrower_than_itself() -> None:
    assert labels(company(private=frozenset()), "UANA", FINANCE) == {"public", "channel:C_FIN"}


def test_one_person_alone_with_the_bot_is_told_what_they_may_read() -> None:
    alone = company(members={FINANCE: frozenset({"UANA"})})

    assert "user:UANA" in labels(alone, "UANA", FINANCE)


def test_two_people_are_not_told_what_one_may_read() -> None:
    assert not any(one.startswith("user:") for one in labels(company(), "UANA", FINANCE))


def test_a_deactivated_member_takes_nothing_from_a_channel() -> None:
    assert "public" in labels(company(gone=frozenset({"UGUS"}), guests=frozenset()), "UANA", PROJECT)


def test_a_large_channel_holds_its_own_label_alone() -> None:
    many = frozenset(f"U{number}" for number in range(MOST_COMPARED + 1))
    large = company(members={FINANCE: many}, channels=dict.fromkeys(many, frozenset({FINANCE, PROJECT})))

    assert labels(large, "U1", FINANCE) == {"public", "channel:C_FIN"}


def test_one_guest_among_many_closes_what_is_public() -> None:
    many = frozenset({"UGUS", *(f"U{number}" for number in range(1_000))})

    assert labels(company(members={FINANCE: many}), "U1", FINANCE) == {"guests", "channel:C_FIN"}


def test_a_shared_channel_has_guests_even_where_none_is_listed() -> None:
    class Shared(FixedDirectory):
        def reach_of(self, channel: str) -> Reach:
            return Reach.OUTSIDE

    shared = Shared(members={FINANCE: frozenset({"UANA"})}, channels={"UANA": frozenset({FINANCE})})

    assert labels(shared, "UANA", FINANCE) == {"guests", "channel:C_FIN"}


def test_a_channel_that_nobody_lists_holds_its_label_and_what_is_public() -> None:
    assert labels(company(), "UANA", "C_OTHER") == {"public", "channel:C_OTHER"}


def test_nobody_in_particular_holds_what_is_public() -> None:
    assert labels(company(), None, None) == {"public"}


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({"public"}, {"guests"}, {"guests"}),
        ({"public", "channel:C1"}, {"public"}, {"public"}),
        ({"guests", "channel:C1"}, {"guests", "channel:C1"}, {"guests", "channel:C1"}),
        ({"public", "user:U1"}, {"guests", "user:U2"}, {"guests"}),
        ({"public"}, set(), set()),
        ({"guests"}, {"channel:C1"}, set()),
    ],
)
def test_what_two_audiences_have_in_common(one: set[str], other: set[str], both: set[str]) -> None:
    assert common(Audience(frozenset(one)), Audience(frozenset(other))).labels == both


def test_members_may_read_what_guests_may() -> None:
    assert covers(Audience(frozenset({"public"})), Audience(frozenset({"guests"})))
    assert not covers(Audience(frozenset({"guests"})), Audience(frozenset({"public"})))
