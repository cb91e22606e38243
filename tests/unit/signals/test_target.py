"""Which passage a signal is about."""

from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.signals.target import Target, resolve
from tests.parts import answered, know, make_core


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with an answer "a1" whose shortlist holds the second passage of vpn.md, and then the first."""
    made = make_core(tmp_path)
    know(made, "vpn.md", "Install the client.", "Start it.")
    know(made, "pay.md", "Pay day is the 25th.", "Ask payroll.")
    answered(made, "a1", cites=["vpn.md:1", "vpn.md:0"])
    return made


def test_a_signal_about_the_whole_answer_has_no_target(core: Core) -> None:
    assert resolve(core, "a1", Target()) == Target()


def test_a_document_of_the_shortlist_means_its_best_passage_there(core: Core) -> None:
    assert resolve(core, "a1", Target(external_id="vpn.md")) == Target("vpn.md:1", "vpn.md")


def test_a_passage_of_the_shortlist_means_itself(core: Core) -> None:
    assert resolve(core, "a1", Target(passage_id="vpn.md:0")) == Target("vpn.md:0", "vpn.md")


def test_a_document_beyond_the_shortlist_means_its_first_passage(core: Core) -> None:
    assert resolve(core, "a1", Target(external_id="pay.md")) == Target("pay.md:0", "pay.md")


def test_a_passage_beyond_the_shortlist_means_itself(core: Core) -> None:
    assert resolve(core, "a1", Target(passage_id="pay.md:1")) == Target("pay.md:1", "pay.md")


def test_a_passage_id_wins_over_an_external_id(core: Core) -> None:
    assert resolve(core, "a1", Target("pay.md:0", "vpn.md")) == Target("pay.md:0", "pay.md")


def test_what_nobody_knows_is_refused(core: Core) -> None:
    with pytest.raises(InvalidInput, match=r"gone\.md"):
        resolve(core, "a1", Target(external_id="gone.md"))
