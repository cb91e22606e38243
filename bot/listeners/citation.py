"""A source is opened. What the clicker may read is looked up anew: the message may have outlived a membership."""

import re
from typing import Any

from slack_bolt import App

from bot.blocks.answer import CITATION
from bot.blocks.message import Block
from bot.blocks.passage import Source, passage_view, withheld_view
from bot.click import clicked
from bot.face import Face
from flywheel.knowledge.access import audience_of
from flywheel.model import Citation, Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.store import answers, documents

_BUTTON = re.compile(f"^{CITATION}_\\d+$")


def register_front(front: App, face: Face) -> None:
    """Open the source at once."""

    @front.action(_BUTTON)
    def open_source(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        face.client.views_open(trigger_id=click.trigger, view=_view(face, click.value, click.person))


def register(back: App, face: Face) -> None:
    """Count the click."""

    @back.action(_BUTTON)
    def count(body: dict[str, Any]) -> None:
        click = clicked(body)
        answer_id, citation = _citation(face, click.value)
        if citation is not None:
            key = signal_key(SignalKind.CITATION_CLICK, answer_id, click.person, click.stamp)
            detail = {"n": str(citation.n), "passage_id": citation.passage_id, "external_id": citation.external_id}
            record(face.core, Signal(key, answer_id, SignalKind.CITATION_CLICK, click.person, click.at, detail))


def _view(face: Face, value: str, person: str) -> Block:
    _, citation = _citation(face, value)
    audience = audience_of(face.core.directory, person, None)
    with face.core.database.read() as db:
        found = documents.passage(db, citation.passage_id, audience) if citation else None
    if found is None:
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
    return passage_view(source, face.core.now())


def _citation(face: Face, value: str) -> tuple[str, Citation | None]:
    answer_id, _, number = value.rpartition("#")
    with face.core.database.read() as db:
        cited = answers.citations(db, answer_id)
    return answer_id, next((citation for citation in cited if str(citation.n) == number), None)
