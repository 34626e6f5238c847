"""Writes decisions into the database, and keeps them in files while it does not accept them."""
