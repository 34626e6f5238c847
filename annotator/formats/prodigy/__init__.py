"""Writes and reads Prodigy tasks."""
