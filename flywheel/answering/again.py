"""Look a question up again, where a person says or for other readers: the second use case of a question.

The new answer is a row of its own, with `routing.asked_for` set where a person chose; the first one stays in the ledger
with everything that was done about it. Chosen twice, the stored one comes back, so a second tap or a redelivered one
changes nothing; not so where documents or readers have changed since.
"""

import hashlib
from dataclasses import replace

from flywheel.answering import budget, habits, metering
from flywheel.answering.draft import Watch
from flywheel.answering.keeping import finished
from flywheel.answering.research import Task, research
from flywheel.core import Core
from flywheel.errors import NotFound
from flywheel.knowledge.access import audience_of, common
from flywheel.model import Answer, Audience, Question, Retriever
from flywheel.store import answers, passages, questions


def again(core: Core, answer_id: str, retriever: Retriever, person: str) -> Answer:
    """Answer the question of an answer anew from one retriever, for the people who could read the first answer.

    Raises:
        NotFound: there is no such answer, or its question was deleted by its asker.
    """
    question = _question(core, answer_id)
    task = Task(question.standalone or question.text, _readers(core, question), retriever, question.person)
    return _kept(core, answer_id, question, task, f"Looked in {retriever.value} alone, because {person} asked for it.")


def for_readers(core: Core, answer_id: str, readers: Audience) -> Answer:
    """Answer the question of an answer anew for readers who hold less than those it was made for.

    Raises:
        NotFound: there is no such answer, or its question was deleted by its asker.
    """
    question = _question(core, answer_id)
    task = Task(question.standalone or question.text, readers, person=question.person)
    return _kept(core, answer_id, question, task, "Looked again, because the people who can read it have changed.")


def _question(core: Core, answer_id: str) -> Question:
    with core.database.read() as db:
        before = answers.find(db, answer_id)
        question = questions.find(db, before.question_id) if before else None
        deleted = question is not None and questions.is_deleted(db, question.id)
    if question is None or deleted:
        raise NotFound("this answer's question is gone")
    return question


def _kept(core: Core, answer_id: str, question: Question, task: Task, why: str) -> Answer:
    """Return the stored answer to a task, made and stored where there is none."""
    with core.database.read() as db:
        name = _name(answer_id, task, passages.version(db))
        stored = answers.find(db, name)
    if stored is not None:
        return stored
    core, why_quoted = budget.within(core)
    core = metering.metered(core)
    watch = Watch(core)
    draft = research(core, habits.held_to(core, task, question.channel), watch).told(why)
    draft = habits.thrifty(draft, why_quoted)
    answer = replace(finished(core, draft, watch), id=name, question_id=question.id)
    with core.database.begin() as db:
        answers.put(db, answer, draft.hits, {one.passage_id for one in answer.citations})
        kept = answers.find(db, name)
    return kept or answer


def _name(answer_id: str, task: Task, corpus: int) -> str:
    """Return the id of an answer; what was found for other readers, or in older documents, is not shown again."""
    where = task.asked_for.value if task.asked_for else "everywhere"
    made_of = f"{answer_id}:{where}:{corpus}:{' '.join(sorted(task.audience.labels))}"
    return f"a-{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"


def _readers(core: Core, question: Question) -> Audience:
    """Return what those who read the first answer may read, less what the asker has lost since."""
    return common(question.audience, audience_of(core.directory, question.person, None))
