"""The journal: all append-only logs, each a chain of hashes."""
