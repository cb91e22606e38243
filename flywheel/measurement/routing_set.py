"""Routing figures on a data set: how often the router is right, and of how many questions it may be sure.

A routing set is a folder with `queries.jsonl[.gz]` ({_id, text, split, label}) and no `qrels.tsv`. The router is
trained as the product trains it, on nothing but the descriptions of the labels (*day one*), on some hundred labelled
train questions, or on a few per label (*k-shot*), and measured on the questions of another split.

    accuracy      of the questions that have an answer, and of all where training knew some that have none
    coverage@95   the largest share of questions that can be routed with a lower Wilson bound of precision of .95,
                  the threshold chosen on these very questions: what the scores could give
    routed        the share above the router's own threshold, learned out of fold, and how many of them are right
    AUROC         of telling questions without an answer from those with one, by the scope

Figures are means over `SEEDS` draws of the training questions; intervals are 95 %: the wider of Wilson's over the
questions and two standard deviations over the draws.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import InvalidInput
from flywheel.learning import calibration
from flywheel.learning.router import Example, fit
from flywheel.measurement.questions import question_lines
from flywheel.measurement.week import share
from flywheel.model import Retriever
from flywheel.ports import Encoder, Vectors
from flywheel.routing.descriptions import described, in_words
from flywheel.routing.model import OUT, Judgement, RouteModel, unpacked
from flywheel.routing.router import NEVER

SEEDS = 3
SIZES = (300, 1_000)
_OUTSIDE = frozenset({"oos", OUT})
_SAME = {
    "document": Retriever.DOCUMENTS.value,
    "code": Retriever.CODE.value,
    "table": Retriever.TABLES.value,
    "image": Retriever.IMAGES.value,
    "oos": OUT,
}
"""Labels of data sets that mean what one of ours means."""
_WORDED = {
    "faq": (
        "Frequently asked questions with an answer that somebody wrote once: what is it, and what can be done?",
        "What is it?",
        "What are the reasons for it?",
        "Who can get it?",
        "What are the signs of it?",
        "How common is it?",
        "How is it found out?",
        "What can be done about it?",
        "Is there a cure for it?",
    ),
    "chat": (
        "Chat threads between colleagues: somebody has trouble with a program and asks the others for help right now.",
        "hi all, does anybody know why this keeps crashing?",
        "I get an error when I try to install it, any ideas?",
        "anyone here using the new version? mine won't start after the update",
        "it worked yesterday and now it just hangs, what should I check?",
        "how can I get my second screen to work?",
        "is there a way to undo that?",
        "I'm stuck, can someone help me with my network?",
        "thanks, but I already tried that and it did not help",
    ),
}
"""Labels of data sets that need more words than their own."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, its label, and its split. `label` is `OUT` where nothing answers it."""

    text: str
    label: str
    split: str


@dataclass(frozen=True, slots=True)
class Setting:
    """How much the router is taught: `labels` questions in all, or `shots` per label; neither is day one."""

    name: str
    labels: int = 0
    shots: int = 0


def is_routing_set(folder: Path) -> bool:
    """Tell whether a folder holds labelled questions and no judged passages."""
    return not (folder / "qrels.tsv").exists()


def load(folder: Path) -> list[Labelled]:
    """Read the labelled questions of all splits.

    Raises:
        InvalidInput: the folder holds no routing set.
    """
    found = [
        Labelled(line["text"], OUT if line.get("oos") else _label(line["label"]), str(line.get("split", "")))
        for line in question_lines(folder)
        if "label" in line
    ]
    if not found:
        raise InvalidInput(f"{folder} has neither qrels.tsv nor questions with a label")
    return found


def _label(written: object) -> str:
    return _SAME.get(str(written), str(written))


def settings(shots: int | None) -> list[Setting]:
    """Return what is measured: day one, 300 and 1,000 labels, or so many per label."""
    if shots is not None:
        return [Setting(f"{shots}-shot", shots=shots)]
    return [Setting("day one"), *(Setting(f"{size:,} labels", labels=size) for size in SIZES)]


