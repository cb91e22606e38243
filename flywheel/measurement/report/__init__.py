"""The report: what happened in a week or a month, as plain values.

    edition → reading → figures, headline, learned, sources, the other parts' sections → content (JSON)

Everything is computed from the ledger as of a moment, so that the same report can be computed again later.
"""

from flywheel.measurement.report.composing import Made, again, compose, report

__all__ = ["Made", "again", "compose", "report"]
