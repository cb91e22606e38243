"""What a reviewer is shown next, and what comes of what they enter. Cards are for the eyes of one person."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.blocks.card import (
    CHOICE,
    Card,
    Cited,
    Sitting,
    card_view,
    done_view,
    guidelines_view,
    reason_block,
    refused_view,
    verdict_block,
)
from bot.blocks.message import Block
from bot.face import Face
from bot.form import entered
from flywheel.curation import review_deciding, review_queue
from flywheel.curation.review_guidelines import GUIDELINES
from flywheel.curation.review_reading import Matter
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.store import reviews
from flywheel.store.reviews import ReviewKind


def first(face: Face, person: str, *, is_at_home: bool = False) -> Block:
    """Render the first card for a person, or why there is none."""
    with face.core.database.read() as db:
        if not review_deciding.kinds_for(face.core, db, person):
            return refused_view()
    review_queue.refresh(face.core)
    return following(face, person, Sitting(is_at_home=is_at_home))


def following(face: Face, person: str, sitting: Sitting, notice: str = "") -> Block:
    """Render the card that comes next in a sitting, or its end. What was skipped does not come again in it."""
    offered = review_queue.offers(face.core, person)
    fresh = [one for one in offered if one.item.id not in sitting.skipped]
    return card_view(_card(fresh[0]), sitting, len(fresh), notice) if fresh else done_view(sitting, notice)


def skip(face: Face, person: str, sitting: Sitting) -> Block:
    """Render the next card without a verdict on this one."""
    return following(face, person, replace(sitting, skipped=(*sitting.skipped, sitting.item)))


def undo(face: Face, person: str, sitting: Sitting) -> Block:
    """Take a person's last verdict back and render its item again."""
    try:
        item = review_deciding.undo_last(face.core, person)
    except (InvalidInput, NotAllowed, NotFound) as refusal:
        return following(face, person, sitting, f"Not taken back: {refusal}.")
    if item is None:
        return following(face, person, sitting, "You judged nothing in the last day that could be taken back.")
    before = replace(sitting, done=max(0, sitting.done - 1))
    offered = review_queue.offers(face.core, person)
    again = [one for one in offered if one.item.id == item.id]
    fresh = [one for one in offered if one.item.id not in sitting.skipped]
    return card_view(_card(again[0]), before, len(fresh)) if again else following(face, person, before)


def judge(face: Face, person: str, view: Mapping[str, Any]) -> Block:
    """Store the verdict in a form and render the next card.

    Raises:
        NotAllowed, NotFound, InvalidInput: as `review_deciding.decide`.
    """
    sitting = Sitting.read(str(view.get("private_metadata")))
    reason = entered(view, reason_block(sitting.item))
    review_deciding.decide(face.core, sitting.item, person, chosen(view, sitting.item), reason)
    return following(face, person, replace(sitting, done=sitting.done + 1))


def guidelines(face: Face, item_id: str) -> Block:
    """Render how to judge an item."""
    with face.core.database.read() as db:
        item = reviews.find(db, item_id)
    one = GUIDELINES[item.kind if item else ReviewKind.SAMPLE]
    return guidelines_view(one.title, one.asks, one.advice)


def suggestion_of(face: Face, item_id: str) -> str:
    """Return the id of the suggestion that an item is about, or an empty string."""
    with face.core.database.read() as db:
        item = reviews.find(db, item_id)
    return item.subject if item and item.kind is ReviewKind.CORRECTION else ""


def chosen(view: Mapping[str, Any], item_id: str) -> str:
    """Return the verdict that was chosen in a form, or an empty string."""
    field: Any = view
    for name in ("state", "values", verdict_block(item_id), CHOICE, "selected_option", "value"):
        field = field.get(name) if isinstance(field, Mapping) else None
    return str(field or "")


def _card(matter: Matter) -> Card:
    guideline = GUIDELINES[matter.item.kind]
    about_person = matter.item.kind in (ReviewKind.QUARANTINE, ReviewKind.ALARM)
    return Card(
        item=matter.item.id,
        title=guideline.title,
        asks=guideline.asks,
        verdicts=guideline.verdicts,
        doubt=matter.doubt,
        question=matter.question,
        answer=matter.answer,
        suggested=matter.suggested,
        person=(matter.item.person or "") if about_person else "",
        sources=tuple(Cited(one.title, one.text, one.url) for one in matter.sources),
    )
