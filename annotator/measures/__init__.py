"""Measures of agreement, with intervals; the home of numpy for them."""
