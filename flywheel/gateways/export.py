"""Export a sentence-transformers model to ONNX, once, in a process of its own.

    python -m flywheel.gateways.export MODEL_FOLDER TARGET_FOLDER

The graph holds the whole model: transformer, pooling and L2 normalisation, so that serving needs onnxruntime and
tokenizers alone. This is the only module that imports torch for serving's sake, and a serving process never imports it:
it starts it (see `encoder.open_encoder`).

The target folder appears whole or not at all: files are written beside it, flushed to disk, and renamed at the end.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flywheel.errors import ArtefactError

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"
_CHUNK_BYTES = 1 << 20
OPSET = 18


def file_hash(path: Path) -> str:
    """Return the sha256 of a file as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def export(model_folder: Path, target: Path) -> None:
    """Write the model's graph, tokenizer and manifest to `target`.

    Raises:
        ArtefactError: the folder is not a sentence-transformers model with a fast tokenizer.
    """
    put_whole(target, lambda aside: _write_model(model_folder, aside))


def put_whole(target: Path, write: Callable[[Path], Mapping[str, object]]) -> None:
    """Have a model written aside, add the manifest of its files and of the settings that `write` returns, and name it
    `target`; whole or not at all, and not where another process was faster.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        settings = write(aside)
        files = {path.name: file_hash(path) for path in sorted(aside.iterdir())}
        manifest = json.dumps({"files": files, **settings}, indent=1, sort_keys=True)
        (aside / MANIFEST_FILE).write_text(manifest, encoding="utf-8")
        _appear(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _appear(aside: Path, target: Path) -> None:
    _flush(aside)
    if not target.exists():
        aside.rename(target)
        _flush_one(target.parent)


def _write_model(model_folder: Path, aside: Path) -> dict[str, object]:
    # torch, transformers and sentence_transformers take seconds and half a gigabyte: this process alone pays for them.
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    model = SentenceTransformer(str(model_folder), device="cpu", model_kwargs={"attn_implementation": "eager"})
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise ArtefactError(f"{model_folder} has no fast tokenizer (tokenizer.json)")
    tokenizer.save(str(aside / TOKENIZER_FILE))
    ids = torch.tensor([[2, 3, 4, 5], [2, 3, 4, 5]])
    names = ["input_ids", "attention_mask"]
    torch.onnx.export(
        _graph(model.eval()),
        (ids, torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])),
        str(aside / MODEL_FILE),
        input_names=names,
        output_names=["embedding"],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in names} | {"embedding": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )
    return {
        "max_tokens": int(model.max_seq_length or 512),
        "pad_id": int(model.tokenizer.pad_token_id or 0),
        "dimensions": int(model.get_embedding_dimension() or 0),
    }


def _graph(model: Any) -> Any:
    """Return a module from (ids, mask) to unit vectors around every stage of a sentence-transformers model."""
    import torch  # noqa: PLC0415  as above

    class Sentences(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stages = torch.nn.ModuleList(list(model))

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for stage in self.stages:
                features = stage(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)

    return Sentences()


def _flush(folder: Path) -> None:
    for path in [*folder.iterdir(), folder]:
        _flush_one(path)


def _flush_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
