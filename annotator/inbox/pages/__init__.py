"""Finds the article in a saved web page: its paragraphs and lead, without other stories."""
