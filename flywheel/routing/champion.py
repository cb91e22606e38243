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
_DEFAULT = "default"


def read(database: Database, encoder: str) -> tuple[RouteModel | None, str]:
    """Return the router that serves questions encoded by this encoder, or None; and its version."""
    with direct(database) as db:
        release_id = releases.serving_id(db, NAME)
    if release_id is None:
        return None, _DEFAULT
    model = _loaded(database, release_id)
    if isinstance(model, str):
        return None, f"{_DEFAULT} ({model})"
    if model.encoder != encoder:
        return None, f"{_DEFAULT} (release {release_id} was trained on vectors of another encoder)"
    return model, release_id


@lru_cache(maxsize=4)
def _loaded(database: Database, release_id: str) -> RouteModel | str:
    """Return the model of a release, or why it cannot be used; a release never changes, so either holds for good."""
    try:
        with database.read() as db:
            release = releases.find(db, release_id)
        return f"release {release_id} is gone" if release is None else unpacked(release.artefact)
    except ArtefactError as error:
        return str(error)
