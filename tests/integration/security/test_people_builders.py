"""Every message about asking a person, and every word to a voter, fed with everything that wants to become live."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.blocks import escalation
from bot.blocks.escalation import Asked, Offer
from bot.blocks.message import Message
from bot.blocks.passage import Opinion, Source, passage_view
from tests.integration.security.liveness import live_parts
from tests.integration.security.payloads import payloads

MOMENT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
OURS = re.compile(
    r"<@U[123]>|<!date\^1794994200\^\{date_short\}\|18 Nov 2026, 09:30 UTC>"
    r"|<(?i:https?)://[!-;=?-{}~]+\|Open the thread>"
)


def request(text: str) -> list[Message]:
    url = "https://example.slack.com/archives/C1/p1"
    asked = [Asked("e1", "U2", "U3", text, in_thread, (text, text), url) for in_thread in (True, False)]
    return [made(one) for one in asked for made in (escalation.request_message, escalation.reminder_message)]


def offer(text: str) -> list[Any]:
    shown = [escalation.offer_view(Offer("a1", "U3", text, text, text, in_thread=one)) for one in (True, False)]
    return [*shown, escalation.said_view(escalation.nobody([text])), escalation.reply_view("e1", text)]


BUILDERS: Mapping[str, Callable[[str], Any]] = {
    "offer": offer,
    "asked before": lambda text: escalation.said_view(escalation.asked_before(text, MOMENT)),
    "request": request,
    "reply": lambda text: escalation.reply_message("e1", "U3", text, text),
    "nobody left": lambda text: escalation.exhausted("U2", [text, text]),
    "overdue": lambda text: escalation.overdue_message("U2", "U3", MOMENT, text),
    "source with others like it": lambda text: passage_view(
        Source("VPN", "x"), MOMENT, Opinion("a1#1", useful=True, alike=[Source(text, text), Source(text, text)])
    ),
}


def shape(made: Any) -> Any:
    """Return a message as it goes over the wire."""
    if isinstance(made, Message):
        return {"text": made.text, "blocks": list(made.blocks)}
    return [shape(one) for one in made] if isinstance(made, list) else made


@pytest.mark.parametrize("name", BUILDERS)
def test_nothing_that_a_person_or_a_document_says_is_live(name: str) -> None:
    live = {text[:80]: found for text in payloads() if (found := live_parts(shape(BUILDERS[name](text)), OURS))}

    assert live == {}
