"""Teaches the shipped pipeline the names of one's own finished reviews, without torch."""
