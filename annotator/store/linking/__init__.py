"""Which articles belong together: revisions, near-duplicates, stories."""
