"""`flywheel export` and `flywheel forget`: a person's data out, a person's data gone."""

import json

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.composition import opened


@click.command()
@click.argument("user")
@on_demo
def export(user: str, *, demo: bool) -> None:
    """Print everything stored about USER (a Slack user id) as JSON."""
    from flywheel.curation import person

    with opened(chosen_settings(demo=demo)) as core:
        click.echo(json.dumps(person.export(core, user), indent=2, default=str, ensure_ascii=False))


@click.command()
@click.argument("user")
@click.confirmation_option(prompt="This deletes the person's questions, votes and suggestions for good. Go on?")
@on_demo
def forget(user: str, *, demo: bool) -> None:
    """Delete everything stored about USER, and take back what was learned until the next turn."""
    from flywheel.curation import person

    with opened(chosen_settings(demo=demo)) as core:
        count = person.forget(core, user)
    gone = f"{count} rows are gone." if count else f"Nothing was stored about {user}."
    click.echo(f"{gone} Models serve their defaults until the next turn learns from what remains.")
