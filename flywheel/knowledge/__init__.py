"""Sources become documents, documents become passages, passages become an index."""
