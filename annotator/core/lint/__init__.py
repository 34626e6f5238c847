"""Finds what contradicts itself or the guidelines in finished work."""
