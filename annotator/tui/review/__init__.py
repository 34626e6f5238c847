"""The review of one article."""
