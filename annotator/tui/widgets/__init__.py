"""Widgets that do not know articles: bars of text, lists of any length."""
