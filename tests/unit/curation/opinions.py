"""A small world of opinions: topics far apart, questions of a topic near each other, one right target a topic."""

from dataclasses import dataclass, field
from random import Random

import numpy as np

from flywheel.curation.opinions import Asked, Opinion
from flywheel.ports import Vectors

TOPICS = 6


@dataclass(slots=True)
class World:
    """Opinions as they are made; the same seed makes the same ones."""

    rng: Random = field(default_factory=lambda: Random(7))
    opinions: list[Opinion] = field(default_factory=list)
    vectors: dict[str, Vectors] = field(default_factory=dict)

    @property
    def asked(self) -> Asked:
        """Return what is known of the questions."""
        return Asked(self.vectors)

    @property
    def asked_of_an_index(self) -> Asked:
        """Return the same with an index that knows what each question is about, though not for sure."""
        cosines = {
            name: {f"t{topic}": 0.3 * float(vector[topic]) for topic in range(TOPICS)}
            for name, vector in self.vectors.items()
        }
        return Asked(self.vectors, cosines)

    def says(self, person: str, topic: int, target: str = "", *, holds: bool = True) -> Opinion:
        """Let a person say of a new question on a topic that a target is right; the topic's own unless told."""
        number = len(self.opinions)
        made = Opinion(f"k{number}", person, f"q{number}", target or f"t{topic}", holds)
        self.opinions.append(made)
        self.vectors[made.question_id] = self._near(topic)
        return made

    def crowd(self, persons: int, votes: int = TOPICS, noise: float = 0.0) -> None:
        """Let honest persons speak on all topics; a share `noise` of their words is wrong."""
        for person in range(persons):
            for vote in range(votes):
                wrong = self.rng.random() < noise
                self.says(f"U{person}", vote % TOPICS, f"t{self.rng.randrange(TOPICS)}" if wrong else "")

    def _near(self, topic: int) -> Vectors:
        vector = np.array([self.rng.gauss(0, 0.15) for _ in range(TOPICS)])
        vector[topic] += 1.0
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
