"""Small BERTs with random weights that a test can train within seconds. They read letter by letter."""

import os
import subprocess
import sys
from pathlib import Path

_SMALL = """
import sys
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
import torch
torch.manual_seed(3)
letters = "abcdefghijklmnopqrstuvwxyz0123456789"
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + c for c in letters)]
tokenizer = Tokenizer(models.WordPiece({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
tokenizer.normalizer = normalizers.BertNormalizer()
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
                               sep_token="[SEP]", mask_token="[MASK]", model_max_length=64)
config = BertConfig(vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
                    intermediate_size=64, max_position_embeddings=64, num_labels=1)
folder, kind = sys.argv[1], sys.argv[2]
if kind == "reader":
    BertForSequenceClassification(config).save_pretrained(folder + "/model")
    fast.save_pretrained(folder + "/model")
else:
    BertModel(config).save_pretrained(folder + "/bert")
    fast.save_pretrained(folder + "/bert")
    inner = Transformer(folder + "/bert", max_seq_length=32)
    SentenceTransformer(modules=[inner, Pooling(32, pooling_mode="mean")], device="cpu").save(folder + "/model")
"""


def small_encoder(folder: Path) -> Path:
    """Write a sentence encoder of one layer and 32 dimensions, and return its folder."""
    return _made(folder, "encoder")


def small_reader(folder: Path) -> Path:
    """Write a cross-encoder of one layer, and return its folder."""
    return _made(folder, "reader")


def _made(folder: Path, kind: str) -> Path:
    command = [sys.executable, "-c", _SMALL, str(folder), kind]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    return folder / "model"
