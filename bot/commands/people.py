"""`flywheel export` and `flywheel forget`: a person's data out, a person's data gone."""

import json
from pathlib import Path

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.composition import opened
from bot.settings import Settings
from flywheel.core import Core
from flywheel.store import releases

TRAININGS = ("models", "trainings")
"""Folders in FLYWHEEL_HOME in which big trainings keep their files, each under its id or hash."""


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
    """Delete everything stored about USER and all that was learned from it, and learn again from what remains."""
    from flywheel.curation import person

    settings = chosen_settings(demo=demo)
    with opened(settings) as core:
        forgotten = person.forget(core, user, trainings_of(settings))
        click.echo(f"{forgotten.rows} rows are gone." if forgotten.rows else f"Nothing was stored about {user}.")
        if forgotten.taken is not None:
            click.echo(relearned(core, served=forgotten.taken.served))


def relearned(core: Core, *, served: bool) -> str:
    """Turn the wheel over what remains, and return what serves now in words.

    Where a router served that people had taught, the one made from the index alone serves again first.
    """
    from flywheel.learning import first_router
    from flywheel.measurement.turn import queue, turn

    if served:
        first_router.train(core)
    turn(core, queue(core, "forget"))
    with core.database.read() as db:
        serving = sorted(one.learner for one in releases.listed(db) if one.serving)
    now = f"{', '.join(serving)} serve" if serving else "The defaults serve"
    return f"What was learned from it was taken back, and a turn has learned again from what remains. {now} now."


def trainings_of(settings: Settings) -> list[Path]:
    """Return the folders that hold the files of trainings."""
    return [settings.home / name for name in TRAININGS]
