"""Fine-tune an encoder on questions and the passages that answer them, in a process of its own.

    python -m flywheel.gateways.contrastive FOLDER TARGETS

FOLDER holds `material.json` (`flywheel.learning.material`); the result is an exported model in a folder below TARGETS
that is named after its content, and FOLDER/result.json. Two kinds:

    query_tower   only the encoder of questions learns; passages keep the vectors that they have, which is eight times
                  cheaper and needs no new index. The loss is that of multiple negatives ranking: each question's own
                  passage against all others of its batch and its hard negatives. The passages being constants, a
                  batch needs no cached gradients.
    towers        one encoder learns to place both, with sentence-transformers' CachedMultipleNegativesRankingLoss;
                  every passage has to be encoded anew.

A hard negative is one of the passages nearest to the question before training; those within `MARGIN` of the right one
are left out, because too many of them answer the question too (`positive-aware mining`, NV-Retriever, Moreira et al.,
2024: a negative's score stays below 95 % of the positive's).

One thread and no dropout: the same material gives the same weights, bit for bit, on the same kind of processor.
"""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flywheel.gateways import course, export
from flywheel.gateways.course import Plan
from flywheel.gateways.tower import model_name
from flywheel.gateways.training_material import Material

TEMPERATURE = 0.05
"""As all-MiniLM-L6-v2 itself was trained (its model card: scale 20)."""
MARGIN = 0.95
_NEAREST = 30
_WARM = 0.1
_DECAY = 0.01
_CLIP = 1.0
_DEPTH = 10
_ENCODE_AT_ONCE = 256
_MINI = 16
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much the trained vector may count beside the untrained one; the best on the judging questions is kept."""

Floats = NDArray[np.float32]


class TwoTowers:
    """The course of both kinds: `module` encodes questions; passages are placed by it before training, or always."""

    def __init__(self, material: Material, folder: Path) -> None:
        """Load the base model and place the passages before training."""
        # torch and sentence_transformers take seconds and half a gigabyte: this process alone pays for them.
        import torch  # noqa: PLC0415
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        torch.set_num_threads(1)
        torch.manual_seed(material.seed)
        torch.use_deterministic_algorithms(mode=True)
        self.material = material
        self.module: Any = SentenceTransformer(material.base, device="cpu")
        for part in self.module.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.0
        self.passages = _kept(folder / "passages.npy", lambda: self.encode(material.passages, folder))
        self.untrained = self.encode([text for text, _ in material.judging])
        self.negatives = _mined(self.encode([text for text, _, _ in material.pairs]), self.passages, material)
        self.weight = 0.0
        rate, decay = material.settings.rate, _DECAY
        self.optimiser: Any = torch.optim.AdamW(self.module.parameters(), lr=rate, weight_decay=decay)
        self.steps = material.settings.epochs * max(1, len(material.pairs) // material.settings.batch)
        self._loss: Any = None

    def encode(self, texts: Sequence[str], folder: Path | None = None) -> Floats:
        """Return unit vectors under the weights as they are, telling the progress where a folder is given."""
        import torch  # noqa: PLC0415

        self.module.eval()
        found = []
        with torch.no_grad():
            for start in range(0, len(texts), _ENCODE_AT_ONCE):
                some = list(texts[start : start + _ENCODE_AT_ONCE])
                found.append(self.module.encode(some, normalize_embeddings=True, show_progress_bar=False))
                if folder is not None:
                    course.tell(folder, 0.1 * start / len(texts))
        width = int(self.module.get_embedding_dimension() or 0)
        return np.concatenate(found).astype(np.float32) if found else np.zeros((0, width), np.float32)

    def learn(self, step: int) -> None:
        """Take one step of AdamW on the batch of this number."""
        import torch  # noqa: PLC0415

        rows = batch_of(len(self.material.pairs), self.material.settings.batch, self.material.seed, step)
        for group in self.optimiser.param_groups:
            group["lr"] = self.material.settings.rate * rate_at(step, self.steps)
        self.module.train()
        self.optimiser.zero_grad()
        if self.material.kind == "towers":
            self._learn_both(rows)
        else:
            self._learn_questions(rows)
        torch.nn.utils.clip_grad_norm_(self.module.parameters(), _CLIP)
        self.optimiser.step()

    def judge(self) -> float:
        """Return nDCG@10 of the judging questions among the passages, with the best share of the trained vector."""
        trained = self.encode([text for text, _ in self.material.judging])
        if self.material.kind == "towers":
            wanted = sorted({place for _, its in self.material.judging for place in its})
            self._place(wanted)
            self.weight = 1.0
            return self._worth(trained)
        worths = [self._worth(_mixed(self.untrained, trained, weight)) for weight in WEIGHTS]
        self.weight = WEIGHTS[int(np.argmax(worths))]
        return max(worths)

    def _place(self, wanted: Sequence[int]) -> None:
        """Encode anew what is judged, and a sample of the rest, which is all that both towers are judged among."""
        others = np.random.default_rng(self.material.seed).permutation(len(self.material.passages))[:500]
        self.pool = sorted({*wanted, *others.tolist()})
        self.passages[self.pool] = self.encode([self.material.passages[place] for place in self.pool])

    def _worth(self, vectors: Floats) -> float:
        pool = np.array(self.pool if self.material.kind == "towers" else range(len(self.passages)), dtype=np.int64)
        gains = []
        for vector, (_, wanted) in zip(vectors, self.material.judging, strict=True):
            order = pool[np.argsort(-(self.passages[pool] @ vector), kind="stable")[:_DEPTH]]
            gains.append(ndcg([wanted.get(int(place), 0.0) for place in order], sorted(wanted.values(), reverse=True)))
        return float(np.mean(gains)) if gains else 0.0

    def _features(self, texts: Sequence[str]) -> dict[str, Any]:
        features: dict[str, Any] = self.module.preprocess(list(texts))
        return features

    def _learn_questions(self, rows: Sequence[int]) -> None:
        import torch  # noqa: PLC0415

        pairs = [self.material.pairs[row] for row in rows]
        places = [*(place for _, place, _ in pairs), *(place for row in rows for place in self.negatives[row])]
        vectors = self.module(self._features([text for text, _, _ in pairs]))["sentence_embedding"]
        questions = torch.nn.functional.normalize(vectors, dim=1)
        scores = questions @ torch.from_numpy(self.passages[places]).T / TEMPERATURE
        own = np.array(places)[None, :] == np.array(places[: len(pairs)])[:, None]
        own[np.arange(len(pairs)), np.arange(len(pairs))] = False  # a passage asked for twice is no negative
        scores = scores.masked_fill(torch.from_numpy(own), float("-inf"))
        losses = torch.nn.functional.cross_entropy(scores, torch.arange(len(pairs)), reduction="none")
        weights = torch.tensor([weight for _, _, weight in pairs])
        ((losses * weights).sum() / weights.sum()).backward()  # type: ignore[no-untyped-call]

    def _learn_both(self, rows: Sequence[int]) -> None:
        from sentence_transformers.sentence_transformer.losses import (  # noqa: PLC0415
            CachedMultipleNegativesRankingLoss,
        )

        if self._loss is None:
            self._loss = CachedMultipleNegativesRankingLoss(self.module, scale=1 / TEMPERATURE, mini_batch_size=_MINI)
        texts = self.material.passages
        pairs = [self.material.pairs[row] for row in rows]
        columns = [[text for text, _, _ in pairs], [texts[place] for _, place, _ in pairs]]
        if all(len(self.negatives[row]) for row in rows):
            columns.append([texts[self.negatives[row][0]] for row in rows])
        self._loss([self._features(column) for column in columns], None).backward()


def train(folder: Path, targets: Path) -> dict[str, object]:
    """Train, export what was best and return what to know of it; what was trained before is returned as it stands.

    Raises:
        ArtefactError: the material makes no sense, or the model cannot be exported.
        InterruptedError: the process that started this one is gone.
    """
    material = Material.read(folder)
    running = TwoTowers(material, folder)
    plan = Plan(running.steps, material.settings.every, material.settings.patience)
    standing = course.run(running, plan, folder)
    running.judge()
    model = folder / "model"
    running.module.save_pretrained(str(model))
    target = put(model, targets)
    return {
        "folder": target.name,
        "weight": running.weight if standing.best_step else 0.0,
        "judged": {"questions": len(material.judging), "before": standing.start, "after": standing.best},
        "steps": {"taken": standing.step, "best": standing.best_step, "planned": plan.steps},
        "pairs": len(material.pairs),
    }


def put(model: Path, targets: Path) -> Path:
    """Export a model into a folder that is named after its content, and return that folder."""
    aside = targets / f".{model.parent.name}"
    shutil.rmtree(aside, ignore_errors=True)
    export.export(model, aside)
    target = targets / model_name(aside)
    if not target.exists():
        aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)
    return target


def _kept(path: Path, made: Any) -> Floats:
    """Return an array from its file, making it and writing it first where there is none."""
    if not path.exists():
        aside = path.with_name(f".{path.name}")
        with aside.open("wb") as file:
            np.save(file, made(), allow_pickle=False)
        aside.replace(path)
    kept: Floats = np.load(path, allow_pickle=False)
    return kept


def _mined(questions: Floats, passages: Floats, material: Material) -> list[list[int]]:
    """Return the places of each pair's hard negatives, nearest first; they stand outside of the positive's margin."""
    mined = []
    for vector, (_, place, _) in zip(questions, material.pairs, strict=True):
        scores = passages @ vector
        near = np.argsort(-scores, kind="stable")[:_NEAREST].tolist()
        far = [one for one in near if one != place and scores[one] < MARGIN * scores[place]]
        mined.append(far[: material.settings.negatives])
    return mined


def batch_of(count: int, size: int, seed: int, step: int) -> list[int]:
    """Return the places of the pairs of a batch: each epoch goes through all in an order of its own."""
    size = min(size, count)
    epoch, part = divmod(step, max(1, count // size))
    order = np.random.default_rng([seed % 2**32, epoch]).permutation(count)
    return [int(place) for place in order[part * size : (part + 1) * size]]


def rate_at(step: int, steps: int) -> float:
    """Return the share of the learning rate at a step: up within a tenth of all, then down to a fiftieth."""
    return min(1.0, (step + 1) / (_WARM * steps + 1)) * max(0.02, 1 - step / steps)


def _mixed(untrained: Floats, trained: Floats, weight: float) -> Floats:
    mixed = weight * trained + (1 - weight) * untrained
    unit: Floats = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit


def ndcg(found: Sequence[float], ideal: Sequence[float]) -> float:
    """Return nDCG@10 of grades in the order found; `ideal` has all of them, best first."""

    def gain(grades: Sequence[float]) -> float:
        top = np.array(grades[:_DEPTH], dtype=np.float64)
        return float(((2**top - 1) / np.log2(np.arange(len(top)) + 2)).sum())

    return gain(found) / gain(ideal) if ideal and ideal[0] > 0 else 0.0


def main() -> None:
    """Train what the folder says, and write the result beside it."""
    folder, targets = Path(sys.argv[1]), Path(sys.argv[2])
    result = train(folder, targets)
    aside = folder / ".result.json"
    aside.write_text(json.dumps(result, sort_keys=True), encoding="utf-8")
    aside.replace(folder / "result.json")


if __name__ == "__main__":
    main()
