"""`flywheel ask`: one question in the terminal, with its sources and how it was answered."""

import getpass
import uuid

import click

from bot.composition import opened
from bot.settings import Settings


@click.command()
@click.argument("question")
@click.option("--user", default=None, help="Ask as this user id; by default as nobody, with public knowledge only.")
@click.option("--channel", default=None, help="Answer for everybody in this channel.")
def ask(question: str, user: str | None, channel: str | None) -> None:
    """Answer QUESTION from the indexed knowledge."""
    from flywheel.answering.ask import Asking
    from flywheel.answering.ask import ask as answer_question
    from flywheel.knowledge.access import audience_of
    from flywheel.model import Surface

    with opened(Settings.read()) as core:
        asking = Asking(
            text=question,
            person=user or f"terminal:{getpass.getuser()}",
            surface=Surface.TERMINAL,
            audience=audience_of(core.directory, user, channel),
            question_id=f"q_{uuid.uuid4().hex}",
        )
        answer = answer_question(core, asking)
    click.echo(answer.text)
    if answer.citations:
        click.echo()
    for citation in answer.citations:
        click.echo(f"[{citation.n}] {citation.title}  {citation.url or citation.external_id}")
    click.echo(f"\nconfidence {answer.confidence:.2f} · {answer.writer}")
    for line in answer.trace:
        click.echo(f"  {line}")
    click.echo("  " + " · ".join(f"{stage} {took:.0f} ms" for stage, took in answer.timings_ms.items()))
