"""Labels as names without blanks and marks that a format needs for itself: `%20` for a blank."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_NOT_IN_NAMES = re.compile(r"[\s%:;,|<>\x00-\x1f\x7f]")


def to_name(label: str) -> str:
    """`label` as one word; most labels are that already."""
    return _NOT_IN_NAMES.sub(lambda found: quote(found.group(), safe=""), label)


def from_name(name: str) -> str:
    """The label that `to_name` wrote as `name`."""
    return unquote(name)
