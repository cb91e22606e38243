"""What auto mode decided is a metric."""

from prometheus_client import generate_latest

from bot.gauges import registry
from flywheel.core import Core
from flywheel.store import unasked


def test_decisions_are_counted_for_operators(core: Core) -> None:
    with core.database.begin() as db:
        unasked.count(db, "talk")

    assert b'flywheel_unasked_total{decision="talk"} 1.0' in generate_latest(registry(core))
