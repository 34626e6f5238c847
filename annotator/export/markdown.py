"""Parts of Markdown documents: tables, numbers, text from outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a table; integers get thousands separators."""
    names = tuple(head)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        cells = (f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row)
        yield f"| {' | '.join(cells)} |"


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Counts by name, the largest first: *ada 26, bo 2*."""
    rows = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{plain_text(name)} {count:,}" for name, count in rows) or "none"


def plain_text(text: str) -> str:
    """Text from outside, escaped for one line of Markdown."""
    words = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in words)
