"""Stores articles from the inbox and runs the pipeline: `adding` once, `watching` continuously.

The database is the queue between this process, which reads files and never loads spaCy, and its
worker processes, which never read files.
"""
