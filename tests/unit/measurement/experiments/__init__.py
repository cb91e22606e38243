"""Experiments, in values."""
