"""Columns of words and tags, written and read."""
