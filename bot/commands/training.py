"""`flywheel train`: run the big trainings that turns have queued, or list them."""

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.composition import opened
from flywheel.core import Core

TRAINED = ("query_tower", "towers", "cross_encoder_training")
"""The learners whose trainings run apart from turns."""


@click.command()
@click.argument("learner", required=False, metavar="[LEARNER]", type=click.Choice(TRAINED))
@click.option("--list", "only_list", is_flag=True, help="Show the trainings and how far they are, and run none.")
@on_demo
def train(learner: str | None, *, only_list: bool, demo: bool) -> None:
    """Run the trainings that wait, of LEARNER alone where it is named.

    Stopped at any time, the next run goes on from the last checkpoint. A later turn judges what came of them.
    """
    from flywheel.gateways import trainings

    settings = chosen_settings(demo=demo)
    with opened(settings) as core:
        if only_list:
            _list(core)
            return
        plan = settings.plan()
        training = trainings.Training(
            core, plan.home, trainings.material_of(core.database, plan.embedder, plan.cross_encoder)
        )
        ran = 0
        while trainings.run_next(training, learner, _tell):
            ran += 1
        click.echo(f"{ran} trainings ran." if ran else "No training waits: a turn queues one when it is due.")
        _list(core)


def _tell(learner: str, progress: float) -> None:
    click.echo(f"\r{learner} {progress * 100:3.0f} %", nl=False)


def _list(core: Core) -> None:
    from flywheel.store import training_jobs

    with core.database.read() as db:
        known = training_jobs.listed(db)
    for one in known:
        why = f"  {one.error}" if one.error else ""
        click.echo(f"{one.id}  {one.learner}  {one.state.value}  {one.progress * 100:.0f} %{why}")
