"""Train challengers, gate them, release them, take them back."""
