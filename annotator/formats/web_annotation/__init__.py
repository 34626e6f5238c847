"""Writes and reads W3C Web Annotations as JSON-LD."""
