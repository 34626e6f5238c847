"""Identities in the store: the log of decisions, what holds by it, and mentions tied to them."""
