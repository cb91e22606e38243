"""What a turn works on: the ledger, the labels and questions made of it, their split, and what serves now.

Only the public part of the ledger teaches (`curation/private.py`); credit is given for all of it. Questions' vectors
are those they were searched with, so a turn encodes next to nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from flywheel.core import Core
from flywheel.curation import bursts, credit, credit_review, dataset, labelling, private, review_queue
from flywheel.curation.bursts import Alarm
from flywheel.curation.labelling import Labelled
from flywheel.curation.labels import Labelling
from flywheel.curation.split import split
from flywheel.learning.challenge import required_features
from flywheel.learning.lesson import Lesson
from flywheel.learning.remembering import RememberingEncoder
from flywheel.retrieval import champions
from flywheel.store import evaluation_sets, ledger, question_vectors, verified
from flywheel.store.credits import Attribution
from flywheel.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Material:
    """A turn's ledger, its labels, the credit of each signal by key, alarms, and the lesson that every learner gets.

    `left_out` counts acts about private material.
    """

    ledger: Ledger
    labelled: Labelled
    credit: Mapping[str, Attribution]
    alarms: tuple[Alarm, ...]
    left_out: Mapping[str, int]
    lesson: Lesson

    @property
    def labelling(self) -> Labelling:
        """Return the labels of passages."""
        return self.labelled.passages


def gather(core: Core) -> Material:
    """Read the ledger and what serves, then make the labels and the data set of it."""
    with core.database.read() as db:
        everything = ledger.read(db)
        serving = champions.read(db)
        known = question_vectors.by_text(db, core.encoder.name)
        reserved = evaluation_sets.reserved(db)
        approved = [answer for answer, _ in verified.active(db, core.encoder.name)]
        public = private.public_part(db, everything)
    core = replace(core, encoder=RememberingEncoder(core.encoder, known))
    attributions = credit_review.renewed(core, everything)
    with core.database.read() as db:
        told = review_queue.told(db, credit.blameless(attributions.values()))
    labelled = labelling.label(public.ledger, core.encoder.encode, approved, told)
    examples = dataset.build(public.ledger, labelled.passages, required_features())
    texts = [one.text for one in examples.groups]
    vectors = core.encoder.encode(texts) if texts else np.zeros((0, core.encoder.dimensions), dtype=np.float32)
    snapshot = labelled.passages.snapshot
    lesson = Lesson(
        core,
        public.ledger,
        examples,
        split(examples.groups, vectors, reserved),
        serving.judged,
        int(snapshot[:12], 16),
        labelled.routes,
        snapshot,
        attributions,
        labelled.trust.quarantined,
        reserved,
    )
    alarms = tuple(bursts.alarms(everything.signals))
    return Material(everything, labelled, attributions, alarms, public.left_out, lesson)
