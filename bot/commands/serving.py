"""`flywheel run`: the bot in a real workspace, and the HTTP doors."""

import click

from bot.settings import Settings


@click.command()
def run() -> None:
    """Serve Slack and the HTTP doors; without Slack variables the HTTP doors alone."""
    from bot.serving import serve

    serve(Settings.read())
