"""One file per message: pure functions from values to Block Kit."""
