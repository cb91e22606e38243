"""Whether an answer helped. One live vote per person, who is told what it is; the message shows the count.

A "No" is asked why. Surprising: what was said under a message for all is told to the voter alone, in a message that
the next press on it replaces; in a direct message the answer itself says so.
"""

import re
from dataclasses import replace
from typing import Any

from slack_bolt import App

from bot import showing, unasked
from bot.blocks.asking import VOTE_CHANGE, VOTE_FEEDBACK, VOTE_MENU, VOTE_NO, VOTE_YES, YES, vote_message
from bot.blocks.reason import REASON, reason_form, reason_thanks
from bot.click import Click, clicked
from bot.face import Face, say
from bot.outbox import Outgoing
from flywheel.model import Reason, Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.signals.votes import cast
from flywheel.store import answers


def register(back: App, face: Face) -> None:
    """Count votes and reasons."""

    @back.action(VOTE_YES)
    def helped(body: dict[str, Any]) -> None:
        _vote(face, clicked(body), helped=True)

    @back.action(VOTE_NO)
    def did_not_help(body: dict[str, Any]) -> None:
        _vote(face, clicked(body), helped=False)

    @back.action(VOTE_MENU)
    @back.action(VOTE_FEEDBACK)
    def chose(body: dict[str, Any]) -> None:
        click, helped = _chosen(clicked(body))
        _vote(face, click, helped=helped)

    @back.action(VOTE_CHANGE)
    def changed(body: dict[str, Any]) -> None:
        click, helped = _chosen(clicked(body))
        is_new = _cast(face, click, helped=helped)
        showing.refresh(face, click.value)
        _tell_vote(face, click, helped=helped, again=not is_new, replaced=True)

    @back.action(re.compile(f"^{REASON}_"))
    def reason(body: dict[str, Any]) -> None:
        click = clicked(body)
        chosen = Reason(click.action.removeprefix(f"{REASON}_"))
        _record(face, click, SignalKind.THUMBS_DOWN, {"reason": chosen.value})
        _answer_click(face, click, Outgoing(f"thanks:{click.key}", reason_thanks(click.value, chosen), replace=True))


def _vote(face: Face, click: Click, *, helped: bool) -> None:
    is_new = _cast(face, click, helped=helped)
    if click.only_you:
        _redraw(face, click)
    elif is_new:
        showing.refresh(face, click.value)
    is_shown = click.only_you or str(click.channel).startswith("D")  # in the message itself, to its only reader
    if not helped or not is_new or not is_shown:
        _tell_vote(face, click, helped=helped, again=not is_new, replaced=False)


def _tell_vote(face: Face, click: Click, *, helped: bool, again: bool, replaced: bool) -> None:
    """Tell somebody alone what their vote is now; who says no for the first time is asked why."""
    said = vote_message(click.value, helped=helped, again=again) if helped or again else reason_form(click.value)
    _answer_click(face, click, Outgoing(f"voted:{click.key}", said, replace=replaced))


def _redraw(face: Face, click: Click) -> None:
    with face.core.database.read() as db:
        answer = answers.find(db, click.value)
    if answer is not None:
        shown = showing.answer_of(face, answer, only_you=True)
        _answer_click(face, click, Outgoing(f"tally:{click.key}", shown, replace=True))


def _chosen(click: Click) -> tuple[Click, bool]:
    """Return a click on one of two choices with the answer's id alone, and whether it was the yes."""
    answer_id, _, choice = click.value.rpartition("#")
    return replace(click, value=answer_id), choice == YES


def _cast(face: Face, click: Click, *, helped: bool) -> bool:
    kind = SignalKind.THUMBS_UP if helped else SignalKind.THUMBS_DOWN
    key = signal_key(kind, click.value, click.person, click.stamp)
    is_new = cast(face.core, Signal(key, click.value, kind, click.person, click.at))
    unasked.learn(face, click.value)
    return is_new


def _record(face: Face, click: Click, kind: SignalKind, detail: dict[str, str]) -> None:
    key = signal_key(kind, click.value, click.person, click.stamp)
    record(face.core, Signal(key, click.value, kind, click.person, click.at, detail))


def _answer_click(face: Face, click: Click, outgoing: Outgoing) -> None:
    if click.response_url:
        thread_ts = None if outgoing.replace else click.thread_ts
        say(face, replace(outgoing, response_url=click.response_url, thread_ts=thread_ts))
