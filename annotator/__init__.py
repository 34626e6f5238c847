"""News articles in, reviewed entities and claims out."""

__version__ = "0.1.0"
