"""Searches in all articles: words in context, and what contradicts itself."""
