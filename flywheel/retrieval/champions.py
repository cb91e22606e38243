"""The learned parameters that serve retrieval, read from the releases at each question.

An artefact that does not match its hash or makes no sense is refused: the built-in defaults serve, and the versions
logged with the answer say why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from flywheel.errors import ArtefactError
from flywheel.retrieval.adapter import QueryAdapter
from flywheel.retrieval.fusion import DEFAULT_ALPHA
from flywheel.retrieval.memory import QuestionMemory
from flywheel.retrieval.priors import Priors
from flywheel.retrieval.repeats import Repeats
from flywheel.retrieval.reranking import Blend, Reranker
from flywheel.retrieval.tower import Tower
from flywheel.store import releases
from flywheel.store.direct import Reader
from flywheel.store.releases import Champion
from flywheel.store.shelf import KEPT

_DEFAULT = "default"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Champions:
    """What serves: the fusion weight, in [0, 1], and the learned parts, None where there is none; their versions."""

    alpha: float
    reranker: Reranker | None
    versions: Mapping[str, str]
    blend: Blend | None = None
    adapter: QueryAdapter | None = None
    memory: QuestionMemory | None = None
    priors: Priors | None = None
    repeats: Repeats | None = None
    tower: Tower | None = None

    @property
    def judged(self) -> "Champions":
        """Return what serves as the gate judged it: parts that were refitted on everything since, as they were then.

        A turn compares its challengers with these, because the refitted ones have seen the held-out questions.
        """
        adapter = self.adapter.judged if self.adapter else None
        return replace(self, adapter=adapter, memory=self.memory.judged if self.memory else None)

    def under(self, encoder: str) -> "Champions":
        """Return what serves under an encoder: vectors of another one mean nothing to it."""
        adapter = self.adapter if self.adapter and self.adapter.encoder == encoder else None
        memory = self.memory if self.memory and self.memory.encoder == encoder else None
        return replace(self, adapter=adapter, memory=memory)


def read(db: Reader, person: str | None = None) -> Champions:
    """Return the champions of everything that finds and ranks passages for a person, or the defaults."""
    return of(releases.champions(db, person))


def of(serving: Mapping[str, Champion]) -> Champions:
    """Return what these releases, by learner, mean for retrieval; the defaults where there is none."""
    alpha, fusion_version = _serving(serving.get("fusion"), _alpha, DEFAULT_ALPHA)
    reranker, reranker_version = _serving(serving.get("reranker"), Reranker.of, None)
    blend, blend_version = _serving(serving.get("cross_encoder"), Blend.of, None)
    adapter, adapter_version = _serving(serving.get("adapter"), QueryAdapter.of, None)
    memory, memory_version = _serving(serving.get("memory"), QuestionMemory.of, None)
    priors, priors_version = _serving(serving.get("priors"), Priors.of, None)
    repeats, repeats_version = _serving(serving.get("verified_thresholds"), Repeats.of, None)
    tower, tower_version = _serving(serving.get("query_tower"), Tower.of, None)
    versions = {
        "fusion": fusion_version,
        "reranker": reranker_version,
        "cross_encoder": blend_version,
        "adapter": adapter_version,
        "memory": memory_version,
        "priors": priors_version,
        "verified_thresholds": repeats_version,
        "query_tower": tower_version,
    }
    return Champions(alpha, reranker, versions, blend, adapter, memory, priors, repeats, tower)


def _serving(release: Champion | None, made_of: Callable[[Mapping[str, object]], T], default: T) -> tuple[T, str]:
    """Return what a release says and its id; the default where there is none or it cannot be used, and then why."""
    if release is None:
        return default, _DEFAULT
    try:
        return _made(release, made_of), release.id
    except ArtefactError as error:
        return default, f"{_DEFAULT} ({error})"


@lru_cache(maxsize=KEPT)
def _made(release: Champion, made_of: Callable[[Mapping[str, object]], T]) -> T:
    """Return what a release says; checked and read once, since its id is the hash of its content."""
    releases.verify(release)
    return made_of(release.artefact)


def _alpha(artefact: Mapping[str, object]) -> float:
    alpha = artefact.get("alpha")
    if not isinstance(alpha, int | float) or not 0 <= alpha <= 1:
        raise ArtefactError(f"the fusion weight {alpha!r} is not in [0, 1]")
    return float(alpha)
