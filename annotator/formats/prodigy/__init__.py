"""Prodigy's tasks, written and read."""