def measure(
    encoder: Encoder, questions: Sequence[Labelled], split: str, wanted: Sequence[Setting], limit: int | None = None
) -> dict[str, Any]:
    """Return the figures of each setting, by name, and n; `limit` leaves out all but so many questions of the split.

    Raises:
        InvalidInput: the split has no questions, or there is nothing to train on.
    """
    train = [one for one in questions if one.split == "train"]
    judged = [one for one in questions if one.split == split][:limit]
    if not judged or split == "train" or not train:
        raise InvalidInput(f"there is nothing to measure on in split {split!r}, or nothing to train on")
    room = _Room(encoder, train, judged)
    return {"n": len(judged), "split": split, **{one.name: _setting(room, one) for one in wanted}}


class _Room:
    """Questions with their vectors, encoded once."""

    def __init__(self, encoder: Encoder, train: Sequence[Labelled], judged: Sequence[Labelled]) -> None:
        self.encoder = encoder
        self.train, self.judged = train, judged
        self.vectors = encoder.encode([one.text for one in judged])
        self._known: dict[str, NDArray[np.float32]] = {}

    def encoded(self, texts: Sequence[str]) -> Vectors:
        new = [one for one in dict.fromkeys(texts) if one not in self._known]
        if new:
            self._known.update(zip(new, self.encoder.encode(new), strict=True))
        return np.stack([self._known[one] for one in texts])


def _setting(room: _Room, setting: Setting) -> dict[str, Any]:
    draws = SEEDS if setting.labels or setting.shots else 1
    told = [_draw(room, setting, seed) for seed in range(draws)]
    names = [name for name in told[0] if name not in {"per_label", "n"}]
    figures: dict[str, Any] = {
        name: _mean([one[name] for one in told], told[0]["n"][name]) for name in names if told[0][name] is not None
    }
    return {**figures, "per_label": _mean_per_label([one["per_label"] for one in told]), "draws": draws}


def _draw(room: _Room, setting: Setting, seed: int) -> dict[str, Any]:
    examples = _examples(room.train, setting, seed)
    model = unpacked(fit(examples, room.encoded([one.text for one in examples]), room.encoder.name, seed).artefact)
    said = [model.judge(vector, one.text) for vector, one in zip(room.vectors, room.judged, strict=True)]
    return _figures(model, said, [one.label for one in room.judged])


def _examples(train: Sequence[Labelled], setting: Setting, seed: int) -> list[Example]:
    """Return what the router is taught: the descriptions of all labels, and the questions drawn."""
    rng = np.random.default_rng(seed)
    by_label: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(train):
        by_label[one.label].append(place)
    known = [label for label in sorted(by_label) if label != OUT or not setting.shots]
    taught = [Example(text, label, f"label {label} {text}") for label in known for text in _described(label)]
    if setting.shots:
        drawn = [row for label in known for row in rng.permutation(by_label[label])[: setting.shots]]
    else:
        drawn = list(rng.permutation(len(train))[: setting.labels])
    return [*taught, *(Example(train[row].text, train[row].label, f"question {row}") for row in drawn)]


def _described(label: str) -> tuple[str, ...]:
    return (*_WORDED[label], in_words(label)) if label in _WORDED else described(label)


def _figures(model: RouteModel, said: Sequence[Judgement], truth: Sequence[str]) -> dict[str, Any]:
    taught = set(model.labels)
    chosen = [max(one.probabilities, key=lambda label: one.probabilities[label]) for one in said]
    confidence = np.array([max(one.probabilities.values()) for one in said])
    asked = np.array([label in taught for label in truth])
    right = np.array([one == other for one, other in zip(chosen, truth, strict=True)])
    sure = asked & (confidence >= model.threshold) & (np.array(chosen) != OUT)
    inside = np.array([label not in _OUTSIDE for label in truth])
    figures = {
        "accuracy": float(right[asked].mean()),
        "coverage_at_95": coverage(confidence[asked], right[asked]),
        "routed_share": float(sure.sum() / asked.sum()),
        "routed_precision": float(right[sure].mean()) if sure.any() else None,
        "calibration_error": calibration.calibration_error(confidence[asked], right[asked]),
        "out_of_scope_auroc": auroc(np.array([one.scope for one in said]), inside),
        "similarity_auroc": auroc(np.array([one.similarity for one in said]), inside),
    }
    counts = {name: int(asked.sum()) for name in figures} | {"routed_precision": int(sure.sum())}
    return {**figures, "n": counts, "per_label": _per_label(chosen, truth, taught)}


