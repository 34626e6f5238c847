"""Writes and reads columns of words and tags (CoNLL)."""
