"""Reads the JSON that spaCy 2 trains on."""
