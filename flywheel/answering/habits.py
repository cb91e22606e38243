"""What administrators set that bears on an answer: the sources and the tone of its channel, and the day's budget."""

from dataclasses import replace

from flywheel.answering import budget
from flywheel.answering.draft import Draft
from flywheel.answering.research import Task
from flywheel.core import Core
from flywheel.store import channels


def held_to(core: Core, task: Task, channel: str | None) -> Task:
    """Return a task held to the sources of its channel, in that channel's tone; the same where nobody set any."""
    if channel is None:
        return task
    with core.database.read() as db:
        settings = channels.find(db, channel)
    return replace(task, sources=frozenset(settings.sources), persona=settings.persona)


def thrifty(draft: Draft, why: str) -> Draft:
    """Return a draft that tells that a budget was used up; the same where `why` is empty."""
    if not why:
        return draft
    told = draft.told(f"The language model was not asked: {why}.")
    return replace(told, versions={**draft.versions, budget.VERSION: budget.USED_UP})
