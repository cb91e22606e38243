"""Read one format each: `parse(content, name)` returns what the document says. They run in a child process only."""
