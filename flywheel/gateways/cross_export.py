"""Export a sentence-transformers cross-encoder to ONNX, once, in a process of its own.

    python -m flywheel.gateways.cross_export MODEL_FOLDER TARGET_FOLDER

The graph takes tokens of a question and a passage and returns one logit per pair. As in `export`, this is the only
module that imports torch for it, a serving process never imports it but starts it (see `cross_encoder.open_scorer`),
and the target folder appears whole or not at all.
"""

import sys
from pathlib import Path
from typing import Any

from flywheel.errors import ArtefactError
from flywheel.gateways.export import MODEL_FILE, OPSET, TOKENIZER_FILE, put_whole

_LONGEST = 512


def export(model_folder: Path, target: Path) -> None:
    """Write the model's graph, tokenizer and manifest to `target`.

    Raises:
        ArtefactError: the folder is not a cross-encoder with one output and a fast tokenizer.
    """
    put_whole(target, lambda aside: _write_model(model_folder, aside))


def _write_model(model_folder: Path, aside: Path) -> dict[str, object]:
    # torch, transformers and sentence_transformers take seconds and half a gigabyte: this process alone pays for them.
    import torch  # noqa: PLC0415
    from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: PLC0415

    tokenizer = AutoTokenizer.from_pretrained(str(model_folder), use_fast=True, local_files_only=True)
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ArtefactError(f"{model_folder} has no fast tokenizer (tokenizer.json)")
    model = AutoModelForSequenceClassification.from_pretrained(
        str(model_folder), attn_implementation="eager", use_safetensors=True, local_files_only=True
    ).eval()
    if model.config.num_labels != 1:
        raise ArtefactError(f"{model_folder} has {model.config.num_labels} outputs; a cross-encoder that ranks has one")
    backend.save(str(aside / TOKENIZER_FILE))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    ones = torch.ones((2, 4), dtype=torch.int64)
    torch.onnx.export(
        _graph(model),
        (torch.tensor([[2, 3, 4, 5], [2, 3, 4, 5]]), ones, torch.zeros_like(ones)),
        str(aside / MODEL_FILE),
        input_names=names,
        output_names=["score"],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in names} | {"score": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )
    return {
        "max_tokens": _window(model, tokenizer),
        "pad_id": int(tokenizer.pad_token_id or 0),
        "typed": "token_type_ids" in tokenizer.model_input_names,
    }


def _window(model: Any, tokenizer: Any) -> int:
    positions = int(getattr(model.config, "max_position_embeddings", _LONGEST))
    padding = 2 if model.config.model_type in {"roberta", "xlm-roberta"} else 0  # they count positions from 2
    return min(_LONGEST, positions - padding, int(tokenizer.model_max_length))


def _graph(model: Any) -> Any:
    """Return a module from (ids, mask, types) to logits; models without token types never see them."""
    import torch  # noqa: PLC0415  as above

    typed = int(getattr(model.config, "type_vocab_size", 0)) > 1

    class Pairs(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
            given = {"input_ids": ids, "attention_mask": mask}
            if typed:
                given["token_type_ids"] = types
            logits: torch.Tensor = self.model(**given).logits[:, 0]
            # Kept as an input of the graph in any case, so that all models are served alike.
            return logits if typed else logits + 0.0 * types.sum(dim=1).to(logits.dtype)

    return Pairs()


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
