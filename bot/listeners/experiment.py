"""Experiments, for administrators: `/ask experiments`, and the buttons to start, stop and adopt."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from bot import administering, experimenting
from bot.blocks.experiment import ADOPT, START, STOP
from bot.blocks.message import note
from bot.click import Click, clicked
from bot.face import Face, say
from bot.heard import spoken
from bot.outbox import Outgoing
from flywheel.core import Core
from flywheel.errors import InvalidInput, NotFound
from flywheel.measurement.experiments import acts
from flywheel.store.experiments import Experiment

_WORD = "experiments"
_REFUSAL = "Only administrators run experiments; people ask me questions."
_ACTS: Mapping[str, Callable[[Core, str, str], Experiment]] = {
    START: acts.start,
    STOP: acts.stop,
    ADOPT: acts.adopt,
}


def register(back: App, face: Face) -> None:
    """List experiments and carry out decisions; goes before the command that takes every text for a question."""

    def asks_for_experiments(body: dict[str, Any]) -> bool:
        return spoken(str(body.get("text") or ""), face.identity).lower() == _WORD

    @back.command(face.command, matchers=[asks_for_experiments])
    def listed(ack: Ack, body: dict[str, Any]) -> None:
        ack()  # Bolt asks the next listener as long as nobody has
        may = administering.may(face, str(body["user_id"]))
        key = f"experiments:{hashlib.sha256(str(body['trigger_id']).encode()).hexdigest()[:40]}"
        shown = experimenting.overview(face.core) if may else note(_REFUSAL)
        say(face, Outgoing(key, shown, response_url=str(body["response_url"]), asker=str(body["user_id"])))

    @back.action(re.compile("^experiment_"))
    def decide(body: dict[str, Any]) -> None:
        _decide(face, clicked(body))


def _decide(face: Face, click: Click) -> None:
    refused = "" if administering.may(face, click.person) else _REFUSAL
    try:
        if not refused:
            _ACTS[click.action](face.core, click.value, click.person)
    except (NotFound, InvalidInput) as refusal:
        refused = str(refusal)
    if click.response_url is None:
        return
    if refused:
        say(face, Outgoing(f"refused:{click.key}", note(refused), response_url=click.response_url))
    else:
        shown = experimenting.overview(face.core)
        say(face, Outgoing(f"experiments:{click.key}", shown, response_url=click.response_url, replace=True))
