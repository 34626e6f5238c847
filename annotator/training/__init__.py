"""Corpora to pipeline: data, training, evaluation."""
