"""The article in a saved web page: its paragraphs, its lead, and what is not of it."""
