"""The commands. Each lives in `bot/commands/`, imports what it needs when it runs, and says its errors in a sentence.

A command that only asks for help starts no model and opens no database.
"""

import sys

import click

from bot.commands import (
    asking,
    audit,
    demo,
    doctor,
    evaluation,
    experiments,
    indexing,
    judge,
    learning,
    people,
    records,
    replay,
    reporting,
    serving,
    setup,
    thresholds,
    training,
    training_export,
)
from flywheel.errors import FlywheelError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="flywheel-slack", prog_name="flywheel")
def commands() -> None:
    """Answer questions from your company's knowledge in Slack, and learn from every reaction."""


for _command in (
    demo.demo,
    setup.setup,
    serving.run,
    indexing.index,
    indexing.reindex,
    indexing.read_again,
    asking.ask,
    learning.turn,
    reporting.report,
    reporting.report_ordered,
    learning.models,
    learning.first_router,
    records.records,
    records.remeasure,
    evaluation.evaluate,
    replay.replay,
    training.train,
    judge.judge,
    thresholds.thresholds,
    experiments.experiments,
    audit.audit,
    doctor.doctor,
    people.export,
    people.forget,
):
    commands.add_command(_command)
learning.models.add_command(training_export.export)


def main() -> None:
    """Run a command; an error of ours is a sentence on standard error and exit status 1."""
    try:
        commands()
    except FlywheelError as error:
        click.echo(f"flywheel: {error}", err=True)
        sys.exit(1)
