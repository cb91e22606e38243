"""What people do on the surfaces: point at messages, open the form, write to several."""

from typing import Any

from tests.integration.bot.world import People, eventually, words

ASKED = "how do I get on the VPN?"
VPN = f"<@UBOT> {ASKED}"


def point(people: People, by: str, channel: str, ts: str) -> None:
    people.act("shortcuts", by=by, type="message", callback_id="answer_message", channel=channel, ts=ts)


def alone(people: People, by: str, channel: str) -> list[dict[str, Any]]:
    return [one for one in people.messages(by, channel) if one.get("ephemeral")]


def told(people: People, by: str, channel: str, text: str) -> dict[str, Any]:
    return dict(eventually(lambda: [one for one in alone(people, by, channel) if text in words(one)])[0])


def open_form(people: People, by: str) -> None:
    people.act("shortcuts", by=by, type="global", callback_id="ask_global")
    people.modal(by)


def group(people: People) -> str:
    return str(people.act("dm", by="U1", users=["U2", "UBOT"])["channel"])
