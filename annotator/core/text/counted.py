"""Numbers with their nouns."""

from __future__ import annotations


def many(number: int, noun: str, several: str = "") -> str:
    """A number with its noun: *1 article*, *2 articles*, *1,000 identities*. `several` is the noun
    of several things where it is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"
