"""Experiments over a real store."""
