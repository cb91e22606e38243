"""`flywheel ask`: one question in the terminal, with its sources and how it was answered."""

import getpass
import uuid

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.composition import opened


@click.command()
@click.argument("question")
@click.option("--user", default=None, help="Ask as this user id; by default as nobody, with public knowledge only.")
@click.option("--channel", default=None, help="Answer for everybody in this channel.")
@on_demo
def ask(question: str, user: str | None, channel: str | None, *, demo: bool) -> None:
    """Answer QUESTION from the indexed knowledge."""
    from flywheel.answering.ask import Asking
    from flywheel.answering.ask import ask as answer_question
    from flywheel.knowledge.access import audience_of
    from flywheel.model import Surface

    with opened(chosen_settings(demo=demo)) as core:
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
