"""Adjudications: reviews whose suggestions are the finished reviews of an article."""
