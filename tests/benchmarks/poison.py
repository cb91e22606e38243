"""What wrong votes cost: attackers among honest people, and mistakes, with and without trust and doubts.

    python -m tests.benchmarks.poison --data DATA

DATA holds `banking77` and `route_mix`. A vote names the intent (the route) of a question; votes on banking77 are also
judged with an index's word, the cosine between question and intent name. Honest people are 50 with 20 votes each on
1,000 questions of the train split; what is measured is the accuracy on the dev split of kernel ridge regression on the
votes that count. Honest people err in every tenth vote.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flywheel.curation import doubts, trust
from flywheel.curation.opinions import BANDWIDTH, RIDGE, Asked, Floats, Numbers, Opinion
from flywheel.curation.trust import Trust
from flywheel.gateways.encoder import open_encoder
from flywheel.measurement.routing_set import load
from tests.benchmarks.corpora import say

PERSONS, VOTES = 50, 1_000
ATTACKS = {"anything": 1, "one intent": 1, "every": 5, "10": 5, "5": 5, "2": 5}
"""What the attackers say, and how many they are. The colluding ones call each intent by another's name: every intent,
or so many."""
_FAINT = 1e-3


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes as arrays: the row of the question, the label named, the person."""

    rows: Numbers
    named: Numbers
    persons: Numbers

    def and_(self, other: "Votes") -> "Votes":
        """Return both."""
        pairs = zip((self.rows, self.named, self.persons), (other.rows, other.named, other.persons), strict=True)
        return Votes(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True, slots=True)
class Room:
    """A data set: vectors, labels, and the cosine of each question with each label's name, where that is used."""

    vectors: Floats
    truth: Numbers
    train: Numbers
    dev: Numbers
    cosines: Floats | None

    @property
    def labels(self) -> int:
        """Return how many labels there are."""
        return int(self.truth.max()) + 1

    def accuracy(self, votes: Votes, weights: Floats) -> float:
        """Return the share of dev questions that weighted votes teach, in percent."""
        kept = weights > 0
        rows, named = self.vectors[votes.rows[kept]], votes.named[kept]
        kernel = np.exp(-2 * BANDWIDTH * (1 - rows @ rows.T)) + np.diag(RIDGE / weights[kept])
        solved = np.linalg.solve(kernel, np.eye(self.labels)[named] - 1 / self.labels)
        told = np.exp(-2 * BANDWIDTH * (1 - self.vectors[self.dev] @ rows.T)) @ solved
        return float((told.argmax(axis=1) == self.truth[self.dev]).mean() * 100)

    def defended(self, votes: Votes) -> tuple[float, Trust, int]:
        """Return the accuracy with trust and doubts, the trust, and how many votes were doubted."""
        opinions, asked = self._heard(votes)
        judged = trust.judge([(opinions, asked)])
        doubted = doubts.doubted(opinions, asked, judged)
        out = [one.key in doubted or judged.is_quarantined(one.person) for one in opinions]
        weights = np.array(
            [0.0 if left else judged.weight(one.person) for one, left in zip(opinions, out, strict=True)]
        )
        return self.accuracy(votes, weights), judged, len(doubted)

    def _heard(self, votes: Votes) -> tuple[list[Opinion], Asked]:
        opinions = [
            Opinion(f"k{n}", f"U{person}", f"q{n}", f"t{named}")
            for n, (named, person) in enumerate(zip(votes.named, votes.persons, strict=True))
        ]
        listed = {} if self.cosines is None else {f"q{n}": self._listed(int(row)) for n, row in enumerate(votes.rows)}
        return opinions, Asked({f"q{n}": self.vectors[row] for n, row in enumerate(votes.rows)}, listed)

    def _listed(self, row: int) -> dict[str, float]:
        assert self.cosines is not None
        best = np.argsort(-self.cosines[row])[:40]
        return {f"t{label}": float(self.cosines[row, label]) for label in best}


