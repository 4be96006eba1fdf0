"""The district's store: SQLAlchemy Core tables, one query module a subject, no rules."""
