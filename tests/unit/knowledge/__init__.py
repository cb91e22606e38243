"""What knowledge promises, without a database."""
