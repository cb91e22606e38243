"""The catalogue knows every metric once, and nothing else gets into the log."""

import pytest

from flywheel.errors import InvalidInput
from flywheel.measurement import metrics
from flywheel.measurement.metrics import Better, Unit


def test_no_name_means_two_things() -> None:
    names = [one.name for one in metrics.catalogue()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", [one.name for one in metrics.catalogue()])
def test_every_metric_says_what_it_means_in_a_sentence(name: str) -> None:
    assert metrics.metric(name).meaning.endswith(".")


@pytest.mark.parametrize("name", ["ndcg@10", "heldout_", "heldout__difference", "judged_", "learning_seconds_", ""])
def test_an_unknown_metric_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="there is no metric"):
        metrics.metric(name)


def test_a_family_knows_its_members() -> None:
    found = metrics.metric("heldout_ndcg_at_10_difference")

    assert (found.unit, found.better, found.segmented) == (Unit.DIFFERENCE, Better.HIGHER, True)


def test_names_are_short_enough_for_the_log() -> None:
    assert max(len(one.name) for one in metrics.catalogue()) <= 80
