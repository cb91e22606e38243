"""Which trainings the command knows."""

from click.testing import CliRunner

from bot.commands.training import TRAINED, train
from flywheel.gateways.trainings import _PROGRAMS


def test_every_learner_that_is_trained_apart_can_be_named() -> None:
    assert set(TRAINED) == set(_PROGRAMS)


def test_a_learner_that_is_not_trained_apart_is_refused_in_a_sentence() -> None:
    refused = CliRunner().invoke(train, ["fusion"])

    assert refused.exit_code == 2
    assert "'fusion' is not one of 'query_tower'" in refused.output
