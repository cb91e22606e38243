"""Turn the wheel in a process of its own, so that serving never carries what training needs."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

from flywheel.core import Core
from flywheel.measurement.turn import queue

_LOG = logging.getLogger(__name__)
SCHEDULER = "scheduler"


class TurnStarter:
    """Start `flywheel turn --id …` as a child and log how it ended."""

    def __init__(self, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> None:
        """Remember the arguments and variables that make the child work in the same data folder."""
        self._arguments = tuple(arguments)
        self._environment = dict(environment or {})

    def __call__(self, turn_id: str) -> None:
        """Start the child and return at once."""
        command = [sys.executable, "-m", "bot", "turn", "--id", turn_id, *self._arguments]
        environment = {**os.environ, **self._environment}
        child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command
        threading.Thread(target=_watch, args=(child, turn_id), name=f"turn-{turn_id}", daemon=True).start()


def weekly_turn(core: Core, start: Callable[[str], None]) -> Callable[[], None]:
    """Return the scheduled work: queue a turn and start it."""

    def work() -> None:
        start(queue(core, SCHEDULER))

    return work


def _watch(child: "subprocess.Popen[bytes]", turn_id: str) -> None:
    code = child.wait()
    if code:
        _LOG.error("turn %s ended with status %d; see its row for the reason", turn_id, code)
