"""Widgets that know nothing of articles: lines of words, lists of any length."""
