"""The registry of variables: what about the bot may be varied, between which values, and what that could hurt.

One experiment varies one of them. Each has a value that serves while nobody has adopted another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flywheel.errors import InvalidInput, NotFound

WORDING = "question_wording"
MOMENT = "question_moment"
ALWAYS, UNCERTAIN, END = "always", "uncertain", "end"
"""When an answer asks whether it helped: at once; at once where it is not confident; when its thread has gone quiet."""
_MOMENTS = (ALWAYS, UNCERTAIN, END)
_SHORTEST, _LONGEST = 5, 80


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that may be varied. `values` are those it knows; `fits` says why another is none, or nothing.

    `guardrails` are the outcomes it could hurt (`outcomes.py`).
    """

    name: str
    told: str
    default: str
    values: tuple[str, ...]
    fits: Callable[[str], str]
    guardrails: tuple[str, ...]


def variables() -> Mapping[str, Variable]:
    """Return all variables by name."""
    wording = Variable(
        name=WORDING,
        told="the words under an answer that ask whether it helped",
        default="Did we answer your question?",
        values=(
            "Did we answer your question?",
            "Did this answer your question?",
            "Is this right?",
            "Can you use this answer?",
        ),
        fits=_no_question,
        guardrails=("satisfaction", "asked_again", "slow"),
    )
    moment = Variable(
        name=MOMENT,
        told="when an answer asks whether it helped",
        default=ALWAYS,
        values=_MOMENTS,
        fits=_no_moment,
        guardrails=("satisfaction", "asked_again", "slow"),
    )
    return {one.name: one for one in (wording, moment)}


def named(name: str) -> Variable:
    """Return a variable.

    Raises:
        NotFound: there is none of this name.
    """
    known = variables()
    if name not in known:
        raise NotFound(f"there is no variable {name}; the bot knows {', '.join(sorted(known))}")
    return known[name]


def check(variable: Variable, value: str) -> None:
    """Refuse a value that the variable cannot have.

    Raises:
        InvalidInput: it cannot.
    """
    problem = variable.fits(value)
    if problem:
        raise InvalidInput(f"{variable.name} cannot be {value!r}: {problem}")


def _no_question(value: str) -> str:
    if not _SHORTEST <= len(value) <= _LONGEST:
        return f"it must have {_SHORTEST} to {_LONGEST} characters"
    return "" if value.endswith("?") and value.isprintable() else "it must be one line that ends with a question mark"


def _no_moment(value: str) -> str:
    return "" if value in _MOMENTS else f"it must be one of {', '.join(_MOMENTS)}"
