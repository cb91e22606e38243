"""The exported encoder says what sentence-transformers says, and serves only files that it exported."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from flywheel.errors import ArtefactError, ConfigurationError
from flywheel.gateways.encoder import OnnxEncoder, bundled_folder, check_weights, open_encoder
from flywheel.gateways.export import MODEL_FILE

TEXTS = [
    "vpn",
    "How do I connect to the VPN from the Bergen office?",
    "Où est la clé du bâtiment B ? Größe, naïve, Ελληνικά, 日本語, 😀 emoji",
    "kubectl rollout restart deployment/web -n prod && echo \"done\"",
    "   spaces\tand\nlines   ",
    "a sentence about leave and travel. " * 80,
    "?!",
]  # fmt: skip
_TWIN = """
import json, sys
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu")
print(json.dumps(model.encode(json.loads(sys.stdin.read()), normalize_embeddings=True).tolist()))
"""
_SMALL_BERT = """
import sys
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
import torch
torch.manual_seed(3)
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz", *("##" + c for c in "abcdefghijklmnopqrstuvwxyz")]
vocabulary = {word: place for place, word in enumerate(words)}
tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
tokenizer.normalizer = normalizers.BertNormalizer()
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")
config = BertConfig(vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, max_position_embeddings=64)
folder = sys.argv[1] + "/bert"
BertModel(config).save_pretrained(folder)
fast.save_pretrained(folder)
inner = Transformer(folder, max_seq_length=16)
SentenceTransformer(modules=[inner, Pooling(32, pooling_mode="cls")], device="cpu").save(sys.argv[1] + "/model")
"""  # noqa: E501


@pytest.fixture(scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small BERT of 2 layers that pools its first token and sees 16 tokens."""
    folder = tmp_path_factory.mktemp("small")
    subprocess.run([sys.executable, "-c", _SMALL_BERT, str(folder)], check=True, capture_output=True)
    return folder / "model"


@pytest.fixture(scope="module")
def exports(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache folder that holds the small model's export; copy it before changing anything."""
    cache = tmp_path_factory.mktemp("cache")
    open_encoder(str(small_model), cache=cache)
    return cache


@pytest.fixture
def cache(exports: Path, tmp_path: Path) -> Path:
    """Return a copy of the cache folder to damage."""
    return Path(shutil.copytree(exports, tmp_path / "cache"))


def twin(model: Path, texts: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return what sentence-transformers makes of the texts, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _TWIN, str(model)], input=json.dumps(texts), check=True, capture_output=True, text=True
    )
    return np.array(json.loads(done.stdout.splitlines()[-1]))


def test_the_bundled_model_says_what_sentence_transformers_says() -> None:
    cosines = (open_encoder().encode(TEXTS) * twin(bundled_folder(), TEXTS)).sum(axis=1)

    assert cosines.min() >= 0.999


def test_any_sentence_transformers_folder_goes_the_same_way(small_model: Path, exports: Path) -> None:
    encoder = open_encoder(str(small_model), cache=exports)
    texts = ["abc def", "a", "long words that go beyond the window of sixteen tokens"]

    assert (encoder.encode(texts) * twin(small_model, texts)).sum(axis=1).min() >= 0.999


def test_vectors_have_length_one_and_come_in_order() -> None:
    encoder = open_encoder()
    together = encoder.encode(TEXTS)

    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])

    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.abs(together - alone).max() < 1e-4


def test_no_texts_give_no_vectors() -> None:
    assert open_encoder().encode([]).shape == (0, 384)


def test_a_lone_surrogate_is_encoded_like_a_question_mark() -> None:
    encoder = open_encoder()

    assert np.allclose(encoder.encode(["a \ud800 b"]), encoder.encode(["a ? b"]))


def test_the_name_changes_with_the_model(small_model: Path, exports: Path) -> None:
    assert open_encoder(str(small_model), cache=exports).name != open_encoder().name


def test_an_altered_export_is_refused(cache: Path) -> None:
    model = next(cache.glob("encoder-*")) / MODEL_FILE
    altered = bytearray(model.read_bytes())
    altered[len(altered) // 2] ^= 1
    model.write_bytes(altered)

    with pytest.raises(ArtefactError, match="not the file that was exported"):
        OnnxEncoder(model.parent, "any")


def test_an_altered_export_is_made_again(small_model: Path, cache: Path) -> None:
    before = open_encoder(str(small_model), cache=cache)
    (cache / f"encoder-{before.name}" / MODEL_FILE).write_bytes(b"half")

    assert np.allclose(open_encoder(str(small_model), cache=cache).encode(["abc"]), before.encode(["abc"]))


def test_other_weights_than_the_published_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")

    with pytest.raises(ArtefactError, match="sha256"):
        check_weights(tmp_path)


def test_a_folder_that_is_no_model_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")

    with pytest.raises(ArtefactError, match="exporting"):
        open_encoder(str(tmp_path), cache=tmp_path / "cache")


def test_a_name_that_cannot_be_a_hub_model_is_a_setting_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="FLYWHEEL_EMBEDDER"):
        open_encoder("/no/such/folder/anywhere", cache=tmp_path)


def test_serving_loads_neither_torch_nor_transformers() -> None:
    open_encoder()
    script = (
        "import sys; from flywheel.gateways.encoder import open_encoder; open_encoder().encode(['a'])\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'sklearn') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"
