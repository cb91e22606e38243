"""The data folder in which a replay plays, apart from the real one."""
