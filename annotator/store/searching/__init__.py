"""Full text: an index of the words of all articles, and searches in it."""
