"""The people and bots of the workspace."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_COLORS = ("4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "9f69e7", "2b6836", "b14cbc", "5b89d5", "d58247")


class Kind(StrEnum):
    """Kinds of conversation, by the names Slack uses in `channel_type`."""

    CHANNEL = "channel"
    GROUP = "group"
    IM = "im"
    MPIM = "mpim"

    @property
    def scope_prefix(self) -> str:
        """The first half of this kind's scopes, as in `channels:history`."""
        return {"channel": "channels", "group": "groups"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace; bots are members too. Who has a `home_team` is of another organisation."""

    id: str
    name: str
    real_name: str
    title: str = ""
    email: str = ""
    is_admin: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    home_team: str = ""
    is_stranger: bool = False
    deleted: bool = False
    tz: str = "Europe/Berlin"

    @property
    def avatar_color(self) -> str:
        """A stable colour, six hex digits without the hash."""
        return _COLORS[sum(map(ord, self.id)) % len(_COLORS)]

    def as_user(self, team_id: str, *, with_email: bool) -> dict[str, Any]:
        """Return Slack's user object, with the address only where the scope allows it."""
        profile = {
            "title": self.title,
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "status_text": "",
            "status_emoji": "",
            "avatar_hash": self.id.lower(),
            "team": self.home_team or team_id,
        }
        if with_email and self.email:
            profile["email"] = self.email
        identity = {"id": self.id, "team_id": self.home_team or team_id, "name": self.name, "deleted": self.deleted}
        if self.deleted:  # of those who are gone Slack tells no more than this
            return identity | {"profile": profile, "is_bot": self.is_bot, "is_app_user": False, "updated": 0}
        stranger = {"is_stranger": self.is_stranger} if self.home_team else {}
        return {
            **identity,
            **stranger,
            "real_name": self.real_name,
            "color": self.avatar_color,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": 3600,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
        }
