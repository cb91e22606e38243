"""What to do next: failures that ask about the same and need the same lever, by what mending them would be worth.

    worth = volume x dissatisfaction / effort

*Volume* is how many questions the topic had, *dissatisfaction* the share of them that failed by this lever, taken at
the lower end of its 95 % interval so that two failures of two do not come first, and *effort* the stated ordinal of the
lever: 1 somebody says a few words in Slack, 2 somebody writes for an hour, 3 somebody changes the machinery. What is
unclear counts as 2, because asking mends nothing yet.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flywheel.measurement.understanding.levers import Failure, Lever
from flywheel.measurement.understanding.topics import Topic
from flywheel.measurement.week import share

EFFORT: Mapping[Lever, int] = {
    Lever.ROUTER: 1,
    Lever.RANKING: 1,
    Lever.INVENTORY: 2,
    Lever.WRITING: 2,
    Lever.UNCLEAR: 2,
    Lever.CAPABILITY: 3,
}
"""What mending one costs, in steps: an order, not hours."""
FEWEST = 3
"""Failures of one topic and lever below which nothing is proposed."""
MOST = 3


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to mend: a topic, the lever, its failed answers newest first and the passages that stood first."""

    topic: Topic
    lever: Lever
    answers: tuple[str, ...]
    failures: tuple[Failure, ...]

    @property
    def worth(self) -> float:
        """Return failures that mending would save, at least, per step of effort."""
        sure = share(len(self.answers), self.topic.volume).low or 0.0
        return self.topic.volume * sure / EFFORT[self.lever]

    @property
    def place(self) -> int | None:
        """Return the middle place at which the wanted passage stood, None where it stood nowhere."""
        places = sorted(one.place for one in self.failures if one.place is not None)
        return places[len(places) // 2] if places else None

    @property
    def instead(self) -> str:
        """Return the retriever that people mostly chose instead, or nothing."""
        chosen = Counter(one.instead for one in self.failures if one.instead)
        return min(chosen, key=lambda one: (-chosen[one], one), default="")


def matters(topics: Sequence[Topic], failures: Mapping[str, Failure]) -> list[Matter]:
    """Return what there is to mend, one matter a topic, what is worth most first.

    What is unclear is one only where nothing about the topic is clear; topics that can be named go first.
    """
    found = [one for topic in topics if (one := _first(topic, failures)) is not None]
    return sorted(found, key=lambda one: (not one.topic.label, -one.worth, one.topic.label, one.lever))


def _first(topic: Topic, failures: Mapping[str, Failure]) -> Matter | None:
    """Return the matter of a topic that is worth most, None where too few failures need the same lever."""
    every = [_matter(topic, lever, failures) for lever in Lever]
    enough = [one for one in every if len(one.answers) >= FEWEST]
    clear = [one for one in enough if one.lever is not Lever.UNCLEAR] or enough
    return max(clear, key=lambda one: (one.worth, one.lever), default=None)


def points(topics: Sequence[Topic]) -> list[dict[str, object]]:
    """Return what the chart draws: topics with failures, what is worth most first; dissatisfaction in [0, 1]."""
    return [
        {
            "label": one.label or "cannot be quoted here",
            "volume": one.volume,
            "dissatisfaction": one.failing.value,
            "lever": "" if one.lever is None else one.lever.value,
            "effort": 0 if one.lever is None else EFFORT[one.lever],
            "worth": _worth(one),
        }
        for one in ordered(topics)
    ]


def ordered(topics: Sequence[Topic]) -> list[Topic]:
    """Return the topics with failures, what is worth most first."""
    return sorted((one for one in topics if one.lever is not None), key=lambda one: (-_worth(one), one.label))


def _worth(one: Topic) -> float:
    return one.volume * (one.failing.low or 0.0) / (EFFORT[one.lever] if one.lever else 1)


def _matter(topic: Topic, lever: Lever, failures: Mapping[str, Failure]) -> Matter:
    mine = tuple(one for one in topic.failed if failures[one].lever is lever)
    return Matter(topic, lever, mine, tuple(failures[one] for one in mine))
