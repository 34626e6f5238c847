"""Writes and reads brat standoff files."""
