"""Ask a person: the offer, and what its expert and its asker press."""

from dataclasses import replace
from typing import Any

from slack_bolt import App

from bot import escalating, replying
from bot.blocks.correction import correction_view
from bot.blocks.escalation import (
    ANSWER,
    ASK,
    ASK_FORM,
    MORE,
    NOT_ME,
    QUESTION,
    REPLY,
    REPLY_FORM,
    RESOLVED,
    looking_view,
    reply_too_late,
    reply_view,
    said_view,
)
from bot.blocks.message import Block, note
from bot.click import Click, clicked
from bot.face import Face, say, tell
from bot.form import entered
from bot.heard import heard
from bot.outbox import Outgoing
from bot.replying import Reply
from flywheel.store import answers, escalations, questions

_NEW = frozenset({None, "file_share", "thread_broadcast"})


def register_front(front: App, face: Face) -> None:
    """Open the offer and the forms at once, and refuse empty ones."""

    @front.action(ASK)
    def open_offer(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        _offer(face, click, click.value)

    @front.action(MORE)
    def open_chosen(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        answer_id, _, chosen = click.value.rpartition("#")
        if chosen == ASK:
            _offer(face, click, answer_id)
        else:
            _open(face, click, _suggestion(face, answer_id))

    @front.action(REPLY)
    def open_reply(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        _open(face, click, _reply_form(face, click))

    @front.view(ASK_FORM)
    def check_question(ack: Any, view: dict[str, Any]) -> None:
        _check(ack, view, QUESTION, "Write what they should know of your question.")

    @front.view(REPLY_FORM)
    def check_reply(ack: Any, view: dict[str, Any]) -> None:
        _check(ack, view, ANSWER, "Write what the answer is.")


def register(back: App, face: Face) -> None:
    """Ask, reply, pass on and resolve. Registered first: an expert's reply is no question to the bot."""
    _register_replies(back, face)
    _register_buttons(back, face)


def _register_replies(back: App, face: Face) -> None:
    def is_reply(body: dict[str, Any], event: dict[str, Any]) -> bool:
        in_thread = bool(event.get("thread_ts")) and event.get("subtype") in _NEW
        return in_thread and replying.asked_of(face, heard(body, face.identity)) is not None

    def is_edited_reply(body: dict[str, Any], event: dict[str, Any]) -> bool:
        in_thread = bool((event.get("message") or {}).get("thread_ts"))
        return in_thread and replying.asked_of(face, heard(body, face.identity)) is not None

    @back.event("message", matchers=[is_reply])
    def replied(body: dict[str, Any]) -> None:
        said = heard(body, face.identity)
        found = replying.asked_of(face, said)
        if found is not None:
            replying.take(face, found, Reply(said.person, said.text, said.ts, said.at))

    @back.event({"type": "message", "subtype": "message_changed"}, matchers=[is_edited_reply])
    def edited(body: dict[str, Any]) -> None:
        said = heard(body, face.identity)
        found = replying.asked_of(face, said)
        if found is not None and found.is_private:
            replying.amend(face, found, said)

    @back.view(REPLY_FORM)
    def reply(body: dict[str, Any]) -> None:
        view, person = body["view"], str(body["user"]["id"])
        with face.core.database.read() as db:
            found = escalations.find(db, str(view["private_metadata"]))
        if found is None or found.expert != person or not found.is_open:
            tell(face, person, reply_too_late(entered(view, ANSWER)), f"late:{view['id']}")
        else:
            replying.take(face, found, Reply(person, entered(view, ANSWER), str(view["id"]), face.core.now()))


def _register_buttons(back: App, face: Face) -> None:
    @back.view(ASK_FORM)
    def ask(body: dict[str, Any]) -> None:
        answer_id, _, expert = str(body["view"]["private_metadata"]).rpartition("#")
        shared = entered(body["view"], QUESTION)
        escalating.ask_a_person(face, answer_id, str(body["user"]["id"]), expert, shared)

    @back.action(NOT_ME)
    def not_me(body: dict[str, Any]) -> None:
        click = clicked(body)
        _refuse(face, click, escalating.not_me(face, click.value, click.person))

    @back.action(RESOLVED)
    def resolved(body: dict[str, Any]) -> None:
        click = clicked(body)
        _refuse(face, click, escalating.resolve(face, click.value, click.person))


def _offer(face: Face, click: Click, answer_id: str) -> None:
    """Open the offer: a word at once, and whom the bot would ask when it knows."""
    opened: Any = face.client.views_open(trigger_id=click.trigger, view=looking_view())
    view = escalating.offer(face, answer_id, click.person)
    face.client.views_update(view_id=str(opened["view"]["id"]), view=view)


def _open(face: Face, click: Click, view: Block) -> None:
    face.client.views_open(trigger_id=click.trigger, view=view)


def _suggestion(face: Face, answer_id: str) -> Block:
    with face.core.database.read() as db:
        answer = answers.find(db, answer_id)
        question = questions.find(db, answer.question_id) if answer else None
    return correction_view(answer_id, question.text if question else "")


def _reply_form(face: Face, click: Click) -> Block:
    with face.core.database.read() as db:
        found = escalations.find(db, click.value)
    if found is None or not found.is_open or found.expert != click.person:
        return said_view("This is settled already.")
    return reply_view(found.id, found.shared)


def _check(ack: Any, view: dict[str, Any], field: str, complaint: str) -> None:
    has_field = any(block.get("block_id") == field for block in view["blocks"])
    if has_field and not entered(view, field):
        ack(response_action="errors", errors={field: complaint})
    else:
        ack()


def _refuse(face: Face, click: Click, why: str) -> None:
    """Say to one person why nothing came of their press."""
    if why and click.response_url:
        told = Outgoing(f"refused:{click.key}", note(why), response_url=click.response_url)
        say(face, replace(told, thread_ts=click.thread_ts))
    elif why:
        tell(face, click.person, why, f"refused:{click.key}")
