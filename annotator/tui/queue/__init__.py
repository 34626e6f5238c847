"""The queue of articles, and the list of files and articles that failed."""
