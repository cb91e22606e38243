"""Every look at an installation, side by side: one that hangs neither hides nor delays the others."""

import threading
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from types import MappingProxyType

from bot.checks import events, knowledge, machine, models, slack
from bot.checks.finding import Finding, Look, Patient, fault
from flywheel.errors import FlywheelError

LIMIT_SECONDS = 20.0
"""How long all looks together may take."""

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "disk": machine.look_at_disk,
        "port": machine.look_at_port,
        "database": knowledge.look_at_store,
        "Chroma": knowledge.look_at_chroma,
        "model": models.look_at_encoder,
        "language model": models.look_at_language_model,
        "Slack": slack.look_at_slack,
        "events": events.look_at_events,
    }
)
_LATE = "what it asks is silent: see the other lines, the network and the addresses in .env"
_AGAIN = "see the message; then run flywheel doctor again"


def examine(patient: Patient, looks: Mapping[str, Look] = LOOKS, limit: float = LIMIT_SECONDS) -> Sequence[Finding]:
    """Return what all looks found, in their order, within `limit` seconds."""
    found: dict[str, list[Finding]] = {}
    threads = [
        threading.Thread(target=_look, args=(patient, part, look, found), name=f"look-{part}", daemon=True)
        for part, look in looks.items()
    ]
    deadline = time.monotonic() + limit
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0))
    late = f"no answer within {limit:g} seconds"
    return [finding for part in looks for finding in found.get(part, [fault(part, late, _LATE)])]


def _look(patient: Patient, part: str, look: Look, found: dict[str, list[Finding]]) -> None:
    try:
        found[part] = list(look(patient))
    except (FlywheelError, OSError, HTTPException) as error:
        found[part] = [fault(part, str(error), _AGAIN)]
