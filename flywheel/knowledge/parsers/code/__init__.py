"""Source code: its grammars, its definitions and what it says in words."""
