"""What a turn gives to every learner: the ledger, the questions made of it, what serves now, and a seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flywheel.core import Core
from flywheel.curation.dataset import Dataset
from flywheel.curation.routes import Routes
from flywheel.curation.split import Split
from flywheel.learning.ranking import Pipeline, Scores, evaluate
from flywheel.learning.trial import Trial, on_heldout
from flywheel.retrieval.champions import Champions
from flywheel.store.credits import Attribution
from flywheel.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Lesson:
    """A turn's material. `parts` splits `examples.groups`; the same ledger gives the same `seed`.

    `routes` are the questions whose route people said something about; `snapshot` is the SHA-256 of what was learned
    from. `credit` says which part each signal is about, by its key; `quarantined` are persons whose word does not
    count; `reserved` questions, by id, that nothing may be trained on;
    `searches` remembers what serves finds for questions, by their ids, so that it is searched once.
    """

    core: Core
    ledger: Ledger
    examples: Dataset
    parts: Split
    champions: Champions
    seed: int
    routes: Routes = field(default_factory=Routes.nothing)
    snapshot: str = ""
    credit: Mapping[str, Attribution] = field(default_factory=dict)
    quarantined: frozenset[str] = frozenset()
    reserved: frozenset[str] = frozenset()
    searches: dict[tuple[str, ...], Scores] = field(default_factory=dict, compare=False, repr=False)

    @property
    def pipeline(self) -> Pipeline:
        """Return what ranks passages now, as far as a stored shortlist can be ordered by it."""
        return Pipeline(self.champions.alpha, self.champions.reranker)

    @property
    def questions(self) -> int:
        """Return how many questions have a trusted positive."""
        return len(self.examples.groups)

    def enough(self, needed: int, what: str) -> tuple[bool, str]:
        """Tell whether there are so many questions, and say why not; `what` is what they would teach."""
        count = self.questions
        return count >= needed, f"{count} questions with a trusted positive; {what} needs {needed}"


def ranked_trial(learner: str, lesson: Lesson, champion: Scores, challenger: Scores) -> Trial:
    """Return the trial of two ways to rank the lesson's held-out questions."""
    made = on_heldout(learner, lesson.parts, champion.ndcg, challenger.ndcg)
    recall = {"champion": _mean(champion.recall.tolist()), "challenger": _mean(challenger.recall.tolist())}
    return replace(made, facts={"recall_at_5": recall})


def stored_trial(learner: str, lesson: Lesson, challenger: Pipeline) -> Trial:
    """Return the trial of a pipeline against the one that serves, on the stored shortlists of the newer questions."""
    heldout = lesson.parts.heldout
    return ranked_trial(learner, lesson, evaluate(lesson.pipeline, heldout), evaluate(challenger, heldout))


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
