"""Writes and reads TEI."""
