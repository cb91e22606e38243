"""Choose the rules that a language model is given, among those of `answering/prompt.py`.

Each rule set answers the same few older liked questions; the one with the best mean score is the challenger, and is
then measured against what serves on the newer ones. Where none is clearly better than the serving rules, those are the
outcome: they equal themselves, and the gate holds them.
"""

from collections.abc import Mapping
from dataclasses import replace

from flywheel.answering import manner
from flywheel.answering.manner import PROMPT
from flywheel.answering.prompt import RULES
from flywheel.core import Core
from flywheel.learning import writing
from flywheel.learning.examples import NO_MODEL, Shelf
from flywheel.learning.lesson import Lesson
from flywheel.learning.trial import Trial
from flywheel.ports import LanguageModel
from flywheel.store import releases

TRIED_ON = 12
"""Older liked questions that every rule set answers when one is chosen."""
STANDING = 30
"""Newer questions that the serving rules answer alone, where no others did better: their score is worth knowing."""
CLEARLY = 0.02
"""How much better than the serving rules others must be to be worth a trial: each trial costs hundreds of calls."""


class PromptLearner:
    """The four verbs; what people liked is read once for all of them."""

    NAME = SLOT = PROMPT

    def __init__(self) -> None:
        """Know nothing yet."""
        self._shelf: Shelf | None = None
        self._tried: dict[str, float] = {}

    def enough(self, lesson: Lesson) -> tuple[bool, str]:
        """Tell whether people have liked enough answers and there is a model to instruct."""
        if lesson.core.language_model is None:
            return False, NO_MODEL
        return self._read(lesson).lacks("the choice of a prompt")

    def fit(self, lesson: Lesson) -> dict[str, object]:
        """Return the rules that do best on older questions; those that serve, unless others are clearly better."""
        core, model = lesson.core, _model(lesson.core)
        given = writing.sheets(core, self._read(lesson).older[-TRIED_ON:])
        serving = manner.read(core.database, core.encoder.name)
        marks = {rules: writing.written(model, given, replace(serving, rules=rules)) for rules in RULES}
        self._tried = {rules: one.means()["score"] for rules, one in marks.items()}
        best = max(RULES, key=lambda rules: (self._tried[rules], rules == serving.rules))
        return {"prompt": best if self._tried[best] > self._tried[serving.rules] + CLEARLY else serving.rules}

    def evaluate(self, artefact: Mapping[str, object], lesson: Lesson) -> Trial:
        """Let the model answer the newer questions by the rules that serve and by those of the artefact."""
        core, shelf, model = lesson.core, self._read(lesson), _model(lesson.core)
        serving, rules = manner.read(core.database, core.encoder.name), manner.rules_of(artefact)
        same = rules == serving.rules
        newest = writing.newest(shelf.parts, shelf.by_id, *((STANDING,) if same else ()))
        given = writing.sheets(core, newest)
        champion = writing.written(model, given, serving)
        challenger = champion if same else writing.written(model, given, replace(serving, rules=rules))
        sides = (champion, challenger)
        made = writing.trial(self.NAME, model, shelf.parts, sides)
        return replace(made, facts={**made.facts, "rules": rules, "tried": dict(self._tried)})

    def export(self, artefact: Mapping[str, object]) -> str:
        """Return the content hash that names this artefact."""
        return releases.identity(self.SLOT, artefact)

    def _read(self, lesson: Lesson) -> Shelf:
        if self._shelf is None:
            self._shelf = Shelf.of(lesson.core)
        return self._shelf


def _model(core: Core) -> LanguageModel:
    assert core.language_model is not None  # `enough` said so
    return core.language_model
