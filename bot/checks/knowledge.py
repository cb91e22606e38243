"""The store and the index: has the database this release's schema, is there knowledge, does a Chroma server answer."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException

from bot.checks.finding import Finding, Patient, fault, hint
from flywheel.errors import ConfigurationError
from flywheel.store import counts
from flywheel.store.database import Database

_HEARTBEAT = "/api/v2/heartbeat"
_SECONDS = 5
_NEW = "at nothing"


def look_at_store(patient: Patient) -> Iterator[Finding]:
    """See whether the database answers and has this release's schema; an empty one is made at the first start."""
    settings = patient.settings
    if settings.database_url is None and not (settings.home / "flywheel.db").exists():
        yield Finding("database", "none yet; the first start makes it")
        yield _no_knowledge()
        return
    database = Database(settings.database)
    try:
        yield from _look_into(database)
    except ConfigurationError as error:
        yield fault("database", str(error), "check DATABASE_URL, and that the database is running")
    finally:
        database.close()


def look_at_chroma(patient: Patient) -> Iterator[Finding]:
    """See whether the Chroma server answers, where one is configured."""
    url = patient.settings.chroma_url
    if url is None:
        yield Finding("Chroma", "embedded in the data folder")
        return
    try:
        with urllib.request.urlopen(url.rstrip("/") + _HEARTBEAT, timeout=_SECONDS) as reply:  # noqa: S310 - configured
            alive = isinstance(json.loads(reply.read()), dict)
    except urllib.error.HTTPError as error:
        problem = f"it answers {error.code}, as no Chroma does"
    except (OSError, HTTPException, ValueError) as error:
        problem = str(getattr(error, "reason", "") or error) or type(error).__name__
    else:
        problem = "" if alive else "it is no Chroma server"
    if problem:
        advice = "start Chroma or correct CHROMA_URL; until then answers come from a slower scan"
        yield fault("Chroma", f"{url}: {problem}", advice)
        return
    yield Finding("Chroma", f"{url} answers")


def _look_into(database: Database) -> Iterator[Finding]:
    behind = database.behind()
    if behind.startswith(_NEW):
        yield Finding("database", "empty; the first start makes its tables")
        yield _no_knowledge()
        return
    if behind:
        yield fault("database", f"the schema is behind ({behind})", "back up, then start flywheel run; it migrates")
        return
    with database.read() as db:
        totals = counts.totals(db)
    yield Finding("database", "schema is current")
    if not totals["passages"]:
        yield _no_knowledge()
        return
    yield Finding("knowledge", f"{totals['documents']:.0f} documents, {totals['passages']:.0f} passages")


def _no_knowledge() -> Finding:
    return hint("knowledge", "nothing to answer from yet", "add knowledge: flywheel index FOLDER")
