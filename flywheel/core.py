"""What a use case is given. One value holds the store, the ports, the clock and the random generator."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from flywheel.ports import (
    Directory,
    Encoder,
    LanguageModel,
    LexicalIndex,
    PairScorer,
    Panel,
    PictureReader,
    Tracer,
    VectorIndex,
    VisionModel,
)
from flywheel.stages import Untraced
from flywheel.store.database import Database


@dataclass(frozen=True, slots=True)
class Core:
    """Everything a use case may reach; built by `wiring.py`, and by tests with parts of their own."""

    database: Database
    encoder: Encoder
    vectors: VectorIndex
    words: LexicalIndex
    directory: Directory
    language_model: LanguageModel | None
    now: Callable[[], datetime]
    rng: Random
    admins: frozenset[str] = frozenset()
    picture_reader: PictureReader | None = None
    vision: VisionModel | None = None
    pair_scorer: PairScorer | None = None
    panel: Panel = field(default_factory=Panel)
    tracer: Tracer = field(default_factory=Untraced)
