"""Serve an encoder or a scorer together with the models that were trained from it, below FLYWHEEL_HOME/models.

Each model is a folder that is named after its content: its manifest lists the hash of every file, and the folder's name
is the manifest's. Both are checked when it is loaded, and a model is loaded when it is first asked for, so that a
release begins to serve without a restart (0.3 s for the first question). The last `KEPT` stay loaded.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError
from flywheel.gateways.cross_encoder import OnnxPairScorer
from flywheel.gateways.encoder import OnnxEncoder
from flywheel.gateways.exact_scan import ExactScan
from flywheel.gateways.export import MANIFEST_FILE
from flywheel.ports import Encoder, PairScorer, VectorIndex, Vectors
from flywheel.store import releases
from flywheel.store.database import Database

MODELS = "models"
"""The folder below FLYWHEEL_HOME where trained models lie."""
KEPT = 3
"""A release, its canary and what was rolled back last; a model like MiniLM takes 100 MB."""
NAME_LENGTH = 40


class EncoderWithModels:
    """An `Encoder` that keeps trained models too. Safe to share between threads."""

    def __init__(self, encoder: Encoder, models: Path) -> None:
        """Serve `encoder`, and models from folders below `models`."""
        self._encoder = encoder
        self._models = models
        self._open: OrderedDict[str, Encoder] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Return the identity of the untrained encoder."""
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        """Return the length of a vector."""
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text from the untrained encoder, in order."""
        return self._encoder.encode(texts)

    def model(self, name: str) -> Encoder:
        """Return a trained encoder by its name.

        Raises:
            ArtefactError: its files are missing, or not those that were trained.
        """
        with self._lock:
            if name not in self._open:
                self._open[name] = open_model(self._models, name)
            self._open.move_to_end(name)
            while len(self._open) > KEPT:
                self._open.popitem(last=False)
            return self._open[name]

    def index(self, database: Database, name: str) -> VectorIndex:
        """Return an exact scan of the passages under a trained encoder.

        Raises:
            ArtefactError: the encoder's files are missing, or not those that were trained.
        """
        encoder = self.model(name)
        return ExactScan(database, encoder.name, encoder.dimensions)


def served(database: Database, encoder: Encoder, models: Path) -> EncoderWithModels:
    """Return the encoder that serves: the one whose release somebody promoted, else the given one.

    Raises:
        ArtefactError: its files are missing, or not those that were trained.
    """
    with database.read() as db:
        release = releases.serving(db, "encoder")
    return EncoderWithModels(open_model(models, str(release.artefact["folder"])) if release else encoder, models)


class ScorerWithModels:
    """A `PairScorer` that keeps scorers which were trained from it too. Safe to share between threads."""

    def __init__(self, scorer: PairScorer, models: Path) -> None:
        """Score with `scorer`, and with models from folders below `models`."""
        self._scorer = scorer
        self._models = models
        self._open: OrderedDict[str, PairScorer] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Return the identity of the untrained scorer."""
        return self._scorer.name

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return what the untrained scorer says of each text, in order."""
        return self._scorer.scores(query, texts)

    def scorer(self, name: str) -> PairScorer:
        """Return a trained scorer by its name.

        Raises:
            ArtefactError: its files are missing, or not those that were trained.
        """
        with self._lock:
            if name not in self._open:
                self._open[name] = OnnxPairScorer(checked_folder(self._models, name), name)
            self._open.move_to_end(name)
            while len(self._open) > KEPT:
                self._open.popitem(last=False)
            return self._open[name]


def open_model(models: Path, name: str) -> OnnxEncoder:
    """Load a trained encoder.

    Raises:
        ArtefactError: its files are missing, or not those that were trained.
    """
    return OnnxEncoder(checked_folder(models, name), name)


def checked_folder(models: Path, name: str) -> Path:
    """Return the folder of a trained model whose manifest is the one that its name stands for.

    Raises:
        ArtefactError: it is missing, or another one.
    """
    folder = models / Path(name).name
    found = model_name(folder)
    if found != name:
        raise ArtefactError(f"the model in {folder} is {found}, not {name}")
    return folder


def model_name(folder: Path) -> str:
    """Return the name that a model's content gives it: the hash of its manifest, which lists its files' hashes.

    Raises:
        ArtefactError: there is no readable manifest.
    """
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{folder} has no readable manifest: {error}") from error
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:NAME_LENGTH]
