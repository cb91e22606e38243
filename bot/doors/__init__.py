"""The HTTP doors, one file per noun; each call validates, calls one use case, and answers a value."""
