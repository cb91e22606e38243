"""Suggest an answer: the form, and the way of a suggestion to the people who decide."""

from typing import Any

from slack_bolt import App

from bot.blocks.answer import SUGGEST
from bot.blocks.correction import ANSWER, FORM, SOURCE, correction_view
from bot.click import clicked
from bot.face import Face
from bot.form import entered
from bot.reviewing import ask_for_review
from flywheel.curation.corrections import Suggestion, suggest
from flywheel.store import answers, questions


def register_front(front: App, face: Face) -> None:
    """Open the form at once, and refuse an empty one."""

    @front.action(SUGGEST)
    def open_form(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        face.client.views_open(
            trigger_id=click.trigger, view=correction_view(click.value, _question(face, click.value))
        )

    @front.view(FORM)
    def check(ack: Any, view: dict[str, Any]) -> None:
        if entered(view, ANSWER):
            ack()
        else:
            ack(response_action="errors", errors={ANSWER: "Write what the answer should be."})


def register(back: App, face: Face) -> None:
    """Store a suggestion and show it to its reviewers."""

    @back.view(FORM)
    def suggested(body: dict[str, Any]) -> None:
        view, person = body["view"], str(body["user"]["id"])
        suggestion = Suggestion(
            key=f"{view['id']}:{person}",
            answer_id=str(view["private_metadata"]),
            person=person,
            text=entered(view, ANSWER),
            source=entered(view, SOURCE) or None,
        )
        ask_for_review(face, suggest(face.core, suggestion))


def _question(face: Face, answer_id: str) -> str:
    with face.core.database.read() as db:
        answer = answers.find(db, answer_id)
        question = questions.find(db, answer.question_id) if answer else None
    return question.text if question else ""
