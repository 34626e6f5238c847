"""Stories: the log of decisions on them, their articles with claims and ties, proposals."""
