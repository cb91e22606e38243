"""Keep everything in SQL; the only home of SQLAlchemy."""
