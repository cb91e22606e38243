"""`flywheel eval` on a routing set: what is read, what is trained on what, and what the figures say."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from flywheel.errors import InvalidInput
from flywheel.measurement.routing_set import (
    Setting,
    auroc,
    coverage,
    is_routing_set,
    load,
    measure,
    settings,
    table,
)
from flywheel.routing.model import OUT
from tests.parts import HashingEncoder

WORDS = ("red", "green", "blue", "black", "white", "grey", "pink", "brown", "gold", "silver", "violet", "amber")
TEXTS = {
    "code": "which function paints it {}",
    "table": "how many {} things are there",
    "out_of_scope": "sing a {} song for me",
}


def write(folder: Path) -> Path:
    """Write a routing set of three labels: eight train and four dev questions of each."""
    lines = [
        {"_id": f"{label}{n}", "text": text.format(word), "split": "train" if n < 8 else "dev", "label": label}
        for label, text in TEXTS.items()
        for n, word in enumerate(WORDS)
    ]
    with gzip.open(folder / "queries.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def test_a_folder_with_judged_passages_is_no_routing_set(tmp_path: Path) -> None:
    (tmp_path / "qrels.tsv").write_text("")

    assert not is_routing_set(tmp_path)


def test_labels_that_mean_a_retriever_of_ours_get_its_name(tmp_path: Path) -> None:
    assert {one.label for one in load(write(tmp_path))} == {"code", "tables", OUT}


def test_an_empty_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no queries\.jsonl"):
        load(tmp_path)


@pytest.mark.parametrize("line", ["{", "[]", '{"text": 1}', "\udcff"])
def test_a_line_that_is_no_question_is_refused_by_its_number(tmp_path: Path, line: str) -> None:
    text = f'{{"text": "a", "label": "code"}}\n{line}\n'
    (tmp_path / "queries.jsonl").write_text(text, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(InvalidInput, match=r"queries\.jsonl(, line 2| cannot be read)"):
        load(tmp_path)


def test_a_question_without_a_split_is_in_none(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"text": "a", "label": "code"}\n')

    assert [one.split for one in load(tmp_path)] == [""]


def test_train_questions_are_not_measured_on(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="train"):
        measure(HashingEncoder(), load(write(tmp_path)), "train", settings(None))


def test_labelled_questions_teach_more_than_descriptions(tmp_path: Path) -> None:
    wanted = [Setting("day one"), Setting("all", labels=24)]

    figures = measure(HashingEncoder(), load(write(tmp_path)), "dev", wanted)

    assert figures["all"]["accuracy"]["value"] == 1.0
    assert figures["all"]["accuracy"]["value"] > figures["day one"]["accuracy"]["value"]


def test_questions_without_an_answer_are_told_from_the_others(tmp_path: Path) -> None:
    figures = measure(HashingEncoder(), load(write(tmp_path)), "dev", [Setting("all", labels=24)])

    assert figures["all"]["out_of_scope_auroc"]["value"] == 1.0


def test_a_few_shots_leave_questions_without_an_answer_out_of_training(tmp_path: Path) -> None:
    figures = measure(HashingEncoder(), load(write(tmp_path)), "dev", settings(2))

    assert OUT not in figures["2-shot"]["per_label"]


def test_the_table_names_every_setting(tmp_path: Path) -> None:
    shown = table(measure(HashingEncoder(), load(write(tmp_path)), "dev", settings(2)))

    assert "2-shot" in shown
    assert "coverage_at_95" in shown


def test_scores_that_order_perfectly_have_an_auroc_of_one() -> None:
    assert auroc(np.array([0.9, 0.8, 0.1]), np.array([True, True, False])) == 1.0


def test_ties_count_half() -> None:
    assert auroc(np.array([0.5, 0.5]), np.array([True, False])) == 0.5


def test_nothing_is_covered_where_too_few_are_right() -> None:
    assert coverage(np.linspace(1, 0, 100), np.arange(100) % 2 == 0) == 0.0
