"""`flywheel export` and `flywheel forget`: a person's data out, a person's data gone."""

import json

import click

from bot.composition import opened
from bot.settings import Settings


@click.command()
@click.argument("user")
def export(user: str) -> None:
    """Print everything stored about USER (a Slack user id) as JSON."""
    from flywheel.curation import person

    with opened(Settings.read()) as core:
        click.echo(json.dumps(person.export(core, user), indent=2, default=str, ensure_ascii=False))


@click.command()
@click.argument("user")
@click.confirmation_option(prompt="This deletes the person's questions, votes and suggestions for good. Go on?")
def forget(user: str) -> None:
    """Delete everything stored about USER, and take back what was learned until the next turn."""
    from flywheel.curation import person

    with opened(Settings.read()) as core:
        count = person.forget(core, user)
    click.echo(f"{count} rows are gone. Models serve their defaults until the next turn learns from what remains.")
