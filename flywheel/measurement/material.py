"""What a turn works on: the ledger, the labels and questions made of it, their split, and what serves now."""

from dataclasses import dataclass, replace

import numpy as np

from flywheel.core import Core
from flywheel.curation import dataset, labels, routes
from flywheel.curation.split import split
from flywheel.learning.challenge import required_features
from flywheel.learning.lesson import Lesson
from flywheel.learning.remembering import RememberingEncoder
from flywheel.retrieval import champions
from flywheel.store import ledger, question_vectors


@dataclass(frozen=True, slots=True)
class Material:
    """A turn's labels, and the lesson that every learner gets."""

    labelling: labels.Labelling
    lesson: Lesson


def gather(core: Core) -> Material:
    """Read the ledger and the champions in one unit of work, then make the data set of it."""
    with core.database.read() as db:
        everything = ledger.read(db)
        serving = champions.read(db)
        known = question_vectors.by_text(db, core.encoder.name)
    core = replace(core, encoder=RememberingEncoder(core.encoder, known))
    labelling = labels.curate(everything)
    examples = dataset.build(everything, labelling, required_features())
    texts = [one.text for one in examples.groups]
    vectors = core.encoder.encode(texts) if texts else np.zeros((0, core.encoder.dimensions), dtype=np.float32)
    seed = int(labelling.snapshot[:12], 16)
    parts = split(examples.groups, vectors)
    lesson = Lesson(core, everything, examples, parts, serving, seed, routes.curate(everything))
    return Material(labelling, lesson)
