"""Turn the wheel and make reports in processes of their own, so that serving never carries what they need."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

from flywheel.core import Core
from flywheel.measurement import baseline
from flywheel.measurement.turn import queue

_LOG = logging.getLogger(__name__)
SCHEDULER = "scheduler"


class TurnStarter:
    """Start `flywheel turn` or `flywheel report` as a child and log how it ended."""

    def __init__(self, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> None:
        """Remember the arguments and variables that make the child work in the same data folder."""
        self._arguments = tuple(arguments)
        self._environment = dict(environment or {})

    def __call__(self, turn_id: str) -> None:
        """Start a turn and return at once."""
        self._start("turn", "--id", turn_id)

    def make_report(self, order: str) -> None:
        """Start making the report that was ordered."""
        self._start("report-ordered", "--order", order)

    def post_reports(self) -> None:
        """Start posting the reports that are due."""
        self._start("report-ordered", "--due")

    def read_again(self, order: str) -> None:
        """Start reading the source again that was ordered."""
        self._start("read-again", "--order", order)

    def remeasure(self) -> None:
        """Start measuring what serves on the frozen questions."""
        self._start("remeasure")

    def _start(self, *said: str) -> None:
        command = [sys.executable, "-m", "bot", *said, *self._arguments]
        environment = {**os.environ, **self._environment}
        child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command
        name = " ".join(said)
        threading.Thread(target=_watch, args=(child, name), name=name, daemon=True).start()


def weekly_turn(core: Core, start: Callable[[str], None]) -> Callable[[], None]:
    """Return the scheduled work: queue a turn and start it."""

    def work() -> None:
        start(queue(core, SCHEDULER))

    return work


def remeasured_when_due(core: Core, start: TurnStarter) -> Callable[[], None]:
    """Return the scheduled work: start measuring what serves where a change was not measured yet."""

    def work() -> None:
        if baseline.is_due(core):
            start.remeasure()

    return work


def _watch(child: "subprocess.Popen[bytes]", name: str) -> None:
    code = child.wait()
    if code:
        _LOG.error(
            "flywheel %s ended with status %d; what it said stands above, a turn's reason in its row", name, code
        )
