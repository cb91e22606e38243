"""Find passages for a question, of those its audience may read."""
