"""Parts of Markdown documents: tables, numbers, text from outside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

# YAML has no such characters, or reads them as line ends, although JSON allows them in a string.
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


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


def code(name: str) -> str:
    """A name from outside as code, for a cell of a table."""
    return plain_text(name) if set(name) & set("`|\n\r") else f"`{name}`"


def yaml_string(text: str) -> str:
    """Text from outside as a string of YAML, in quotes."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
