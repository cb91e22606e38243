"""Who may read what.

A document carries access labels; an audience holds labels; one in common is enough. The audience of a reply is
everybody who will be able to read it, so in a channel it holds only what all members hold.
"""

from flywheel.model import PUBLIC, Audience
from flywheel.ports import Directory

_DIRECT_MESSAGE = "D"


def audience_of(directory: Directory, person: str | None, channel: str | None) -> Audience:
    """Return the audience of a reply to `person`, posted in `channel` or, without one, shown to the person alone.

    A direct message (its id begins with D) is read by the person alone. Nobody known means public only.
    """
    if channel is not None and not channel.startswith(_DIRECT_MESSAGE):
        return Audience(frozenset({PUBLIC, f"channel:{channel}"}))
    if person is None:
        return Audience.everyone()
    channels = {f"channel:{one}" for one in directory.channels_of(person)}
    return Audience(frozenset({PUBLIC, f"user:{person}", *channels}))
