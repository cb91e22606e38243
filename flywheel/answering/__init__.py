"""Answer one question: audience, route, retrieve, decide, write."""
