"""A core on a temporary store, for benchmarks: the real encoder and indexes, no Slack, no language model."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from flywheel.core import Core
from flywheel.gateways.dense_index import DenseIndex
from flywheel.gateways.encoder import open_encoder
from flywheel.gateways.tantivy_index import TantivyIndex
from flywheel.ports import Reach, Standing
from flywheel.store.database import Database
from tests.benchmarks import corpora
from tests.benchmarks.corpora import Corpus


class NoChannels:
    """A `Directory` in which nobody is in any channel."""

    def channels_of(self, person: str) -> frozenset[str]:
        """Return none."""
        return frozenset()

    def members_of(self, channel: str) -> frozenset[str] | None:
        """Know nobody's list."""
        return None

    def standing_of(self, person: str) -> Standing:
        """Know nobody."""
        return Standing.UNKNOWN

    def reach_of(self, channel: str) -> Reach:
        """Know no private channel."""
        return Reach.COMPANY


@contextmanager
def room(corpus: Corpus) -> Iterator[Core]:
    """Load a corpus into a fresh store and yield a core that serves it."""
    encoder = open_encoder()
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/store.db")
        database.migrate()
        corpora.load(database, corpus, encoder.name)
        words = TantivyIndex(database, Path(folder))
        words.refresh()
        yield Core(
            database=database,
            encoder=encoder,
            vectors=DenseIndex(database, encoder, home=Path(folder)),
            words=words,
            directory=NoChannels(),
            language_model=None,
            now=lambda: datetime(2026, 6, 1, tzinfo=UTC),
            rng=Random(0),
        )
        words.close()
        database.close()
