"""The learned parameters that serve retrieval, read from the releases at each question.

An artefact that does not match its hash or makes no sense is refused: the built-in defaults serve, and the versions
logged with the answer say why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flywheel.errors import ArtefactError
from flywheel.retrieval.fusion import DEFAULT_ALPHA
from flywheel.retrieval.reranking import Reranker
from flywheel.store import releases
from flywheel.store.direct import Reader
from flywheel.store.releases import Champion

_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Champions:
    """What serves: the fusion weight, in [0, 1], the reranker if any, and their versions."""

    alpha: float
    reranker: Reranker | None
    versions: Mapping[str, str]


def read(db: Reader) -> Champions:
    """Return the champions of fusion and reranking, or the defaults."""
    serving = releases.champions(db)
    alpha, fusion_version = _fusion(serving.get("fusion"))
    reranker, reranker_version = _reranker(serving.get("reranker"))
    return Champions(alpha, reranker, {"fusion": fusion_version, "reranker": reranker_version})


def _fusion(release: Champion | None) -> tuple[float, str]:
    if release is None:
        return DEFAULT_ALPHA, _DEFAULT
    try:
        releases.verify(release)
        return _alpha(release.artefact), release.id
    except ArtefactError as error:
        return DEFAULT_ALPHA, f"{_DEFAULT} ({error})"


def _reranker(release: Champion | None) -> tuple[Reranker | None, str]:
    if release is None:
        return None, _DEFAULT
    try:
        releases.verify(release)
        return Reranker.of(release.artefact), release.id
    except ArtefactError as error:
        return None, f"{_DEFAULT} ({error})"


def _alpha(artefact: Mapping[str, object]) -> float:
    alpha = artefact.get("alpha")
    if not isinstance(alpha, int | float) or not 0 <= alpha <= 1:
        raise ArtefactError(f"the fusion weight {alpha!r} is not in [0, 1]")
    return float(alpha)
