"""Counting what a language model takes: what was told is added up, what was not told is not guessed."""

from collections.abc import Generator, Iterator, Sequence

import pytest

from flywheel.answering.metering import Metered
from flywheel.errors import ModelUnavailable
from flywheel.ports import ChatMessage, Usage

ASK = [ChatMessage("user", "Hello?")]


class Counting:
    """A model that tells what each call took: one of these, an error where there is one."""

    name = "counting"

    def __init__(self, *usages: Usage | ModelUnavailable | None) -> None:
        self._usages = list(usages)

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Generator[str, None, Usage | None]:
        usage = self._usages.pop(0)
        yield "Hello."
        if isinstance(usage, ModelUnavailable):
            raise usage
        return usage


class Plain:
    """A model that tells nothing but its reply."""

    name = "plain"

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Iterator[str]:
        return iter(["Hel", "lo."])


def asked(model: Metered, times: int) -> None:
    for _ in range(times):
        "".join(model.stream(ASK, max_tokens=9))


def test_tokens_and_cost_of_all_calls_are_added_up() -> None:
    model = Metered(Counting(Usage(10, 2, 0.5), Usage(5, 1, 0.25)))
    asked(model, 2)

    assert model.spent() == {
        "model": "counting", "calls": 2, "unreported": 0, "prompt_tokens": 15, "completion_tokens": 3, "cost": 0.75,
    }  # fmt: skip


def test_a_model_that_was_not_asked_took_nothing() -> None:
    assert Metered(Counting()).spent() is None


def test_tokens_that_nobody_told_are_unknown_and_so_is_the_cost() -> None:
    model = Metered(Plain())
    asked(model, 1)

    assert model.spent() == {
        "model": "plain", "calls": 1, "unreported": 1, "prompt_tokens": None, "completion_tokens": None, "cost": None,
    }  # fmt: skip


def test_a_failed_call_counts_as_unreported() -> None:
    model = Metered(Counting(Usage(10, 2, 0.5), ModelUnavailable("broken")))
    asked(model, 1)
    with pytest.raises(ModelUnavailable):
        asked(model, 1)

    assert model.spent() is not None
    assert (dict(model.spent() or {})["unreported"], dict(model.spent() or {})["cost"]) == (1, None)


def test_a_reply_that_is_not_read_to_its_end_is_unreported() -> None:
    model = Metered(Counting(Usage(10, 2, 0.5)))
    reply = model.stream(ASK, max_tokens=9)
    next(reply)
    assert isinstance(reply, Generator)
    reply.close()

    assert dict(model.spent() or {})["unreported"] == 1
