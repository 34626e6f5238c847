"""Adjudications: what reviewers of one article differ on, decided by keys."""
