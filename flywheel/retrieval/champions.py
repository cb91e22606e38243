"""The learned parameters that serve retrieval, read from the releases at each question.

An artefact that does not match its hash or makes no sense is refused: the built-in defaults serve, and the versions
logged with the answer say why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from flywheel.errors import ArtefactError
from flywheel.retrieval.fusion import DEFAULT_ALPHA
from flywheel.retrieval.reranking import Blend, Reranker
from flywheel.store import releases
from flywheel.store.direct import Reader
from flywheel.store.releases import Champion
from flywheel.store.shelf import KEPT

_DEFAULT = "default"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Champions:
    """What serves: the fusion weight, in [0, 1], the reranker and the cross-encoder's share if any; their versions."""

    alpha: float
    reranker: Reranker | None
    versions: Mapping[str, str]
    blend: Blend | None = None


def read(db: Reader, person: str | None = None) -> Champions:
    """Return the champions of fusion, reranking and the cross-encoder that serve a person, or the defaults."""
    serving = releases.champions(db, person)
    alpha, fusion_version = _serving(serving.get("fusion"), _alpha, DEFAULT_ALPHA)
    reranker, reranker_version = _serving(serving.get("reranker"), Reranker.of, None)
    blend, blend_version = _serving(serving.get("cross_encoder"), Blend.of, None)
    versions = {"fusion": fusion_version, "reranker": reranker_version, "cross_encoder": blend_version}
    return Champions(alpha, reranker, versions, blend)


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
