"""Compute the answer to a question from one table without a model, or say nothing.

Nothing is answered while a name, a number or a word of what is asked for is unaccounted for: a wish that is ignored
makes a wrong answer. One plain word left over costs confidence, and in a look-up the answer; a column that the question
names and the answer leaves out costs confidence too, and the answer if it is named by a name.
"""

from dataclasses import replace

from flywheel.answering.tables.aggregates import add_up, average, count, difference
from flywheel.answering.tables.asked import Intent
from flywheel.answering.tables.extremes import extreme
from flywheel.answering.tables.found import Found
from flywheel.answering.tables.lookup import look_up
from flywheel.answering.tables.reading import Reading, read
from flywheel.answering.tables.sheet import Sheet
from flywheel.holdings import DataTable

LARGEST = 60_000
"""Cells of a table that is looked at without a model; larger ones take too long (some 100 ms for 10,000)."""

_DOUBT = 0.75


def compute(table: DataTable, question: str, said: str = "") -> Found | None:
    """Return the computed answer; `said` is what the document around the table is called."""
    if not table.rows or len(table.rows) * len(table.columns) > LARGEST:
        return None
    reading = read(Sheet(table, said), question)
    if reading is None or reading.is_rigid():
        return None
    hard, plain = reading.unexplained()
    if hard or len(plain) > (reading.asked.intent is not Intent.LOOKUP):
        return None
    found = _computed(reading)
    if found is None:
        return None
    left_out = reading.left_out(found.columns)
    if any(word.proper for word in left_out):
        return None
    return replace(found, confidence=found.confidence * _DOUBT ** (bool(plain) + bool(left_out)))


def _computed(reading: Reading) -> Found | None:
    operation = {
        Intent.LOOKUP: look_up,
        Intent.COUNT: count,
        Intent.SUM: add_up,
        Intent.MEAN: average,
        Intent.EXTREME: extreme,
        Intent.TOP: extreme,
        Intent.DIFFERENCE: difference,
    }[reading.asked.intent]
    return operation(reading)
