"""`flywheel index` and `flywheel reindex`: knowledge in, indexes anew."""

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.composition import opened
from bot.settings import Settings


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "--access",
    multiple=True,
    help="Who may read it: public, guests, channel:C1 or user:U1; may be given more than once. "
    "A .flywheel.yml in a folder may narrow it.",
)
def index(paths: tuple[str, ...], access: tuple[str, ...]) -> None:
    """Add or refresh what is in PATHS (files, folders, Slack exports); stop it anywhere and run it again."""
    from pathlib import Path

    from bot.indexing import index_with_progress
    from flywheel.errors import InvalidInput
    from flywheel.knowledge.policy import check_labels

    settings = Settings.read()
    labels = check_labels(access) if access else None
    if addresses := [one for one in paths if "://" in one]:
        raise InvalidInput(f"{addresses[0]} is a web address; give files or folders")
    with opened(settings) as core:
        index_with_progress(core, settings.plan(), [Path(one) for one in paths], labels)


@click.command("read-again", hidden=True)
@click.option("--order", required=True, help="Read the source again that was ordered under this name.")
@on_demo
def read_again(order: str, *, demo: bool) -> None:
    """Read a source again for a running bot; run by it."""
    from bot.rereading import carry_out

    settings = chosen_settings(demo=demo)
    with opened(settings) as core:
        click.echo(carry_out(core, settings.plan(), order))


@click.command()
def reindex() -> None:
    """Build the vector and lexical indexes anew from the store."""
    from bot.first_router import train_aside
    from bot.indexing import encode_with_progress
    from flywheel.wiring import reindex as build

    settings = Settings.read()
    with opened(settings) as core:
        encode_with_progress(core)
        built = build(core, settings.plan())
        said = train_aside(settings.plan())
    click.echo(f"The lexical index holds {built.words.passages} passages.")
    if built.vectors is None:
        click.echo("Vectors are searched exactly: at this size that is faster than Chroma.")
    else:
        click.echo(f"Chroma holds {built.vectors.passages} vectors.")
    if said:
        click.echo(said)
