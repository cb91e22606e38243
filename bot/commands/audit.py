"""`flywheel audit`: who did which administrative act to what, when."""

import click

from bot.commands.demo import on_demo
from bot.commands.operator import store_alone


@click.command()
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many, at most.")
@on_demo
def audit(limit: int, *, demo: bool) -> None:
    """List what administrators decided, the newest first."""
    from flywheel.store import audit as log

    with store_alone(demo=demo) as registry, registry.database.read() as db:
        found = log.page(db, None, limit)
    for one in found:
        click.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.person:<20}  {one.act}: {one.subject}")
    if not found:
        click.echo("Nobody has decided anything yet.")
