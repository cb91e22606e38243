"""The router that serves: read from the releases once per release, then kept in memory.

A question asks only for the id of the release. One that is broken, or was trained on another encoder's vectors, serves
nobody: everything is searched, and the version logged with the answer says why.
"""

from functools import lru_cache

from flywheel.errors import ArtefactError
from flywheel.routing.model import RouteModel, unpacked
from flywheel.store import releases
from flywheel.store.database import Database
from flywheel.store.direct import direct

NAME = "router"
HOT = 6
"""Routers in memory: the last five that served, and the control of a canary. Each is a few megabytes."""
_DEFAULT = "default"


def read(database: Database, encoder: str, person: str | None = None) -> tuple[RouteModel | None, str]:
    """Return the router that serves a person's questions, encoded by this encoder, or None; and its version."""
    with direct(database) as db:
        release_id = releases.serving_id(db, NAME, person)
    if release_id is None:
        return None, _DEFAULT
    model = _loaded(database, release_id)
    if isinstance(model, str):
        return None, f"{_DEFAULT} ({model})"
    if model.encoder != encoder:
        return None, f"{_DEFAULT} (release {release_id} was trained on vectors of another encoder)"
    return model, release_id


@lru_cache(maxsize=HOT)
def _loaded(database: Database, release_id: str) -> RouteModel | str:
    """Return the model of a release, or why it cannot be used; a release never changes, so either holds for good."""
    try:
        with database.read() as db:
            release = releases.find(db, release_id)
        return f"release {release_id} is gone" if release is None else unpacked(release.artefact)
    except ArtefactError as error:
        return str(error)
