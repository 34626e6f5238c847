"""Draws an article: wrapped, with marks and a caret."""
