"""The functions that a SELECT may call: harmless ones, none of which can make much of little."""

from flywheel.answering.tables.lexicon import word_set

FUNCTIONS = word_set(
    "abs avg and or case cast coalesce count date day dense_rank group_concat groupconcat if ifnull iif instr "
    "strposition str_position julianday length like lower ltrim max min month nullif rank round row_number rownumber "
    "rtrim strftime substr substring sum time_to_str timetostr total trim upper year ts_or_ds_to_date tsordstodate "
    "ts_or_ds_to_timestamp"
)
"""What a SELECT may call, by SQL's names and by the parser's."""
