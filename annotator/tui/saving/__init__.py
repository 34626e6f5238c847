"""Decisions on their way into the database, and kept in files while it does not take them."""
