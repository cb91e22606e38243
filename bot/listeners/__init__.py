"""One file per Slack surface; each listener acks, calls one use case, renders, says."""
