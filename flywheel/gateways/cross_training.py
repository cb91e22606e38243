"""Fine-tune a cross-encoder on graded passages of judged questions, in a process of its own.

    python -m flywheel.gateways.cross_training FOLDER TARGETS

FOLDER and TARGETS are those of `contrastive`. A pair (question, passage, label in [0, 1]) is learned with binary
cross-entropy; the model is judged by nDCG@10 over whole lists of questions that it does not learn from, and training
stops early, since cross-encoders often peak in the middle and fall back.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np

from flywheel.gateways import course, cross_export
from flywheel.gateways.contrastive import batch_of, ndcg, rate_at
from flywheel.gateways.course import Plan
from flywheel.gateways.tower import model_name
from flywheel.gateways.training_material import Material

_LONGEST = 256
"""Tokens that are read while training; serving reads the model's whole window."""
_AT_ONCE = 20
_DECAY = 0.01
_CLIP = 1.0


class Reading:
    """The course: `module` reads a question and a passage together."""

    def __init__(self, material: Material) -> None:
        """Load the base model."""
        # torch and transformers take seconds and half a gigabyte: this process alone pays for them.
        import torch  # noqa: PLC0415
        from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: PLC0415

        torch.set_num_threads(1)
        torch.manual_seed(material.seed)
        torch.use_deterministic_algorithms(mode=True)
        self.material = material
        self.tokenizer: Any = AutoTokenizer.from_pretrained(material.base, local_files_only=True)
        self.module: Any = AutoModelForSequenceClassification.from_pretrained(
            material.base, use_safetensors=True, local_files_only=True
        )
        for part in self.module.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.0
        rate = material.settings.rate
        self.optimiser: Any = torch.optim.AdamW(self.module.parameters(), lr=rate, weight_decay=_DECAY)
        self.steps = material.settings.epochs * max(1, len(material.pairs) // material.settings.batch)

    def learn(self, step: int) -> None:
        """Take one step of AdamW on the batch of this number."""
        import torch  # noqa: PLC0415

        settings = self.material.settings
        rows = batch_of(len(self.material.pairs), settings.batch, self.material.seed, step)
        pairs = [self.material.pairs[row] for row in rows]
        for group in self.optimiser.param_groups:
            group["lr"] = settings.rate * rate_at(step, self.steps)
        self.module.train()
        self.optimiser.zero_grad()
        logits = self._logits([text for text, _, _ in pairs], [self.material.passages[n] for _, n, _ in pairs])
        labels = torch.tensor([label for _, _, label in pairs])
        loss: Any = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.module.parameters(), _CLIP)
        self.optimiser.step()

    def judge(self) -> float:
        """Return the mean nDCG@10 of the judging questions' lists."""
        import torch  # noqa: PLC0415

        self.module.eval()
        gains = []
        with torch.no_grad():
            for text, graded in self.material.judging:
                places = list(graded)
                scores = np.concatenate(
                    [
                        self._logits([text] * len(some), [self.material.passages[n] for n in some]).numpy()
                        for some in (places[n : n + _AT_ONCE] for n in range(0, len(places), _AT_ONCE))
                    ]
                )
                grades = [graded[places[n]] for n in np.argsort(-scores, kind="stable")]
                gains.append(ndcg(grades, sorted(grades, reverse=True)))
        return float(np.mean(gains)) if gains else 0.0

    def _logits(self, questions: list[str], texts: list[str]) -> Any:
        longest = min(_LONGEST, int(self.tokenizer.model_max_length))
        given = self.tokenizer(
            questions, texts, padding=True, truncation="only_second", max_length=longest, return_tensors="pt"
        )
        return self.module(**given).logits[:, 0]


def train(folder: Path, targets: Path) -> dict[str, object]:
    """Train, export what was best and return what to know of it.

    Raises:
        ArtefactError: the material makes no sense, or the model cannot be exported.
        InterruptedError: the process that started this one is gone.
    """
    material = Material.read(folder)
    reading = Reading(material)
    standing = course.run(reading, Plan(reading.steps, material.settings.every, material.settings.patience), folder)
    model, aside = folder / "model", targets / f".{folder.name}"
    reading.module.save_pretrained(str(model))
    reading.tokenizer.save_pretrained(str(model))
    shutil.rmtree(aside, ignore_errors=True)
    cross_export.export(model, aside)
    target = targets / model_name(aside)
    if not target.exists():
        aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)
    return {
        "folder": target.name,
        "judged": {"questions": len(material.judging), "before": standing.start, "after": standing.best},
        "steps": {"taken": standing.step, "best": standing.best_step, "planned": reading.steps},
        "pairs": len(material.pairs),
    }


def main() -> None:
    """Train what the folder says, and write the result beside it."""
    folder = Path(sys.argv[1])
    result = train(folder, Path(sys.argv[2]))
    aside = folder / ".result.json"
    aside.write_text(json.dumps(result, sort_keys=True), encoding="utf-8")
    aside.replace(folder / "result.json")


if __name__ == "__main__":
    main()
