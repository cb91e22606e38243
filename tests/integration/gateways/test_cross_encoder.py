"""The exported cross-encoder says what sentence-transformers says, and serves only files that it exported."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from flywheel.errors import ArtefactError, ConfigurationError
from flywheel.gateways.cross_encoder import OnnxPairScorer, open_scorer
from flywheel.gateways.export import MODEL_FILE

QUESTION = "How do I connect to the VPN?"
TEXTS = ["vpn", "Install WireGuard and scan the code. " * 20, "Où est la clé ?", "", "😀 tea & kitchens"]
_TWIN = """
import json, sys
from sentence_transformers import CrossEncoder
from torch.nn import Identity
question, texts = json.loads(sys.stdin.read())
model = CrossEncoder(sys.argv[1], device="cpu")
print(json.dumps(model.predict([(question, text) for text in texts], activation_fn=Identity()).tolist()))
"""
_SMALL_CROSS_ENCODER = """
import sys
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast
from sentence_transformers import CrossEncoder
import torch
torch.manual_seed(5)
letters = "abcdefghijklmnopqrstuvwxyz"
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + c for c in letters)]
tokenizer = Tokenizer(models.WordPiece({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
tokenizer.normalizer = normalizers.BertNormalizer()
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
                               sep_token="[SEP]", mask_token="[MASK]", model_max_length=64)
config = BertConfig(vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                    intermediate_size=64, max_position_embeddings=64, initializer_range=0.4,
                    num_labels=int(sys.argv[2]))
BertForSequenceClassification(config).save_pretrained(sys.argv[1] + "/bert")
fast.save_pretrained(sys.argv[1] + "/bert")
CrossEncoder(sys.argv[1] + "/bert", device="cpu", max_length=64).save_pretrained(sys.argv[1] + "/model")
"""


def small_cross_encoder(folder: Path, outputs: int = 1) -> Path:
    """Write a BERT of 2 layers that sees 64 tokens, and return its folder."""
    command = [sys.executable, "-c", _SMALL_CROSS_ENCODER, str(folder), str(outputs)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    return folder / "model"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small cross-encoder with random weights."""
    return small_cross_encoder(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where exported folders go."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def scorer(model: Path, cache: Path) -> OnnxPairScorer:
    """Return the exported scorer."""
    return open_scorer(str(model), cache)


def test_it_scores_as_sentence_transformers_does(model: Path, scorer: OnnxPairScorer) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _TWIN, str(model)],
        input=json.dumps([QUESTION, TEXTS]),
        capture_output=True,
        text=True,
        check=True,
    )

    assert scorer.scores(QUESTION, TEXTS) == pytest.approx(json.loads(told.stdout), abs=1e-4)


def test_a_score_does_not_depend_on_what_is_scored_beside_it(scorer: OnnxPairScorer) -> None:
    together = scorer.scores(QUESTION, TEXTS * 3)

    assert together[:1] == pytest.approx(scorer.scores(QUESTION, TEXTS[:1]), abs=1e-5)


def test_the_order_of_question_and_passage_matters(scorer: OnnxPairScorer) -> None:
    assert scorer.scores("vpn", ["tea"])[0] != pytest.approx(scorer.scores("tea", ["vpn"])[0], abs=1e-6)


def test_a_question_longer_than_the_window_leaves_room_for_the_passage(scorer: OnnxPairScorer) -> None:
    scores = scorer.scores("leave and travel " * 100, ["vpn", "tea"])

    assert np.isfinite(scores).all()
    assert scores[0] != scores[1]


def test_nothing_to_score_is_no_failure(scorer: OnnxPairScorer) -> None:
    assert scorer.scores(QUESTION, []).shape == (0,)


def test_opened_again_it_is_not_exported_again(model: Path, cache: Path, scorer: OnnxPairScorer) -> None:
    before = (cache / f"cross-encoder-{scorer.name}" / MODEL_FILE).stat().st_mtime_ns

    again = open_scorer(str(model), cache)

    assert (cache / f"cross-encoder-{again.name}" / MODEL_FILE).stat().st_mtime_ns == before


def test_an_altered_export_is_made_anew(model: Path, tmp_path: Path) -> None:
    name = open_scorer(str(model), tmp_path).name
    graph = tmp_path / f"cross-encoder-{name}" / MODEL_FILE
    graph.write_bytes(graph.read_bytes() + b"x")

    assert open_scorer(str(model), tmp_path).scores(QUESTION, TEXTS).shape == (len(TEXTS),)


def test_a_model_with_three_outputs_is_refused(tmp_path: Path) -> None:
    model = small_cross_encoder(tmp_path, outputs=3)

    with pytest.raises(ArtefactError, match="3 outputs"):
        open_scorer(str(model), tmp_path / "cache")


def test_a_folder_without_a_model_is_refused_by_the_name_of_its_variable(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="FLYWHEEL_CROSS_ENCODER"):
        open_scorer(str(tmp_path), tmp_path)
