"""Whether an answer helped. One live vote per person; the message shows the count, a "No" is asked why."""

import re
from dataclasses import replace
from typing import Any

from slack_bolt import App

from bot import showing
from bot.blocks.asking import VOTE_MENU, VOTE_NO, VOTE_YES, YES
from bot.blocks.reason import REASON, reason_form, reason_thanks
from bot.click import Click, clicked
from bot.face import Face, say
from bot.outbox import Outgoing
from flywheel.model import Reason, Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.store import answers


def register(back: App, face: Face) -> None:
    """Count votes and reasons."""

    @back.action(VOTE_YES)
    def helped(body: dict[str, Any]) -> None:
        _vote(face, clicked(body), SignalKind.THUMBS_UP)

    @back.action(VOTE_NO)
    def did_not_help(body: dict[str, Any]) -> None:
        _vote_no(face, clicked(body))

    @back.action(VOTE_MENU)
    def chose(body: dict[str, Any]) -> None:
        click = clicked(body)
        answer_id, _, choice = click.value.rpartition("#")
        click = replace(click, value=answer_id)
        if choice == YES:
            _vote(face, click, SignalKind.THUMBS_UP)
        else:
            _vote_no(face, click)

    @back.action(re.compile(f"^{REASON}_"))
    def reason(body: dict[str, Any]) -> None:
        click = clicked(body)
        chosen = Reason(click.action.removeprefix(f"{REASON}_"))
        _record(face, click, SignalKind.THUMBS_DOWN, {"reason": chosen.value})
        _answer_click(face, click, Outgoing(f"thanks:{click.key}", reason_thanks(click.value, chosen), replace=True))


def _vote_no(face: Face, click: Click) -> None:
    _vote(face, click, SignalKind.THUMBS_DOWN)
    _answer_click(face, click, Outgoing(f"reason:{click.key}", reason_form(click.value)))


def _vote(face: Face, click: Click, kind: SignalKind) -> None:
    _record(face, click, kind, {})
    if not click.only_you:
        showing.refresh(face, click.value)
        return
    with face.core.database.read() as db:
        answer = answers.find(db, click.value)
    if answer is not None:
        shown = showing.answer_of(face, answer, only_you=True)
        _answer_click(face, click, Outgoing(f"tally:{click.key}", shown, replace=True))


def _record(face: Face, click: Click, kind: SignalKind, detail: dict[str, str]) -> None:
    key = signal_key(kind, click.value, click.person, click.stamp)
    record(face.core, Signal(key, click.value, kind, click.person, click.at, detail))


def _answer_click(face: Face, click: Click, outgoing: Outgoing) -> None:
    if click.response_url:
        thread_ts = None if outgoing.replace else click.thread_ts
        say(face, replace(outgoing, response_url=click.response_url, thread_ts=thread_ts))
