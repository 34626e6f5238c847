"""Teaches the encoder: a deep teacher from the corpora, then a shallow student from the teacher."""
