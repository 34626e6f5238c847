"""The queue of articles, and the list of files that became none."""
