"""After indexing, the first router is trained in a process of its own."""

from pathlib import Path

from bot.first_router import train_aside
from bot.indexing import router_is_due
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import PUBLIC
from flywheel.store import releases
from flywheel.wiring import Plan, close_core, open_core


def plan_of(tmp_path: Path) -> Plan:
    """Return a plan on a store of its own that knows a text and some code."""
    plan = Plan(tmp_path / "home", f"sqlite:///{tmp_path / 'home' / 'flywheel.db'}")
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "vpn.md").write_text("# VPN\n\nInstall the client before you travel.\n", encoding="utf-8")
    (folder / "retry.py").write_text('def retry(call):\n    """Call again."""\n    return call()\n', encoding="utf-8")
    core = open_core(plan)
    ingest(core, [folder], frozenset({PUBLIC}), Silence())
    close_core(core)
    return plan


def test_the_child_trains_a_router_that_serves(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)

    said = train_aside(plan)

    core = open_core(plan)
    with core.database.read() as db:
        assert releases.serving_id(db, "router") is not None
    close_core(core)
    assert "made from the index" in said


def test_a_router_that_is_sure_of_nothing_says_so(tmp_path: Path) -> None:
    assert "every question searches everywhere" in train_aside(plan_of(tmp_path))


def test_a_child_that_fails_says_why_and_stops_nobody(tmp_path: Path) -> None:
    plan = Plan(tmp_path, f"sqlite:///{tmp_path / 'flywheel.db'}", embedder=str(tmp_path / "nothing-here"))

    assert train_aside(plan).startswith("The router could not be trained: ")


def test_a_training_that_was_cut_short_is_due_again(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    core = open_core(plan)
    unchanged = ingest(core, [tmp_path / "docs"], frozenset({PUBLIC}), Silence())

    before = router_is_due(core, unchanged)
    train_aside(plan)

    assert (before, router_is_due(core, unchanged)) == (True, False)
    close_core(core)
