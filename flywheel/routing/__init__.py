"""Choose the retrievers a question needs."""
