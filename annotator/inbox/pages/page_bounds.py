"""What is counted in a page before it is parsed: what takes longer than its size is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotator.errors import ReadError

MOST_TAGS = 25_000
"""Extraction takes one or two seconds for so many elements, minutes for ten times as many."""
MOST_COMPARISONS = 200_000_000
"""A parser compares each attribute of an element with all before it: about a second for so many."""

_OPENING = re.compile(r"<[a-zA-Z]")
_FEW = 300
# A tag with its attributes; what stands in quotes may hold the sign that ends tags. No step is ever
# retraced, so the time that it takes grows with the page.
_TAG = re.compile(r"""<[a-zA-Z](?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+""")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_NAMES = re.compile(r"""[^\s/=>"']++(?:\s*+=\s*+[^\s>"']++)?""")
_SCRIPT = re.compile(r"<(script|style)\b", re.IGNORECASE)


def refuse_endless(html: str, *, hint: str) -> None:
    """ReadError if reading the page would take longer than its size accounts for."""
    pieces = list(_without_scripts(html))
    if sum(1 for piece in pieces for _ in _OPENING.finditer(piece)) > MOST_TAGS:
        raise ReadError(
            f"The page is too large for one article: it has more than {MOST_TAGS:,} elements.",
            hint=hint,
        )
    comparisons = 0
    for piece in pieces:
        for tag in _TAG.finditer(piece):
            # So many attributes need at least two letters each.
            if tag.end() - tag.start() > 2 * _FEW:
                comparisons += attributes_in(tag[0]) ** 2
    if comparisons > MOST_COMPARISONS:
        raise ReadError(
            "The page is no article: its elements have thousands of attributes.", hint=hint
        )


def attributes_in(tag: str) -> int:
    """How many attributes a tag has, or a few more where it is damaged."""
    return sum(1 for _ in _NAMES.finditer(_QUOTED.sub(" ", tag))) - 1


def _without_scripts(html: str) -> Iterator[str]:
    """The page but for its scripts and styles, whose signs are no tags."""
    place = 0
    while (found := _SCRIPT.search(html, place)) is not None:
        end = html.find(f"</{found[1]}", found.end())
        if end < 0:
            break
        # The tag itself may be what costs; what stands in it does not.
        yield html[place : html.find(">", found.end()) + 1 or found.end()]
        place = end
    yield html[place:]
