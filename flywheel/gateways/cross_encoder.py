"""Score questions and passages together with a cross-encoder, on ONNX Runtime.

A model is exported once by a child process (`flywheel.gateways.cross_export`) into a folder named after its weights,
and served from there by onnxruntime and tokenizers; torch never enters this process. Any sentence-transformers
CrossEncoder folder or hub id with one output will do; none is bundled, so that none serves unless it is switched on.
"""

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from flywheel.errors import ArtefactError, ConfigurationError
from flywheel.gateways.encoder import (
    checked_manifest,
    clean,
    export_in_child,
    folder_hash,
    model_folder,
    quiet_session,
)
from flywheel.gateways.export import MODEL_FILE, TOKENIZER_FILE

BATCH = 10
_FORMAT = 1  # of the exported folder; a change makes every folder anew
_VARIABLE = "FLYWHEEL_CROSS_ENCODER"
_LOG = logging.getLogger(__name__)


class OnnxPairScorer:
    """A `PairScorer` that serves an exported folder. Safe to share between threads."""

    def __init__(self, folder: Path, name: str, threads: int | None = None) -> None:
        """Check every file against the manifest, then load.

        Raises:
            ArtefactError: a file is missing or its content is not what was exported.
        """
        manifest = checked_manifest(folder)
        self._name = name
        self._typed = bool(manifest["typed"])
        self._pad_id = int(str(manifest["pad_id"]))
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(int(str(manifest["max_tokens"])), strategy="only_second")
        self._longest_question = int(str(manifest["max_tokens"])) // 2
        self._session = quiet_session(folder / MODEL_FILE, threads)

    @property
    def name(self) -> str:
        """Return the identity of the weights and of the way they are served."""
        return self._name

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return one logit per text, in order; passages beyond the model's window are cut, long questions to half."""
        scores = np.empty(len(texts), dtype=np.float64)
        question = clean(query)[: self._longest_question]  # a token has at least one character
        encodings = self._tokenizer.encode_batch_fast([(question, clean(text)) for text in texts])
        order = sorted(range(len(texts)), key=lambda index: len(encodings[index].ids), reverse=True)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            scores[batch] = self._run([encodings[index] for index in batch])
        return scores

    def _run(self, encodings: Sequence[Encoding]) -> NDArray[np.float32]:
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        ids = np.full(shape, self._pad_id, dtype=np.int64)
        mask, types = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, encoding in enumerate(encodings):
            length = len(encoding.ids)
            ids[row, :length] = encoding.ids
            mask[row, :length] = 1
            if self._typed:
                types[row, :length] = encoding.type_ids
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        output: NDArray[np.float32] = self._session.run(None, given)[0]
        return output


def open_scorer(model: str, cache: Path | None = None) -> OnnxPairScorer:
    """Return the scorer for a CrossEncoder folder or hub id; the first call for a model exports it, within seconds.

    Raises:
        ArtefactError: an export failed or was altered twice.
        ConfigurationError: there is no such model.
    """
    folder = model_folder(model, _VARIABLE)
    if not (folder / "config.json").is_file():
        raise ConfigurationError(f"{_VARIABLE}={model} is no cross-encoder: it has no config.json")
    name = f"{folder_hash(folder)[:40]}-{_FORMAT}"
    exported = (cache or Path(platformdirs.user_cache_dir("flywheel"))) / f"cross-encoder-{name}"
    if exported.exists():
        try:
            return OnnxPairScorer(exported, name)
        except ArtefactError as error:
            _LOG.warning("exporting the cross-encoder again: %s", error)
            shutil.rmtree(exported)
    export_in_child("flywheel.gateways.cross_export", folder, exported)
    return OnnxPairScorer(exported, name)
