"""Trust the lexical index as far as what it found holds the question's words.

The best BM25 of a question counts as 1 whatever it found. Among entries of two lines, where a question's one common
word is all that any of them has, that is more noise than help; where the best passages hold at least `HELD` of the
question's content words, nothing changes. Nor does a word say much of entries that are a few words long: each of them
holds a word once or not at all, and how rare that one is decides alone.
"""

from collections.abc import Mapping, Sequence
from statistics import median

from flywheel.model import Kind
from flywheel.retrieval.features import Words, held
from flywheel.store.passages import FoundPassage

HELD = 0.5
"""The share of the question's content words from which the lexical index is trusted in full. recall@1 on banking77's
intents as entries .578 → .596; nDCG@10 on train questions of handbook_wiki .584 → .585, aws_support .592 → .593,
nl2bash .742 → .742, scifact .754 → .751 (300 each)."""

LONG = 20
"""Words from which a text is long enough for BM25 to tell how much it is about a word; below, by the median of what was
found, it is trusted less. recall@1 on banking77's intents .579 → .618; nDCG@10 on nl2bash .740 → .761, on the
train questions of the three corpora of longer texts the same."""

_LOOKED_AT = 3
_COUNTED = 2 * LONG  # more words of a text change no median below `LONG`, which is the mean of two at most


def trusting(
    words: Words, found: Sequence[FoundPassage], known: Mapping[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Return every passage's scores, the lexical one times the trust; `known` holds them by id."""
    first = sorted(found, key=lambda one: -known[one.id]["bm25_norm"])[:_LOOKED_AT]
    trust = min(1.0, max((held(words, one) for one in first), default=1.0) / HELD) * _length(found)
    if trust == 1:
        return dict(known)
    return {one: scored | {"bm25_norm": trust * scored["bm25_norm"]} for one, scored in known.items()}


def _length(found: Sequence[FoundPassage]) -> float:
    """Return how long the texts among what was found are, as a share of `LONG` words, 1 at most."""
    counts = [len(one.title.split()) + len(one.text.split(None, _COUNTED)) for one in found if one.kind == Kind.TEXT]
    return min(1.0, median(counts) / LONG) if counts else 1.0
