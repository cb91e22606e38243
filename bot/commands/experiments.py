"""`flywheel experiments`: write an experiment down, start it, look at it, stop it, adopt what won."""

from typing import Any

import click

from bot.commands.demo import on_demo
from bot.commands.operator import operator, store_alone


@click.group()
def experiments() -> None:
    """Try two ways of asking and see which one is better."""


@experiments.command("list")
@on_demo
def list_experiments(*, demo: bool) -> None:
    """List every experiment, failed ones too, and what may be varied."""
    from flywheel.measurement.experiments.conclusion import subject
    from flywheel.measurement.experiments.variables import variables
    from flywheel.store import experiments as store

    with store_alone(demo=demo) as registry, registry.database.read() as db:
        known = store.listed(db)
    for one in known:
        adopted = f", arm {one.adopted} adopted" if one.adopted else ""
        click.echo(f"{one.id}  {one.state.value}{adopted}  {subject(one)}")
        if one.conclusion:
            click.echo(f"    {one.conclusion}")
    for variable in variables().values():
        click.echo(f"May be varied: {variable.name}, {variable.told}: {' | '.join(variable.values)}")


@experiments.command()
@click.argument("variable")
@click.argument("values", nargs=-1, required=True)
@click.option("--hypothesis", required=True, help="What you expect, and why, in a sentence.")
@click.option(
    "--aim", default="feedback_rate:0.1", show_default=True, help="What is to rise, and by how much at least."
)
@on_demo
def draft(variable: str, values: tuple[str, ...], hypothesis: str, aim: str, *, demo: bool) -> None:
    """Write down an experiment on VARIABLE with two to four VALUES, the control first; it does not start yet."""
    from flywheel.measurement.experiments import acts

    metric, _, effect = aim.partition(":")
    design = acts.Design(variable, hypothesis, values, metric, _share(effect))
    with store_alone(demo=demo) as registry:
        made = acts.draft(registry, design, operator())
    click.echo(f"{made.id} is written down.")
    for line in _needs(made.plan):
        click.echo(f"  {line}")
    click.echo(f"Start it with: flywheel experiments start {made.id}")


@experiments.command()
@click.argument("experiment_id")
@on_demo
def start(experiment_id: str, *, demo: bool) -> None:
    """Let a draft run; nothing of its design can change from then on."""
    from flywheel.measurement.experiments import acts

    with store_alone(demo=demo) as registry:
        acts.start(registry, experiment_id, operator())
    click.echo(f"{experiment_id} runs.")


@experiments.command()
@click.argument("experiment_id")
@on_demo
def stop(experiment_id: str, *, demo: bool) -> None:
    """End an experiment early; everything seen so far is kept."""
    from flywheel.measurement.experiments import acts

    with store_alone(demo=demo) as registry:
        stopped = acts.stop(registry, experiment_id, operator())
    click.echo(f"{experiment_id} is stopped. {stopped.conclusion}")


@experiments.command()
@click.argument("experiment_id")
@on_demo
def show(experiment_id: str, *, demo: bool) -> None:
    """Show the design of an experiment and how it stands; one may look every day."""
    from flywheel.measurement.experiments.analysis import analyse
    from flywheel.measurement.experiments.conclusion import standing, subject
    from flywheel.store import experiments as store

    with store_alone(demo=demo) as registry, registry.database.read() as db:
        found = store.find(db, experiment_id)
        analysis = analyse(db, found, registry.now()) if found.started_at else None
    click.echo(f"{found.id}: {found.state.value}\n  {subject(found)}\n  {found.hypothesis}")
    for line in _needs(found.plan):
        click.echo(f"  {line}")
    if analysis is not None:
        click.echo(f"  {standing(found, analysis)}")
        guarded = [f"{one.outcome} in {one.arm} {'hurt' if one.is_hurt else 'not hurt'}" for one in analysis.guarded]
        click.echo(f"  Guardrails: {', '.join(guarded)}. People per arm: {dict(analysis.persons)}.")
    if found.conclusion:
        click.echo(f"  {found.conclusion}")


@experiments.command()
@click.argument("experiment_id")
@click.option("--arm", default=None, help="Another arm than the one that won, such as A for the control.")
@on_demo
def adopt(experiment_id: str, arm: str | None, *, demo: bool) -> None:
    """Have everybody see the arm that won."""
    from flywheel.measurement.experiments import acts

    with store_alone(demo=demo) as registry:
        adopted = acts.adopt(registry, experiment_id, operator(), arm)
    click.echo(f"Everybody sees arm {adopted.adopted}: {adopted.value_of(adopted.adopted or '')}")


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise click.BadParameter("write it as metric:share, such as feedback_rate:0.1", param_hint="--aim") from error


def _needs(plan: Any) -> list[str]:
    """Say what a plan asks for."""
    exposures = ", ".join(f"{count} in {arm}" for arm, count in plan["exposures"].items())
    lately, days = plan["lately"], plan["days"]
    known = (
        f"{100 * lately['share']:.0f} % of {lately['n']} lately"
        if lately["n"]
        else "nothing known, so the worst assumed"
    )
    lines = [f"Needs {exposures} exposures ({known}; people count {lately['design_effect']:.1f} times)."]
    return [*lines, f"That takes about {days} days; it ends after eight weeks at the latest."] if days else lines
