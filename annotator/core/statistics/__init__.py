"""What was done, how fast, and what became of suggestions: one source for report and screens."""
