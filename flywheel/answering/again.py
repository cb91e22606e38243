"""Look a question up again where a person says: the second use case of a question.

The new answer is a row of its own, with `routing.asked_for` set; the first one stays in the ledger with everything that
was done about it. Chosen twice, the stored one comes back, so a second tap or a redelivered one changes nothing; not so
where documents or readers have changed since.
"""

import hashlib
from dataclasses import replace

from flywheel.answering import metering
from flywheel.answering.draft import Watch
from flywheel.answering.keeping import finished
from flywheel.answering.research import Task, research
from flywheel.core import Core
from flywheel.errors import NotFound
from flywheel.knowledge.access import audience_of
from flywheel.model import Answer, Audience, Question, Retriever
from flywheel.store import answers, passages, questions


def again(core: Core, answer_id: str, retriever: Retriever, person: str) -> Answer:
    """Answer the question of an answer anew from one retriever, for the people who could read the first answer.

    Raises:
        NotFound: there is no such answer, or its question was deleted by its asker.
    """
    with core.database.read() as db:
        before = answers.find(db, answer_id)
        question = questions.find(db, before.question_id) if before else None
        deleted = question is not None and questions.is_deleted(db, question.id)
    if question is None or deleted:
        raise NotFound("this answer's question is gone")
    readers = _readers(core, question)
    with core.database.read() as db:
        name = _name(answer_id, retriever, readers, passages.version(db))
        stored = answers.find(db, name)
    if stored is not None:
        return stored
    core = metering.metered(core)
    watch = Watch(core)
    draft = research(core, Task(question.standalone or question.text, readers, retriever, question.person), watch)
    draft = draft.told(f"Looked in {retriever.value} alone, because {person} asked for it.")
    answer = replace(finished(core, draft, watch), id=name, question_id=question.id)
    with core.database.begin() as db:
        answers.put(db, answer, draft.hits, {one.passage_id for one in answer.citations})
        kept = answers.find(db, name)
    return kept or answer


def _name(answer_id: str, retriever: Retriever, readers: Audience, corpus: int) -> str:
    """Return the id of an answer; what was found for other readers, or in older documents, is not shown again."""
    made_of = f"{answer_id}:{retriever.value}:{corpus}:{' '.join(sorted(readers.labels))}"
    return f"a-{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"


def _readers(core: Core, question: Question) -> Audience:
    """Return what those who read the first answer may read, less what the asker has lost since."""
    now = audience_of(core.directory, question.person, None)
    return Audience(question.audience.labels & now.labels)
