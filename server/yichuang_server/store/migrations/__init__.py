"""Alembic migrations of the district's database."""
