"""Knowledge with a real database, real files and real child processes."""
