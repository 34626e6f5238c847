"""Finds claims by patterns in plain text, for the keys that make and correct claims."""
