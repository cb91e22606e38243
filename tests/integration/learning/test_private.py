"""Private material teaches nothing that answers elsewhere: the models are those of a company that never had it."""

from pathlib import Path

import numpy as np

from flywheel.measurement.turn import queue, turn
from flywheel.model import Hit
from flywheel.retrieval.features import FEATURES
from flywheel.store import releases
from flywheel.store.database import Database
from tests.integration.learning.company import asked, core_on, hit, judged
from tests.parts import know, migrated_sqlite

PUBLIC, PRIVATE = 200, 100
CHANNEL = frozenset({"public", "channel:C3"})


def company(folder: Path, *, with_private: bool) -> Database:
    """Fill a store with questions about public pages, and some about pages of one channel, judged the other way."""
    database = migrated_sqlite(folder)
    core = core_on(database)
    for page in range(10):
        know(core, f"d{page}", *[f"public {page} {n}" for n in range(12)])
        know(core, f"secret{page}", *[f"CANARY {page} {n}" for n in range(12)], access=["channel:C3"])
    for number in range(PUBLIC + (PRIVATE if with_private else 0)):
        _one(database, number, private=number >= PUBLIC)
    turn(core, queue(core, "test"))
    return database


def _one(database: Database, number: int, *, private: bool) -> None:
    rng = np.random.default_rng([3, number])
    rows = [dict(zip(FEATURES, map(float, rng.uniform(size=len(FEATURES))), strict=True)) for _ in range(12)]
    rows.sort(key=lambda row: -row["dense_norm"] - row["bm25_norm"])
    hits = [_known(hit(number, rank, row), number, rank - 1, private=private) for rank, row in enumerate(rows, 1)]
    sign = -1 if private else 1
    wanted = max(hits, key=lambda one: sign * one.features["title_overlap"])
    with database.begin() as db:
        asked(db, number, hits, person=f"p{number % 20}", labels=CHANNEL)
        judged(db, number, wanted, person=f"p{number % 20}")


def _known(found: Hit, number: int, ordinal: int, *, private: bool) -> Hit:
    """Return a hit on a passage that is in the index."""
    name = f"secret{number % 10}" if private else f"d{number % 10}"
    return Hit(
        f"{name}:{ordinal}", f"d-{name}", name, name, "text", found.retriever, found.score, features=found.features
    )


def models(database: Database) -> list[tuple[str, str, bool]]:
    with database.read() as db:
        return sorted((one.learner, one.id, one.serving) for one in releases.history(db))


def test_models_are_those_of_a_company_without_private_pages(tmp_path: Path) -> None:
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    one, other = (company(tmp_path / "with", with_private=True), company(tmp_path / "without", with_private=False))

    assert models(one)
    assert models(one) == models(other)
    one.close()
    other.close()
