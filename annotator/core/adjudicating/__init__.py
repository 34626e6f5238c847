"""Finished reviews of one article compared, and their differences decided."""
