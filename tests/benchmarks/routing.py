"""How good is the router on day one: trained on nothing but an index, measured on what people asked of it.

    python -m tests.benchmarks.routing --data FOLDER [--split dev] [--passages 1500] [--queries 200]

One index holds the first passages of handbook_wiki (documents), nl2bash (code) and fetaqa (tables); the questions are
those of these sets, and clinc150's that are out of scope. Each set's style helps the router: what it sees in training
are its own forms of words, but the topics are those of the sets. Documents are ingested as they are in the product,
only with an encoder that costs nothing, because no passage is searched here. With labels see `flywheel eval`.
"""

import argparse
import gzip
import json
import time
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np

from flywheel.gateways.encoder import open_encoder
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.learning import router, router_questions
from flywheel.learning.first_router import PER_KIND, SEED
from flywheel.measurement.routing_set import auroc, coverage
from flywheel.model import PUBLIC, Kind, Retriever
from flywheel.routing.model import OUT, unpacked
from flywheel.store import materials
from flywheel.store.materials import Material
from tests.benchmarks.corpora import say
from tests.parts import make_core

_SETS = {
    "handbook_wiki": Retriever.DOCUMENTS.value,
    "nl2bash": Retriever.CODE.value,
    "fetaqa": Retriever.TABLES.value,
    "clinc150": OUT,
}


def main() -> None:
    """Train on the index alone and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True, help="The folder that holds the sets.")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--passages", type=int, default=1_500)
    parser.add_argument("--queries", type=int, default=200)
    given = parser.parse_args()
    encoder = open_encoder()
    made = router_questions.made(indexed(given.data, given.passages), Random(SEED), people=True)
    vectors, began = encoder.encode([one.text for one in made]), time.perf_counter()
    fitted = router.fit(made, vectors, encoder.name, SEED)
    say(f"{len(made)} questions made, trained in {time.perf_counter() - began:.1f} s: {fitted.evidence}")
    asked = [
        (text, label) for name, label in _SETS.items() for text in questions(given.data / name, given.split, label)
    ]
    asked = [one for label in _SETS.values() for one in [pair for pair in asked if pair[1] == label][: given.queries]]
    model, truth = unpacked(fitted.artefact), np.array([label for _, label in asked])
    began = time.perf_counter()
    said = [
        model.judge(vector, text)
        for vector, (text, _) in zip(encoder.encode([text for text, _ in asked]), asked, strict=True)
    ]
    chosen = np.array([max(one.probabilities, key=lambda label: one.probabilities[label]) for one in said])
    confidence = np.array([max(one.probabilities.values()) for one in said])
    inside, right = truth != OUT, chosen == truth
    sure = (confidence >= model.threshold) & (chosen != OUT)
    say(f"{inside.sum()} questions with an answer: {right[inside].mean():.3f} right")
    say(f"coverage at 95 %: {coverage(confidence[inside], right[inside]):.3f}")
    say(f"routed: {sure[inside].mean():.3f}, of them right {right[sure & inside].mean():.3f}")
    told = auroc(np.array([one.scope for one in said]), inside)
    say(f"{(~inside).sum()} without one: AUROC {told or 0:.3f}, routed all the same {sure[~inside].mean():.3f}")


def indexed(data: Path, passages: int) -> list[Material]:
    """Return what the questions are made from: passages of each kind from one index of the three corpora."""
    with TemporaryDirectory() as folder:
        core, paths = make_core(Path(folder)), []
        for name in [name for name, label in _SETS.items() if label != OUT]:
            paths.append(Path(folder) / f"{name}.jsonl")
            with gzip.open(data / name / "corpus.jsonl.gz", "rt", encoding="utf-8") as corpus:
                paths[-1].write_text("".join(islice(corpus, passages)), encoding="utf-8")
        ingest(core, paths, frozenset({PUBLIC}), Silence())
        with core.database.read() as db:
            return [one for kind in Kind for one in materials.sample(db, kind, PER_KIND)]


def questions(folder: Path, split: str, label: str) -> list[str]:
    """Return the questions of one set in a fixed random order; of an intent set those that nothing answers."""
    with gzip.open(folder / "queries.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    texts = [one["text"] for one in found if one["split"] == split and (label != OUT or one.get("oos"))]
    return [texts[row] for row in np.random.default_rng(0).permutation(len(texts))]


if __name__ == "__main__":
    main()
