"""Writes and reads UIMA CAS, as INCEpTION and WebAnno use it."""
