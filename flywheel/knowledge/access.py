"""Who may read what.

A document carries access labels; an audience holds labels; one in common is enough. The audience of a reply is
everybody who will be able to read it, so in a channel it holds only what all of them hold.

    public        every member of the company
    guests        guests and partners too; who writes it on a document means everybody, so the document is also public
    channel:<id>  the members of a channel
    user:<id>     one person

Surprising: in a public channel nothing narrower than the channel itself is shown, however few are in it: every member
of the company may look in.
"""

from flywheel.core import Core
from flywheel.errors import MembersUnknown
from flywheel.model import PUBLIC, Audience
from flywheel.ports import Directory, Reach, Standing

GUESTS = "guests"
MOST_COMPARED = 20
"""The largest private channel whose members' other channels are compared, a call to Slack for each."""

_COMPANY = frozenset({PUBLIC, GUESTS})
_DIRECT_MESSAGE = "D"


def audience_of(directory: Directory, person: str | None, channel: str | None) -> Audience:
    """Return the audience of a reply to `person`, posted in `channel` or, without one, shown to the person alone.

    Alone (or in a direct message, whose id begins with D), a member of the company holds `public`, `user:<id>` and
    their channels; a guest or a partner holds `guests` in the place of `public`; a deactivated person holds nothing.
    Somebody nobody knows holds `public` and their own label, nobody in particular `public`.

    A channel holds its own label and what all of its members hold. In one of more than `MOST_COMPARED` members only
    `public` or `guests` is looked for: less perhaps, never more. One that is shared with another organisation has
    guests, whoever is listed. One whose members nobody lists (there is no Slack) holds its label and `public`.

    Raises:
        MembersUnknown: Slack cannot say now who would read it.
    """
    if channel is not None and not channel.startswith(_DIRECT_MESSAGE):
        return Audience(_of_channel(directory, channel))
    if person is None:
        return Audience.everyone()
    return Audience(_of_person(directory, person))


def common(one: Audience, other: Audience) -> Audience:
    """Return what two audiences both hold; what is public is no less the guests'."""
    return Audience(_common(one.labels, other.labels))


def covers(outer: Audience, inner: Audience) -> bool:
    """Tell whether `outer` may read all that `inner` may."""
    return common(outer, inner).labels >= inner.labels


def in_office(core: Core) -> frozenset[str]:
    """Return the administrators who are not deactivated; where Slack cannot say whether one is, that one is left out.

    What Slack says is stored, so this has no place inside a unit of work that writes.
    """
    return frozenset(one for one in core.admins if _is_there(core.directory, one))


def _is_there(directory: Directory, person: str) -> bool:
    try:
        return directory.standing_of(person) is not Standing.GONE
    except MembersUnknown:
        return False


def _of_channel(directory: Directory, channel: str) -> frozenset[str]:
    members = directory.members_of(channel)
    own = frozenset({f"channel:{channel}"})
    if members is None:
        return own | {PUBLIC}
    standings = {one: directory.standing_of(one) for one in members}
    readers = [one for one, standing in standings.items() if standing is not Standing.GONE]
    reach = directory.reach_of(channel)
    are_members = all(standings[one] is Standing.MEMBER for one in readers)
    company = PUBLIC if are_members and reach is not Reach.OUTSIDE else GUESTS
    shared: frozenset[str] = frozenset()
    if reach is Reach.NOBODY and 0 < len(readers) <= MOST_COMPARED:
        shared = frozenset.intersection(*(_of_person(directory, one) for one in readers))
    return own | {company} | (shared - _COMPANY)


def _of_person(directory: Directory, person: str) -> frozenset[str]:
    standing = directory.standing_of(person)
    if standing is Standing.GONE:
        return frozenset()
    channels = {f"channel:{one}" for one in directory.channels_of(person)}
    return frozenset({GUESTS if standing is Standing.GUEST else PUBLIC, f"user:{person}", *channels})


def _common(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    has_guests = GUESTS in one | other and one & _COMPANY and other & _COMPANY
    return (one & other) | ({GUESTS} if has_guests else frozenset())
