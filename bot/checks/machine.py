"""The machine: room on its disk, and the port. A port that our own bot holds is not taken."""

import json
import shutil
import socket
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator

from bot.checks.finding import Finding, Patient, fault
from bot.settings import Settings

_PROBE_BYTES = 1_000_000
_SECONDS = 3


def look_at_disk(patient: Patient) -> Iterator[Finding]:
    """See whether the data folder has room and takes what is written."""
    home = patient.settings.home
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    state = f"{free / 10**9:.1f} GB free in {home}"
    if free < patient.least_free:
        yield fault("disk", state, f"free at least {patient.least_free / 10**9:g} GB below {home}")
        return
    try:
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(bytes(_PROBE_BYTES))
    except OSError as error:
        yield fault("disk", f"{home} takes no more: {error.strerror}", "free space, or set FLYWHEEL_HOME elsewhere")
        return
    yield Finding("disk", state)


def look_at_port(patient: Patient) -> Iterator[Finding]:
    """See whether the bot could listen, or does."""
    settings = patient.settings
    place = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            taken = f"{place}: {error.strerror}"
        else:
            yield Finding("port", f"{place} is free")
            return
    if is_serving(settings):
        yield Finding("port", f"{place}: the bot is running there")
    else:
        yield fault("port", taken, "set PORT to a free one, or stop the program that uses it")


def is_serving(settings: Settings) -> bool:
    """Tell whether a bot of ours answers at the port: its health names the store and the encoder."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as reply:
            said = reply.read()
    except urllib.error.HTTPError as error:
        said = error.read()
    except (OSError, ValueError):
        return False
    return _is_our_health(said)


def _is_our_health(said: bytes) -> bool:
    try:
        health = json.loads(said)
    except ValueError:
        return False
    parts = health.get("parts") if isinstance(health, dict) else None
    return isinstance(parts, dict) and {"store", "encoder"} <= parts.keys()
