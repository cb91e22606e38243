"""`flywheel models export FOLDER`: files for fine-tuning a language model."""

from pathlib import Path

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.commands.outputs import Output
from bot.composition import opened

QUALITIES = ("very_high", "high", "medium")


@click.command("export")
@click.argument("folder", type=Output(folder=True))
@click.option("--least", type=click.Choice(QUALITIES), default="high", help="The least quality of an example.")
@on_demo
def export(folder: Path, least: str, *, demo: bool) -> None:
    """Write approved and liked answers into FOLDER, for fine-tuning a language model."""
    from flywheel.curation.candidates import Quality
    from flywheel.learning import chat_export

    with opened(chosen_settings(demo=demo)) as core:
        card = chat_export.write(core, folder, Quality(least))
    for name, count in card.counts.items():
        click.echo(f"{folder / name}: {count} conversations")
    for reason, count in card.left_out.items():
        click.echo(f"  left out: {count} ({reason})")
    if card.counts[chat_export.FILES[0]] < chat_export.FEWEST:
        click.echo(f"Fine-tuning asks for {chat_export.FEWEST} conversations at least.")
