"""Reads Argilla's records."""
