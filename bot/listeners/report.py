"""The report in Slack: `/ask report now`, the threads behind its numbers, and the link to its page."""

import hashlib
from typing import Any

from slack_bolt import App

from bot import administering, report_answers
from bot.blocks.message import note
from bot.blocks.threads import PAGE, THREADS, report_of
from bot.click import clicked
from bot.face import Face, say, tell
from bot.heard import spoken
from bot.outbox import Outgoing

_NOW = frozenset({"report", "report now"})
_REFUSAL = "Only administrators have the report made; it comes into its channel once a week."
_MADE = "I am making this week's report; it comes here in a minute, for you alone."
_NO_PAGE = "Only administrators open the page. The threads behind the figures are in the menu beside this button."


def register(back: App, face: Face) -> None:
    """Make reports and links; this command goes before the one that takes every text for a question."""

    def asks_for_report(body: dict[str, Any]) -> bool:
        return spoken(str(body.get("text") or ""), face.identity).lower() in _NOW

    @back.command(face.command, matchers=[asks_for_report])
    def report_now(ack: Any, body: dict[str, Any]) -> None:
        ack()  # Bolt asks the next listener as long as nobody has
        person, url = str(body["user_id"]), str(body["response_url"])
        key = hashlib.sha256(str(body["trigger_id"]).encode()).hexdigest()[:40]
        may = administering.may(face, person)
        told = note(_MADE if may else _REFUSAL)
        say(face, Outgoing(f"report-asked:{key}", told, response_url=url, asker=person))
        if may:
            report_answers.order(face, key, person, url)

    @back.action(PAGE)
    def page(body: dict[str, Any]) -> None:
        click = clicked(body)
        made = (
            report_answers.page_of(face, click.value, click.person)
            if administering.may(face, click.person)
            else note(_NO_PAGE)
        )
        tell(face, click.person, made, f"page:{click.person}:{click.stamp}")


def register_front(front: App, face: Face) -> None:
    """Open the threads behind a number at once."""

    @front.action(THREADS)
    def open_threads(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click, report_id = clicked(body), report_of(str(body["actions"][0]["block_id"]))
        view = report_answers.threads_of(face, report_id, click.value, click.person)
        face.client.views_open(trigger_id=click.trigger, view=view)
