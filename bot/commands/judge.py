"""`flywheel judge`: have the language model judge answers now, and say how far it agrees with people."""

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.composition import opened


@click.command()
@click.option("--sample", type=click.IntRange(min=1), default=40, show_default=True, help="Answers of each week.")
@click.option("--calls", type=click.IntRange(min=1), default=None, help="Calls at most (FLYWHEEL_JUDGE_CALLS).")
@on_demo
def judge(sample: int, calls: int | None, *, demo: bool) -> None:
    """Judge a sample of this week's and last week's answers; what is judged already is not judged again."""
    from flywheel.errors import ConfigurationError
    from flywheel.measurement import judging
    from flywheel.measurement.week import week_of
    from flywheel.measurement.window import read

    with opened(chosen_settings(demo=demo)) as core:
        if not core.panel.judges:
            raise ConfigurationError(
                "nobody can judge: set OPENAI_API_KEY or OPENAI_BASE_URL, and FLYWHEEL_JUDGES not to none"
            )
        ran = judging.judge(core, sample, calls)
        period, start, end = week_of(core.now())
        with core.database.read() as db:
            section = judging.told(db, read(db, period, (start, end), core.now(), None))
    failed = f" ({ran.failed} failed)" if ran.failed else ""
    click.echo(f"{ran.answers} answers judged in {ran.calls} calls{failed}, {ran.waiting} wait.")
    for name, why in ran.failures.items():
        click.echo(f"{name} was not asked further: {why}.")
    for line in section.lines:
        click.echo(f"  {line.text}")
