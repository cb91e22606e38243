"""Trust the lexical index as far as what it found holds the question's words.

The best BM25 of a question counts as 1 whatever it found. Among entries of two lines, where a question's one common
word is all that any of them has, that is more noise than help; where the best passages hold at least `HELD` of the
question's content words, nothing changes.
"""

from collections.abc import Mapping, Sequence

from flywheel.retrieval.features import Words, held
from flywheel.store.passages import FoundPassage

HELD = 0.5
"""The share of the question's content words from which the lexical index is trusted in full. recall@1 on banking77's
intents as entries .578 → .596; nDCG@10 on train questions of handbook_wiki .584 → .585, aws_support .592 → .593,
nl2bash .742 → .742, scifact .754 → .751 (300 each)."""

_LOOKED_AT = 3


def trusting(
    words: Words, found: Sequence[FoundPassage], known: Mapping[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Return every passage's scores, the lexical one times the trust; `known` holds them by id."""
    first = sorted(found, key=lambda one: -known[one.id]["bm25_norm"])[:_LOOKED_AT]
    trust = min(1.0, max((held(words, one) for one in first), default=1.0) / HELD)
    return {one: scored | {"bm25_norm": trust * scored["bm25_norm"]} for one, scored in known.items()}
