"""Learn which liked answers a language model is shown: the few-shot library (`answering/manner.py`).

There is little to fit: the library is the newest liked answers that are older than those held out. Whether it helps is
measured with the configured model itself, which answers each held-out question twice, so a trial costs real calls
(`writing.CALLS` at most). Without a model nothing is tried: nobody would be shown anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flywheel.answering import manner
from flywheel.answering.manner import EXAMPLES, Library
from flywheel.core import Core
from flywheel.curation import library
from flywheel.curation.library import Liked
from flywheel.curation.split import Split
from flywheel.learning import writing
from flywheel.learning.lesson import Lesson
from flywheel.learning.trial import Trial
from flywheel.store import releases

NO_MODEL = "No language model is configured, and liked answers are shown to nobody else"


@dataclass(frozen=True, slots=True)
class Shelf:
    """All liked answers, split, and by question id."""

    parts: Split
    by_id: Mapping[str, Liked]

    @classmethod
    def of(cls, core: Core) -> "Shelf":
        """Read and split what people liked."""
        return cls(*library.parted(core, library.liked(core)))

    @property
    def older(self) -> list[Liked]:
        """Return those to learn from."""
        return [self.by_id[one.question_id] for one in self.parts.train]

    def lacks(self, what: str) -> tuple[bool, str]:
        """Tell whether they are enough, and say why not; `what` is what they would teach."""
        return len(self.by_id) >= library.ENOUGH, (
            f"{len(self.by_id)} liked answers that may be shown to anybody; {what} needs {library.ENOUGH}"
        )


class ExamplesLearner:
    """The four verbs; what people liked is read once for all of them."""

    NAME = SLOT = EXAMPLES

    def __init__(self) -> None:
        """Know nothing yet."""
        self._shelf: Shelf | None = None

    def enough(self, lesson: Lesson) -> tuple[bool, str]:
        """Tell whether people have liked enough answers and there is a model to show them to."""
        if lesson.core.language_model is None:
            return False, NO_MODEL
        enough, why = self._read(lesson).lacks("the few-shot library")
        with lesson.core.database.read() as db:
            serving = releases.serving_id(db, self.SLOT)
        if enough and serving == self.export(self.fit(lesson)):
            return False, "the library that serves holds the newest liked answers already"
        return enough, why

    def fit(self, lesson: Lesson) -> dict[str, object]:
        """Return the library of the older liked answers."""
        return library.artefact(lesson.core, self._read(lesson).older)

    def evaluate(self, artefact: Mapping[str, object], lesson: Lesson) -> Trial:
        """Let the model answer the newer questions as it is asked now, and with the library shown."""
        core, shelf = lesson.core, self._read(lesson)
        model = core.language_model
        assert model is not None
        given = writing.sheets(core, writing.newest(shelf.parts, shelf.by_id))
        serving = manner.read(core.database, core.encoder.name)
        champion = writing.written(model, given, serving)
        challenger = writing.written(model, given, replace(serving, library=Library.of(artefact)))
        return writing.trial(self.NAME, model, shelf.parts, (champion, challenger))

    def export(self, artefact: Mapping[str, object]) -> str:
        """Return the content hash that names this artefact."""
        return releases.identity(self.SLOT, artefact)

    def _read(self, lesson: Lesson) -> Shelf:
        if self._shelf is None:
            self._shelf = Shelf.of(lesson.core)
        return self._shelf
