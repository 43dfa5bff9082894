"""The database: engine for SQLite and PostgreSQL, the declarative base, migrations. Knows nothing of what is kept."""
