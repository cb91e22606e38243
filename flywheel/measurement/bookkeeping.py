"""Write down what a turn made of the ledger: labels with their trust, credit, what people should look at."""

from collections import Counter
from datetime import datetime

from flywheel.curation import credit_review, review_queue
from flywheel.measurement.material import Material
from flywheel.store import labels, reviews, trusts
from flywheel.store.database import Session


def keep(db: Session, material: Material, since: datetime, at: datetime) -> None:
    """Store labels and trust in place of the last turn's, and add what is new to look at.

    `since` is when the ledger was read.
    """
    labels.replace_all(db, review_queue.stored(material.lesson.ledger, material.labelled))
    trusts.replace_all(db, material.labelled.trust.standings, at)
    credit_review.keep(db, material.credit, since)
    reviews.put(db, review_queue.items(material.labelled, material.alarms, at))


def told(material: Material) -> dict[str, object]:
    """Return the same in numbers, as plain JSON for the evidence."""
    labelled = material.labelled
    everything = (*labelled.passages.labels, *labelled.passages.set_aside)
    complaints = [one for one in material.credit.values() if not one.helped]
    return {
        "label_states": dict(sorted(Counter(one.state.value for one in everything).items())),
        "people": {"known": len(labelled.trust.standings), "quarantined": len(labelled.trust.quarantined)},
        "behaviour": {name: round(one.value, 4) for name, one in sorted(labelled.weights.items())},
        "credit": dict(sorted(Counter(one.part.value for one in complaints).items())),
        "alarms": len(material.alarms),
        "left_out_private": dict(material.left_out),
    }
