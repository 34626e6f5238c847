"""Links between articles: revisions, near-duplicates, stories."""
