"""The Slack face of Flywheel: commands, HTTP, Slack listeners and blocks."""
