"""How simulated people behave: every choice of a replay, with its default.

None of the defaults is a measurement of a workplace; each stands where the sources named beside it put it, or in the
middle of what is plausible, and every one is an option of the command.
"""

from dataclasses import dataclass
from enum import StrEnum


class Attack(StrEnum):
    """What attackers want: one document first everywhere, or the opposite of what is true."""

    PUSH = "push"
    INVERT = "invert"


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares and probabilities lie in [0, 1].

    questions    asked a week, by `people` persons; how much each asks is drawn from a log-normal distribution
    feedback     share of answers that their asker judges; each person's own share is drawn around it
    noise        share of judgements that say the opposite of what the person should say
    repeat       share of questions about something that was asked before, in other words
    attackers    share of persons who vote against the truth (`attack`), on `flood` answers of others a week besides
    bystanders   probability that somebody else in the channel judges an answer too
    clicks       probability that a source that is read is opened
    reviewed     share of the suggested answers that an honest administrator decides on each week
    listed       how many passages people see: 0 is the sources that the answer cites, as in Slack; more is the first
                 so many of the stored shortlist, as a page over the search door shows them
    steepness    of the position bias: passage r is read with probability (1 / r) ** steepness where none before it
                 satisfied (Joachims, Swaminathan and Schnabel 2017, with 1 as their middle setting)
    """

    questions: int = 100
    people: int = 40
    feedback: float = 0.4
    noise: float = 0.2
    repeat: float = 0.5
    attackers: float = 0.0
    attack: Attack = Attack.PUSH
    flood: int = 20
    bystanders: float = 0.1
    clicks: float = 0.3
    reviewed: float = 0.5
    listed: int = 0
    steepness: float = 1.0
