"""Escapes labels for formats that reserve blanks and marks: `%20` for a blank."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_NOT_IN_NAMES = re.compile(r"[\s%:;,|<>\x00-\x1f\x7f]")


def to_name(label: str) -> str:
    """`label` as one word; most labels are unchanged."""
    return _NOT_IN_NAMES.sub(lambda found: quote(found.group(), safe=""), label)


def from_name(name: str) -> str:
    """The label for a name written by `to_name`."""
    return unquote(name)
