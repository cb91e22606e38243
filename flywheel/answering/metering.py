"""Count what a language model took: for one answer, or for one judgement.

model               its name
calls               how often it was asked
unreported          calls whose server did not say how many tokens they took, or that failed
prompt_tokens       of the calls that were reported; None where none was
completion_tokens   likewise
cost                US dollars; None unless every call was reported and prices are set: nothing is guessed
"""

import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace

from flywheel.core import Core
from flywheel.ports import ChatMessage, LanguageModel, Usage


class Metered:
    """A `LanguageModel` that counts what it is used for; one per piece of work. Safe to share between threads."""

    def __init__(self, model: LanguageModel) -> None:
        """Count from nothing."""
        self._model = model
        self._calls: list[Usage | None] = []
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Return the model's name."""
        return self._model.name

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces, and count the call however it ends.

        Raises:
            ModelUnavailable: as the model does.
        """
        usage: Usage | None = None
        try:
            pieces = self._model.stream(messages, max_tokens=max_tokens)
            if isinstance(pieces, Generator):
                usage = yield from pieces
            else:
                yield from pieces
        finally:
            with self._lock:
                self._calls.append(usage)

    def spent(self) -> Mapping[str, object] | None:
        """Return what was used so far, None where the model was not asked."""
        with self._lock:
            calls = list(self._calls)
        if not calls:
            return None
        told = [one for one in calls if one is not None]
        priced = [one.cost for one in told if one.cost is not None]
        return {
            "model": self.name,
            "calls": len(calls),
            "unreported": len(calls) - len(told),
            "prompt_tokens": sum(one.prompt_tokens for one in told) if told else None,
            "completion_tokens": sum(one.completion_tokens for one in told) if told else None,
            "cost": sum(priced) if len(priced) == len(calls) else None,
        }


def metered(core: Core) -> Core:
    """Return the core with a language model that counts from nothing; the same core where there is none."""
    if core.language_model is None:
        return core
    return replace(core, language_model=Metered(core.language_model))


def spent(core: Core) -> Mapping[str, object] | None:
    """Return what a metered core's model was used for; None where there is no model, or it was not asked."""
    return core.language_model.spent() if isinstance(core.language_model, Metered) else None
