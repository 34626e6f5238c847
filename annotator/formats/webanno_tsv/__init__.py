"""Reads WebAnno TSV 3, as INCEpTION and WebAnno export it."""