def room(folder: Path, *, names: bool) -> Room:
    """Read a data set; `names` uses the labels' names as an index would."""
    encoder = open_encoder()
    questions = [one for one in load(folder) if one.split in {"train", "dev"}]
    labels = sorted({one.label for one in questions})
    vectors = np.asarray(encoder.encode([one.text for one in questions]), dtype=np.float64)
    said = np.asarray(encoder.encode([re.sub(r"[_?]+", " ", one) for one in labels]), dtype=np.float64)
    split = np.array([one.split for one in questions])
    truth = np.array([labels.index(one.label) for one in questions])
    cosines = vectors @ said.T if names else None
    return Room(vectors, truth, np.flatnonzero(split == "train"), np.flatnonzero(split == "dev"), cosines)


def honest(place: Room, noise: float, rng: np.random.Generator) -> Votes:
    """Return honest people's votes, a share `noise` of them wrong."""
    rows = rng.choice(place.train, VOTES, replace=False)
    named = place.truth[rows].copy()
    wrong = rng.random(VOTES) < noise
    named[wrong] = (named[wrong] + rng.integers(1, place.labels, wrong.sum())) % place.labels
    return Votes(rows, named, np.repeat(np.arange(PERSONS), VOTES // PERSONS))


def attack(place: Room, kind: str, rng: np.random.Generator) -> Votes:
    """Return 200 votes of one attacker, or 40 of each of five who agree on what to say."""
    persons = PERSONS + np.arange(200) % ATTACKS[kind]
    pool = place.train
    if kind.isdigit():
        chosen = rng.choice(place.labels, int(kind), replace=False)
        pool = pool[np.isin(place.truth[pool], chosen)]
    rows = rng.choice(pool, 200, replace=len(pool) < 200)
    if kind == "anything":
        return Votes(rows, rng.integers(0, place.labels, 200), persons)
    if kind == "one intent":
        return Votes(rows, np.full(200, 3), persons)
    return Votes(rows, (place.truth[rows] + 7) % place.labels, persons)


def attacks(place: Room) -> Iterator[Sequence[object]]:
    """Yield a row for each attack: accuracy of the honest alone, undefended, defended; who is in quarantine."""
    for kind in ATTACKS:
        rng = np.random.default_rng(0)
        alone = honest(place, 0.1, rng)
        both = alone.and_(attack(place, kind, rng))
        accuracy, judged, _ = place.defended(both)
        caught = [int(one[1:]) >= PERSONS for one in judged.quarantined]
        undefended = place.accuracy(both, np.ones(len(both.rows)))
        yield kind, place.defended(alone)[0], undefended, accuracy, sum(caught), len(caught) - sum(caught)


def mistakes(place: Room) -> Iterator[Sequence[object]]:
    """Yield a row for each share of mistakes: accuracy as they are, without the doubted, without any mistake."""
    for noise in (0.0, 0.1, 0.2, 0.3):
        votes = honest(place, noise, np.random.default_rng(0))
        right = np.where(votes.named == place.truth[votes.rows], 1.0, _FAINT)
        accuracy, _, doubted = place.defended(votes)
        yield noise, place.accuracy(votes, np.ones(VOTES)), accuracy, place.accuracy(votes, right), doubted


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    banking, routes = room(data / "banking77", names=True), room(data / "route_mix", names=False)
    say("attack | honest alone | undefended | defended | attackers in quarantine | honest in quarantine")
    for kind, *figures in attacks(banking):
        say(" | ".join([str(kind), *(f"{one:.1f}" if isinstance(one, float) else str(one) for one in figures)]))
    for name, place in (("banking77", banking), ("route_mix", routes)):
        say(f"{name}: mistakes | as they are | without the doubted | without mistakes | doubted")
        for noise, *figures in mistakes(place):
            say(" | ".join([str(noise), *(f"{one:.1f}" if isinstance(one, float) else str(one) for one in figures)]))


if __name__ == "__main__":
    main()
