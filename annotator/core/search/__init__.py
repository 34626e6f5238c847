"""Searches texts and what is marked in them: words, phrases, sources, cues, labels."""
