"""Turn signals into labels, candidates and data sets."""
