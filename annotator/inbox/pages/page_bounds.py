"""Refuses pages, before parsing, whose processing would not be linear in their size."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotator.errors import ReadError

MOST_TAGS = 25_000
"""Extraction takes one or two seconds for this many elements, minutes for ten times as many."""
MOST_COMPARISONS = 200_000_000
"""A parser compares each attribute of an element with all before it; this many take about 1 s."""

_OPENING = re.compile(r"<[a-zA-Z]")
_FEW = 300
# A tag with its attributes; quoted values may contain `>`. It never backtracks, so matching is
# linear in the size of the page.
_TAG = re.compile(r"""<[a-zA-Z](?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+""")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_NAMES = re.compile(r"""[^\s/=>"']++(?:\s*+=\s*+[^\s>"']++)?""")
_SCRIPT = re.compile(r"<(script|style)\b", re.IGNORECASE)


def refuse_too_costly(html: str, *, hint: str) -> None:
    """Raises ReadError if the page has too many elements or attributes to be read in time."""
    pieces = list(_without_scripts(html))
    if sum(1 for piece in pieces for _ in _OPENING.finditer(piece)) > MOST_TAGS:
        raise ReadError(
            f"The page is too large for one article: it has more than {MOST_TAGS:,} elements.",
            hint=hint,
        )
    comparisons = 0
    for piece in pieces:
        for tag in _TAG.finditer(piece):
            # A shorter tag cannot have that many attributes of at least two letters each.
            if tag.end() - tag.start() > 2 * _FEW:
                comparisons += attributes_in(tag[0]) ** 2
    if comparisons > MOST_COMPARISONS:
        raise ReadError(
            "The page is not an article: its elements have thousands of attributes.", hint=hint
        )


def attributes_in(tag: str) -> int:
    """The number of attributes in a tag; a few more if the tag is damaged."""
    return sum(1 for _ in _NAMES.finditer(_QUOTED.sub(" ", tag))) - 1


def _without_scripts(html: str) -> Iterator[str]:
    """The page without the content of scripts and styles, in which `<` opens no tag."""
    place = 0
    while (found := _SCRIPT.search(html, place)) is not None:
        end = html.find(f"</{found[1]}", found.end())
        if end < 0:
            break
        # The tag itself may be costly; the content of the element is not.
        yield html[place : html.find(">", found.end()) + 1 or found.end()]
        place = end
    yield html[place:]
