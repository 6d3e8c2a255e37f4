"""The store: journals on disk, in SQLite or PostgreSQL, and what keeps them sound."""
