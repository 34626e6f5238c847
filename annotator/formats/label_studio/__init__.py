"""Writes and reads Label Studio tasks."""
