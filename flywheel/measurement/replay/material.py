"""What a replay asks about: documents to index, questions to ask over the weeks, questions to be measured by.

A folder holds one of

    corpus.jsonl.gz, queries.jsonl.gz, qrels.tsv    a retrieval set
    queries.jsonl.gz with a label a line            recurring questions: each label becomes a document of its own words
    queries.jsonl.gz, qrels.tsv                     one's own questions over what is indexed already

Questions of the split `train` are asked, those of `dev` are measured by. Surprising: a label that means that nothing
answers (`out_of_scope`, `oos`) becomes no document, and its questions are left out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from flywheel.errors import InvalidInput
from flywheel.measurement.questions import found, lines, question_lines
from flywheel.measurement.retrieval_set import Judged, load

_NOTHING = frozenset({"oos", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class Material:
    """Lines to index ({_id, title, text, …}; none where the knowledge is there already), and judged questions."""

    documents: tuple[Mapping[str, Any], ...]
    asked: tuple[Judged, ...]
    heldout: tuple[Judged, ...]


def read(folder: Path, *, documents: int, heldout: int, rng: Random, here: bool = False) -> Material:
    """Read a folder: about `documents` of its corpus, with all that any question wants, and `heldout` dev questions.

    With `here` nothing of it is to be indexed.

    Raises:
        InvalidInput: the folder holds none of the three, or one of the two splits has no questions.
    """
    if (folder / "qrels.tsv").exists():
        made = Material((), tuple(load(folder, "train")), tuple(load(folder, "dev")))
    else:
        made = _labelled(folder)
    chosen = rng.sample(made.heldout, min(heldout, len(made.heldout)))
    made = replace(made, heldout=tuple(chosen))
    if here:
        return replace(made, documents=())
    if made.documents:
        return made
    wanted = {one for question in (*made.asked, *made.heldout) for one in question.relevance}
    return replace(made, documents=tuple(_sampled(list(_corpus(folder)), wanted, documents, rng)))


def write(documents: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Write lines as a list that `flywheel index` takes."""
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in documents), encoding="utf-8")


def _labelled(folder: Path) -> Material:
    asked: dict[str, list[Judged]] = {"train": [], "dev": []}
    labels: dict[str, None] = {}
    for line in question_lines(folder):
        label, split = str(line.get("label", "")), str(line.get("split", ""))
        if not label or label in _NOTHING or line.get("oos") or split not in asked:
            continue
        labels[label] = None
        asked[split].append(Judged(line["text"], {label: 1.0}))
    if not asked["train"] or not asked["dev"]:
        raise InvalidInput(f"{folder} has neither qrels.tsv nor labelled questions in the splits train and dev")
    entries = tuple({"_id": one, "title": _worded(one), "text": f"{_worded(one)}."} for one in labels)
    return Material(entries, tuple(asked["train"]), tuple(asked["dev"]))


def _worded(label: str) -> str:
    return label.replace("_", " ").strip().capitalize()


def _corpus(folder: Path) -> Iterator[Mapping[str, Any]]:
    file = found(folder, "corpus.jsonl")
    if file is None:
        raise InvalidInput(f"{folder} has no corpus.jsonl; ask over the knowledge that is indexed already with --here")
    return lines(file, "_id")


def _sampled(
    corpus: Sequence[Mapping[str, Any]], wanted: set[str], most: int, rng: Random
) -> Iterator[Mapping[str, Any]]:
    """Yield what is wanted and as many others as fit, in the corpus's order."""
    others = [str(one["_id"]) for one in corpus if str(one["_id"]) not in wanted]
    room = max(0, most - (len(corpus) - len(others)))
    kept = wanted.union(rng.sample(others, min(room, len(others))))
    yield from (one for one in corpus if str(one["_id"]) in kept)
