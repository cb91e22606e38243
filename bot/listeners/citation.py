"""A source is opened, called useful or not, and others like it are shown.

What the clicker may read is looked up anew: the message may have outlived a membership.
"""

import re
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot.blocks.answer import CITATION
from bot.blocks.message import Block
from bot.blocks.passage import (
    SOURCE_DOWN,
    SOURCE_MORE,
    SOURCE_UP,
    Opinion,
    Source,
    file_view,
    passage_view,
    withheld_view,
)
from bot.click import Click, clicked
from bot.face import Face
from flywheel.answering.attachment import is_of_file
from flywheel.knowledge.access import audience_of
from flywheel.model import Citation, Signal, SignalKind
from flywheel.retrieval.alike import alike
from flywheel.signals.record import record, signal_key
from flywheel.signals.votes import source_vote
from flywheel.store import answers, documents, signals

_BUTTON = re.compile(f"^{CITATION}_\\d+$")


def register_front(front: App, face: Face) -> None:
    """Open the source at once."""

    @front.action(_BUTTON)
    def open_source(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        face.client.views_open(trigger_id=click.trigger, view=_view(face, click.value, click.person))


def register(back: App, face: Face) -> None:
    """Count the click, and what is said of the source."""

    @back.action(_BUTTON)
    def count(body: dict[str, Any]) -> None:
        click = clicked(body)
        answer_id, citation = _citation(face, click.value)
        if citation is not None and not is_of_file(citation.passage_id):
            _record(face, click, answer_id, citation, SignalKind.CITATION_CLICK)

    @back.action(SOURCE_UP)
    def useful(body: dict[str, Any]) -> None:
        _judge(face, body, SignalKind.CITATION_UP)

    @back.action(SOURCE_DOWN)
    def not_this(body: dict[str, Any]) -> None:
        _judge(face, body, SignalKind.CITATION_DOWN)

    @back.action(SOURCE_MORE)
    def more(body: dict[str, Any]) -> None:
        _judge(face, body, SignalKind.MORE_LIKE_THIS)


def _judge(face: Face, body: dict[str, Any], kind: SignalKind) -> None:
    """Note what somebody says of the source they look at, once for each change of mind, and show it to them."""
    click = clicked(body)
    answer_id, citation = _citation(face, click.value)
    if citation is None or is_of_file(citation.passage_id):
        return
    with face.core.database.read() as db:
        said = source_vote(signals.of_answer(db, answer_id), click.person, citation.passage_id)
    if kind is SignalKind.MORE_LIKE_THIS or said is not (kind is SignalKind.CITATION_UP):
        _record(face, click, answer_id, citation, kind)
    view = _view(face, click.value, click.person, more=kind is SignalKind.MORE_LIKE_THIS)
    try:
        face.client.views_update(view_id=str(body["view"]["id"]), view=view)
    except SlackApiError as error:
        if error.response.get("error") != "not_found":  # closed meanwhile
            raise


def _record(face: Face, click: Click, answer_id: str, citation: Citation, kind: SignalKind) -> None:
    key = signal_key(kind, answer_id, click.person, click.stamp)
    detail = {"n": str(citation.n), "passage_id": citation.passage_id, "external_id": citation.external_id}
    record(face.core, Signal(key, answer_id, kind, click.person, click.at, detail))


def _view(face: Face, value: str, person: str, *, more: bool = False) -> Block:
    answer_id, citation = _citation(face, value)
    if citation is not None and is_of_file(citation.passage_id):
        return file_view(citation.title, citation.url)
    audience = audience_of(face.core.directory, person, None)
    with face.core.database.read() as db:
        found = documents.passage(db, citation.passage_id, audience) if citation else None
        said = source_vote(signals.of_answer(db, answer_id), person, citation.passage_id) if citation else None
    if found is None or citation is None:
        return withheld_view()
    passage, document = found
    source = Source(
        title=document.title,
        text=passage.text,
        heading_path=passage.heading_path,
        page=passage.page,
        line=passage.line,
        url=passage.url or document.url,
        owner=document.owner,
        updated_at=document.updated_at,
    )
    near = alike(face.core, citation.passage_id, audience) if more else None
    others = None if near is None else [Source(title=one.title, text=one.text, url=one.url) for one in near]
    return passage_view(source, face.core.now(), Opinion(value, said, others))


def _citation(face: Face, value: str) -> tuple[str, Citation | None]:
    answer_id, _, number = value.rpartition("#")
    with face.core.database.read() as db:
        cited = answers.citations(db, answer_id)
    return answer_id, next((citation for citation in cited if str(citation.n) == number), None)
