"""Trains pipelines on corpora and finished reviews, and evaluates them."""
