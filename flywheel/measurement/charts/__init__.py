"""The report's pictures: a file per chart, with its drawing, its words and, where Slack can draw it, its block."""