def coverage(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Return the largest share of questions above a threshold with a lower Wilson bound of precision of .95."""
    least = calibration.threshold(np.asarray(confidence, dtype=np.float64), right)
    return float((confidence >= least).mean()) if least < NEVER else 0.0


def auroc(scores: NDArray[np.floating], inside: NDArray[np.bool_]) -> float | None:
    """Return the probability that a question with an answer scores above one without; None without both sorts."""
    above, below = np.sort(scores[inside]), scores[~inside]
    if not len(above) or not len(below):
        return None
    lower = np.searchsorted(above, below, side="left")
    upper = np.searchsorted(above, below, side="right")
    return float(1 - (lower + upper).mean() / 2 / len(above))


def table(figures: Mapping[str, Any]) -> str:
    """Return the figures as lines of text."""
    named = [name for name, value in figures.items() if isinstance(value, Mapping)]
    measured = list(dict.fromkeys(one for name in named for one in figures[name] if one not in {"per_label", "draws"}))
    lines = [f"{figures['n']} questions of split {figures['split']}", " " * 22 + "".join(f"{one:<26}" for one in named)]
    for one in measured:
        lines.append(f"{one:<22}" + "".join(f"{_cell(figures[name].get(one)):<26}" for name in named))
    last = figures[named[-1]]["per_label"]
    if len(last) <= _MOST_LABELS_SHOWN:
        lines += ["", f"{named[-1]:<22}precision  recall"]
        lines += [f"{label:<22}{_plain(one['precision'])}      {_plain(one['recall'])}" for label, one in last.items()]
    return "\n".join(lines)


_MOST_LABELS_SHOWN = 20


def _cell(one: Mapping[str, float] | None) -> str:
    return "" if one is None else f"{one['value']:.3f} [{one['low']:.3f}, {one['high']:.3f}]"


def _plain(value: float | None) -> str:
    return "  –  " if value is None else f"{value:.3f}"


def _per_label(chosen: Sequence[str], truth: Sequence[str], taught: set[str]) -> dict[str, dict[str, float | None]]:
    told = {}
    for label in sorted(taught):
        hits = sum(one == other == label for one, other in zip(chosen, truth, strict=True))
        said, there = chosen.count(label), truth.count(label)
        told[label] = {"precision": hits / said if said else None, "recall": hits / there if there else None}
    return told


def _mean(values: Sequence[float | None], n: int) -> dict[str, float]:
    """Return the mean over draws with its interval: that of the questions, or of the draws where that is wider."""
    known = np.array([one for one in values if one is not None])
    value = float(known.mean())
    within = share(round(value * n), n)
    low, high = (value, value) if within.low is None or within.high is None else (within.low, within.high)
    spread = 1.96 * float(known.std(ddof=1)) if len(known) > 1 else 0.0
    return {"value": value, "low": max(0.0, min(low, value - spread)), "high": min(1.0, max(high, value + spread))}


def _mean_per_label(draws: Sequence[Mapping[str, Mapping[str, float | None]]]) -> dict[str, dict[str, float | None]]:
    def mean(label: str, name: str) -> float | None:
        known = [value for draw in draws if label in draw and (value := draw[label][name]) is not None]
        return float(np.mean(known)) if known else None

    labels = list(dict.fromkeys(label for draw in draws for label in draw))
    return {label: {name: mean(label, name) for name in ("precision", "recall")} for label in labels}
