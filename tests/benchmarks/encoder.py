"""fp32 against int8: how fast, how close, and does it find the same?

    python -m tests.benchmarks.encoder --data FOLDER [--limit-corpus 2000] [--queries 200]

int8 is ONNX Runtime's dynamic quantisation per channel. Prints CPU ms per question (median), passages per second, the
cosine of int8 vectors with fp32 ones, and hit@1 and MRR@10 of an exact scan with each.
"""

import argparse
import json
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import platformdirs
from onnxruntime.quantization import QuantType, quantize_dynamic

from flywheel.gateways.encoder import OnnxEncoder, open_encoder
from flywheel.gateways.export import MANIFEST_FILE, MODEL_FILE, file_hash
from flywheel.ports import Vectors
from flywheel.retrieval.metrics import hit_at, reciprocal_rank
from tests.benchmarks import corpora
from tests.benchmarks.corpora import Corpus, say


def main() -> None:
    """Measure both on one data folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit-corpus", type=int, default=2_000)
    parser.add_argument("--queries", type=int, default=200)
    given = parser.parse_args()
    fp32 = open_encoder()
    with TemporaryDirectory() as folder:
        int8 = quantised(fp32, Path(folder) / "int8")
        corpus = corpora.read(given.data, fp32, Path(folder) / "fp32", given.limit_corpus)
        vectors = {encoder.name: measured(encoder, corpus, given.queries) for encoder in (fp32, int8)}
    cosines = (vectors[fp32.name] * vectors[int8.name]).sum(axis=1)
    say(f"cosine int8 to fp32: mean {cosines.mean():.4f}, worst {cosines.min():.4f}, n = {len(cosines)}")


def quantised(fp32: OnnxEncoder, folder: Path) -> OnnxEncoder:
    """Return the same model in int8, per channel."""
    exported = Path(platformdirs.user_cache_dir("flywheel")) / f"encoder-{fp32.name}"
    shutil.copytree(exported, folder)
    quantize_dynamic(exported / MODEL_FILE, folder / MODEL_FILE, per_channel=True, weight_type=QuantType.QInt8)
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    manifest["files"][MODEL_FILE] = file_hash(folder / MODEL_FILE)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
    return OnnxEncoder(folder, "int8")


def measured(encoder: OnnxEncoder, corpus: Corpus, queries: int) -> Vectors:
    """Print the figures of one encoder and return its vectors of the passages."""
    started = time.perf_counter()
    texts = ["\n".join(part for part in (line.title, line.text) if part) for line in corpus.lines]
    vectors = encoder.encode(texts)
    rate = len(texts) / (time.perf_counter() - started)
    ids = [line.id for line in corpus.lines]
    times, first, reciprocal = [], [], []
    for query in corpus.queries[:queries]:
        started = time.process_time()
        vector = encoder.encode([query.text])[0]
        times.append((time.process_time() - started) * 1e3)
        ranking = [ids[place] for place in np.argsort(-(vectors @ vector))[:10]]
        first.append(hit_at(ranking, query.relevant, 1))
        reciprocal.append(reciprocal_rank(ranking, query.relevant))
    say(
        f"{encoder.name[:12]:12} {np.median(times):.1f} CPU ms a question, {rate:.1f} passages/s,"
        f" hit@1 {np.mean(first):.4f}, MRR@10 {np.mean(reciprocal):.4f}, n = {len(first)}"
    )
    return vectors


if __name__ == "__main__":
    main()
