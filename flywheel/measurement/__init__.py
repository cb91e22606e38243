"""Measure what serves, keep the records, report them."""
