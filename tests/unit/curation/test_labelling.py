"""From a ledger to labels in one go: attackers out, mistakes out, behaviour weighed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from flywheel.curation.bursts import alarms
from flywheel.curation.labelling import Labelled, Told, label
from flywheel.curation.labels import LabelState
from flywheel.curation.review_queue import items, stored
from flywheel.model import SignalKind, VerifiedAnswer
from flywheel.ports import Vectors
from flywheel.store.ledger import Ledger
from flywheel.store.reviews import ReviewKind
from tests.unit.curation.exchanges import START, did, exchange, ledger

UP = SignalKind.CITATION_UP
TOPICS = ("vpn", "pay", "leave", "travel")
RIGHT = {"vpn": "p1", "pay": "p2", "leave": "p3", "travel": "p4"}


def encode(texts: Sequence[str]) -> Vectors:
    """Return one vector per text: near its topic's axis, each a little elsewhere."""
    rows = []
    for text in texts:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
        row = np.random.default_rng(seed).normal(0, 0.1, len(TOPICS))
        row[TOPICS.index(text.split()[0])] += 1
        rows.append(row / np.linalg.norm(row))
    return np.array(rows, dtype=np.float32).reshape(len(texts), len(TOPICS))


def world(attack: int = 0, slip: bool = False) -> Ledger:
    """Return a ledger of 96 questions that twelve persons judged; Mallory calls the next topic's source right."""
    count = 96 + attack + slip
    exchanges = tuple(exchange(number, text=f"{TOPICS[number % 4]} question {number}") for number in range(count))
    acts = [
        did(UP, f"U{number // 4 % 12}", number=number, passage_id=RIGHT[TOPICS[number % 4]]) for number in range(96)
    ]
    acts += [did(UP, "mallory", number=96 + one, passage_id=RIGHT[TOPICS[(one + 1) % 4]]) for one in range(attack)]
    if slip:
        acts.append(did(UP, "U0", number=96 + attack, passage_id=RIGHT[TOPICS[(97 + attack) % 4]]))
    return ledger(*acts, exchanges=exchanges)


def states(made: Labelled) -> set[LabelState]:
    return {one.state for one in made.passages.set_aside}


def test_honest_votes_all_count() -> None:
    made = label(world(), encode)

    assert (len(made.passages.labels), made.passages.set_aside) == (96, ())


def test_an_attacker_s_votes_do_not() -> None:
    made = label(world(attack=60), encode)

    assert {one.person for one in made.passages.labels} == {f"U{number}" for number in range(12)}
    assert states(made) == {LabelState.QUARANTINED}


def test_a_slip_of_an_honest_person_is_doubted_alone() -> None:
    made = label(world(slip=True), encode)

    assert [(one.question_id, one.state) for one in made.passages.set_aside] == [("q96", LabelState.DOUBTED)]


def test_what_a_reviewer_upheld_counts_again() -> None:
    (key,) = label(world(slip=True), encode).beliefs

    assert len(label(world(slip=True), encode, told=Told(upheld=frozenset({key}))).passages.labels) == 97


def test_whom_a_reviewer_cleared_counts_again() -> None:
    made = label(world(attack=60), encode, told=Told(cleared=frozenset({"mallory"})))

    assert LabelState.QUARANTINED not in states(made)


def test_a_verified_answer_is_a_honeypot() -> None:
    alone = ledger(
        *(did(UP, "mallory", number=number, passage_id="p2") for number in range(12)),
        exchanges=tuple(exchange(number, text=f"vpn question {number}") for number in range(12)),
    )
    known = [
        VerifiedAnswer(f"v{one}", f"vpn known {one}", "p1.", frozenset(), "U1", "U9", START, passage_ids=("p1",))
        for one in range(3)
    ]

    assert label(alone, encode).trust.standings["mallory"].judged == 0
    assert label(alone, encode, known).trust.of("mallory") < 0.5


def test_the_same_ledger_gives_the_same_labels() -> None:
    assert label(world(attack=60, slip=True), encode) == label(world(attack=60, slip=True), encode)


def test_what_is_doubted_or_in_quarantine_is_put_up_for_review() -> None:
    put_up = items(label(world(attack=60, slip=True), encode), [], START)

    assert {one.kind for one in put_up} == {ReviewKind.DOUBTED, ReviewKind.QUARANTINE}
    assert [one.subject for one in put_up if one.kind is ReviewKind.QUARANTINE] == ["mallory"]


def test_an_alarm_is_put_up_once_for_each_day() -> None:
    def on(at: datetime) -> list[str]:
        acts = [did(UP, "mallory", minute=number, passage_id="p3") for number in range(40)]
        others = (did(UP, f"U{one}", passage_id="p1") for one in range(5))
        flood = ledger(*acts, *others, exchanges=(exchange(text="vpn question"),))
        return [
            one.id for one in items(label(flood, encode), alarms(flood.signals), at) if one.kind is ReviewKind.ALARM
        ]

    assert on(START) == on(START.replace(hour=20)) != []


def test_every_label_is_stored_with_what_became_of_it() -> None:
    of_world = world(attack=60)

    kept = list(stored(of_world, label(of_world, encode)))

    assert {(one.about, one.state) for one in kept} == {("passage", "counted"), ("passage", "quarantined")}
    assert len(kept) == 156
