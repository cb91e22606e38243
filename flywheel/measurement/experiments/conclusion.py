"""An experiment in plain words: what is compared, how it stands, what was concluded."""

from flywheel.measurement.experiments import outcomes, variables
from flywheel.measurement.experiments.analysis import Analysis, Finding
from flywheel.measurement.experiments.sequence import Reading
from flywheel.store.experiments import Experiment, State


def subject(experiment: Experiment) -> str:
    """Say what is compared: the variable and the values of its arms."""
    about = variables.variables().get(experiment.variable)
    values = " against ".join(f"“{arm.value}” ({arm.name})" for arm in experiment.arms)
    return f"{about.told if about else experiment.variable}: {values}"


def sentence(experiment: Experiment, found: Analysis | None) -> str:
    """Say what an experiment has come to; `found` is None for one that never ran."""
    if found is None:
        return "It was given up before it started."
    stopped = "Stopped early. " if experiment.state is State.STOPPED else ""
    return stopped + _finding(experiment, found)


def standing(experiment: Experiment, found: Analysis) -> str:
    """Say how the arms compare so far, with n and where the difference lies."""
    counts = f"{sum(found.exposures.values())} answers to {sum(found.persons.values())} people"
    compared = "; ".join(_compared(experiment, arm, reading) for arm, reading in found.compared.items())
    return f"{counts}, {found.ripe} of them at least a day old. {compared}."


def _finding(experiment: Experiment, found: Analysis) -> str:
    match found.finding:
        case Finding.WINNER:
            return f"{_named(experiment, found.winner)} wins: {_all(experiment, found)}."
        case Finding.NO_DIFFERENCE:
            return f"No difference of {_points(experiment.minimum_effect)} or more: {_all(experiment, found)}."
        case Finding.HARM:
            hurt = next(one for one in found.guarded if one.is_hurt)
            told = outcomes.named(hurt.outcome).told
            return f"{_named(experiment, hurt.arm)} does harm: {told} changed by {_signed(hurt.difference.estimate)}."
        case Finding.UNBALANCED:
            return f"Nothing can be concluded: {_imbalance(experiment, found)}."
        case Finding.UNDECIDED:
            return f"Undecided: {_all(experiment, found)}."


def _imbalance(experiment: Experiment, found: Analysis) -> str:
    if found.crossed:
        return f"{found.crossed} people met two arms"
    there = ", ".join(f"{found.persons[arm.name]} people in {arm.name} for a share of {100 * arm.share:.0f} %"
                      for arm in experiment.arms)  # fmt: skip
    return f"the arms have not the people they should have ({there}; p {found.balance.p:.1g})"


def _all(experiment: Experiment, found: Analysis) -> str:
    return "; ".join(_compared(experiment, arm, reading) for arm, reading in found.compared.items())


def _compared(experiment: Experiment, arm: str, reading: Reading) -> str:
    told, control = outcomes.named(experiment.metric).told, experiment.arms[0].name
    if reading.treated is None or reading.control is None:
        return f"nothing to compare {arm} with {control} by yet"
    treated, untreated = 100 * reading.treated, 100 * reading.control
    shares = f"{told} {treated:.0f} % of {reading.n[0]} in {arm}, {untreated:.0f} % of {reading.n[1]} in {control}"
    if reading.low is None or reading.high is None:
        return f"{shares}, too few to tell"
    lies = f"between {_signed(reading.low)} and {_signed(reading.high)}"
    return f"{shares}: {_signed(reading.estimate)}, {lies}; {100 * reading.gathered:.0f} % of what the plan asks for"


def _named(experiment: Experiment, arm: str | None) -> str:
    return f"“{experiment.value_of(arm or '')}” ({arm})"


def _points(share: float) -> str:
    return f"{100 * share:.0f} points" if share >= 0.01 else f"{100 * share:.1f} points"


def _signed(share: float | None) -> str:
    return "nothing" if share is None else f"{100 * share:+.1f} points"
