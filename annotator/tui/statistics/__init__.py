"""Statistics: speed over time, what became of suggestions, the hardest articles, notes."""
