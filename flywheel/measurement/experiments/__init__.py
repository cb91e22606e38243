"""Experiments: written down before they start, looked at every day, kept whatever they found."""
