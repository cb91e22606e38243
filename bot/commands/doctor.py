"""`flywheel doctor`: what is missing, one line each, and what to do about it."""

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click

from bot.settings import Settings
from flywheel.errors import FlywheelError

_LEAST_FREE = 1_000_000_000
"""Bytes of free disk below which an index of 10,000 passages may not fit twice while it is rebuilt."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `advice` is empty when it is well."""

    part: str
    state: str
    advice: str = ""


@click.command()
def doctor() -> None:
    """Look for what is missing: configuration, disk, database, model, index, Slack. Exit status 1 when something is."""
    findings = list(_findings(Settings.read()))
    for one in findings:
        click.echo(f"{'ok ' if not one.advice else 'FIX'}  {one.part:<15} {one.state}")
        if one.advice:
            click.echo(f"     {'':<15} → {one.advice}")
    if any(one.advice for one in findings):
        sys.exit(1)


def _findings(settings: Settings) -> Iterator[Finding]:
    for part, look in _LOOKS.items():
        try:
            yield from look(settings)
        except (FlywheelError, OSError) as error:
            yield Finding(part, str(error), "see the message; then run flywheel doctor again")


def _disk(settings: Settings) -> Iterator[Finding]:
    settings.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.home).free
    advice = "" if free >= _LEAST_FREE else f"free at least {_LEAST_FREE // 10**9} GB below {settings.home}"
    yield Finding("disk", f"{free / 10**9:.1f} GB free in {settings.home}", advice)


def _port(settings: Settings) -> Iterator[Finding]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            yield Finding("port", f"{settings.host}:{settings.port}: {error.strerror}", "set PORT to a free one")
            return
    yield Finding("port", f"{settings.host}:{settings.port} is free")


def _database(settings: Settings) -> Iterator[Finding]:
    from flywheel.store import counts
    from flywheel.store.database import Database

    database = Database(settings.database)
    behind = database.behind()
    if behind:
        yield Finding("database", f"the schema is behind ({behind})", "start flywheel run or index once; it migrates")
        return
    with database.read() as db:
        totals = counts.totals(db)
    advice = "" if totals["passages"] else "add knowledge: flywheel index FOLDER"
    yield Finding("database", "schema is current")
    yield Finding("knowledge", f"{totals['documents']:.0f} documents, {totals['passages']:.0f} passages", advice)


def _encoder(settings: Settings) -> Iterator[Finding]:
    from flywheel.gateways.encoder import open_encoder

    encoder = open_encoder(settings.flywheel_embedder)
    yield Finding("encoder", f"{encoder.name}, {encoder.dimensions} dimensions")


def _language_model(settings: Settings) -> Iterator[Finding]:
    from flywheel.ports import ChatMessage
    from flywheel.wiring import language_model

    model = language_model(settings.plan())
    if model is None:
        yield Finding("language model", "none; the extractive writer answers")
        return
    try:
        "".join(model.stream([ChatMessage("user", "Reply with the word ready.")], max_tokens=5))
    except FlywheelError as error:
        yield Finding("language model", str(error), "check OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL")
        return
    yield Finding("language model", f"{model.name} answers")


def _slack(settings: Settings) -> Iterator[Finding]:
    if not settings.has_slack:
        yield Finding("Slack", "not configured; flywheel run serves /v1 alone")
        return
    from bot.checkup import check_slack

    for part, state, advice in check_slack(settings):
        yield Finding(part, state, advice)


_LOOKS: dict[str, Callable[[Settings], Iterator[Finding]]] = {
    "disk": _disk,
    "port": _port,
    "database": _database,
    "encoder": _encoder,
    "language model": _language_model,
    "Slack": _slack,
}
