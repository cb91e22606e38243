"""What somebody passed over on the way to the source that they called right.

"Found but not chosen" is no negative: near-equal passages stand beside each other, and calling the unchosen one wrong
cost .05 to .17 nDCG@10 (`docs/measurements.md`). One counts as passed over when it was shown, stood above the chosen
one, and scored higher by at least `MARGIN` of its own score: then it was seen, and it was not merely a tie. Nothing
that anybody called right is ever passed over.
"""

from collections.abc import Collection

from flywheel.model import KIND_OF
from flywheel.store.ledger import Exchange

MARGIN = 0.05
WEIGHT = 0.15
"""Of a label with grade 0 and the source `SOURCE`: several of them weigh less than one explicit word."""
SOURCE = "passed_over"


def implied_negatives(exchange: Exchange, positives: Collection[str]) -> tuple[str, ...]:
    """Return the passages passed over for these positives, best ranked first; none without a listed positive."""
    rows = [row for row in exchange.shortlist if row.retriever in KIND_OF]
    chosen = [row for row in rows if row.passage_id in positives]
    if not chosen:
        return ()
    best = min(chosen, key=lambda row: row.rank)
    return tuple(
        row.passage_id
        for row in sorted(rows, key=lambda row: row.rank)
        if row.shown and row.rank < best.rank and best.score < (1 - MARGIN) * row.score
    )
