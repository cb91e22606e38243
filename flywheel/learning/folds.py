"""Folds for training questions, made so that what is held out is as new to a model as a person's question will be.

Two things can tell on a made question: the document that it was made from, and the form of words that it was put in.
Both stay out of the training side: a fold's test questions come from some documents and some forms, its training
questions from other documents and other forms. People's questions have a form of their own each, so for them only the
group counts: what they come from (a document, a conversation).
"""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Fold = tuple[Numbers, Numbers]

FOLDS = 5
_SIDES = 3
"""Folds of documents, and of forms: every pair of them is tried, which makes nine. With four, less of each was new, and
of people's questions 94 % were right where 95 % were promised; with three, 97 % (handbook_wiki, nl2bash, fetaqa)."""


def folds(truth: Numbers, groups: Sequence[str], forms: Sequence[str], seed: int) -> list[Fold]:
    """Return (train, test) rows; none where a label has fewer than two groups.

    `forms` holds the empty string for what was not made. Every row is tested once at most, and every label of a test
    side stands on its training side.
    """
    of_group = {(group, int(label)) for group, label in zip(groups, truth, strict=True)}
    count = min(FOLDS if not any(forms) else _SIDES, *np.bincount([label for _, label in of_group]))
    if count < 2:
        return []
    side = _sides(truth, groups, count, seed)
    if not any(forms):
        return [(np.flatnonzero(side != one), np.flatnonzero(side == one)) for one in range(count)]
    form = np.array([zlib.crc32(f"{seed} {one}".encode()) % count if one else -1 for one in forms])
    made = [_apart(side, form, one, (one + shift) % count) for one in range(count) for shift in range(count)]
    return [(train, test[np.isin(truth[test], truth[train])]) for train, test in made if len(test)]


def _apart(side: Numbers, form: Numbers, held_side: int, held_form: int) -> Fold:
    """Return the rows that share neither side nor form with what is held out, and those held out.

    Rows without a form are held out with the form of their side's number.
    """
    own = np.where(form < 0, side, form)
    test = (side == held_side) & (own == held_form)
    train = (side != held_side) & (form != held_form)
    return np.flatnonzero(train), np.flatnonzero(test)


def _sides(truth: Numbers, groups: Sequence[str], count: int, seed: int) -> Numbers:
    from sklearn.model_selection import StratifiedGroupKFold  # noqa: PLC0415 - a training job's library

    splitter = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=seed % 2**32)
    side = np.zeros(len(truth), dtype=np.int64)
    for number, (_, test) in enumerate(splitter.split(np.zeros(len(truth)), truth, groups)):
        side[test] = number
    return side
