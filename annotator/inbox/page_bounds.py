"""What is counted in a page before it is parsed: what takes longer than its size is refused."""

from __future__ import annotations

import re

from annotator.errors import ReadError

MOST_TAGS = 25_000
"""Extraction takes one or two seconds for so many elements, minutes for ten times as many."""
MOST_ATTRIBUTES = 300
"""A parser compares each attribute of an element with all that came before it."""

_OPENING = re.compile(r"<[a-zA-Z]")
# A tag with its attributes; what stands in quotes may hold the sign that ends tags. No step is ever
# retraced, so the time that it takes grows with the page.
_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+""")
_QUOTED = re.compile(r"""\s*=\s*(?:"[^"]*+"|'[^']*+')""")
_NAMES = re.compile(r"""[^\s/=>"']++(?:\s*+=\s*+[^\s>"']++)?""")


def refuse_endless(html: str, *, hint: str) -> None:
    """ReadError if reading the page would take longer than its size accounts for."""
    if sum(1 for _ in _OPENING.finditer(html)) > MOST_TAGS:
        raise ReadError(
            f"The page is too large for one article: it has more than {MOST_TAGS:,} elements.",
            hint=hint,
        )
    for tag in _TAG.finditer(html):
        # So many attributes need at least two letters each.
        if (
            tag.end() - tag.start() > 2 * MOST_ATTRIBUTES
            and attributes_in(tag[0]) > MOST_ATTRIBUTES
        ):
            raise ReadError(
                f"The page is no article: an element in it has more than {MOST_ATTRIBUTES} "
                "attributes.",
                hint=hint,
            )


def attributes_in(tag: str) -> int:
    """How many attributes a tag has, or a few more where it is damaged."""
    return sum(1 for _ in _NAMES.finditer(_QUOTED.sub(" ", tag))) - 1
