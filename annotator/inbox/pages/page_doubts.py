"""Decides whether the text found in a page is probably not its article."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.inbox.pages.page_blocks import Block, Paragraph
from annotator.inbox.pages.page_lead import PICTURES, ends_like_a_sentence, names_a_caption

_ASIDE = frozenset({"aside", "nav", "footer"}) | PICTURES
# Fewer characters than _FEW in a page larger than _LARGE are hardly its article, unless they are
# more than one in _SHARE and read like sentences.
_FEW, _LARGE, _SHARE = 250, 50_000, 1_000
# This many characters are accepted wherever they were found.
_MUCH = 1_500
_NEAR = 4


def doubt(paragraphs: Sequence[Paragraph], blocks: Sequence[Block], *, size: int) -> str | None:
    """Why `paragraphs`, found in a page of `size` characters, are probably not its article; None
    if they probably are."""
    found = sum(len(one.text) for one in paragraphs)
    if found >= _MUCH:
        return None
    what = f"Only {found:,} characters were found in a page of {_kilobytes(size)} kB"
    places = [blocks[one.block] for one in paragraphs if one.block is not None]
    if places and len(places) == len(paragraphs) and all(map(_is_beside_article, places)):
        return f"{what}, all of them captions or text beside an article."
    reads = any(ends_like_a_sentence(one.text) for one in paragraphs)
    if found < _FEW and size >= _LARGE and (not reads or found * _SHARE < size):
        return f"{what}: probably not its article."
    if found < _FEW and len(paragraphs) > 1 and len({one.text for one in paragraphs}) == 1:
        return f"{what}, the same line repeated."
    return None


def _is_beside_article(block: Block) -> bool:
    path = [block.element]
    while len(path) < _NEAR and (parent := path[-1].getparent()) is not None:
        path.append(parent)
    if any(one.tag in ("article", "main", "p") for one in path[:2]) and ends_like_a_sentence(
        block.text
    ):
        return any(one.tag in _ASIDE for one in path)
    return any(one.tag in _ASIDE or names_a_caption(one) for one in path)


def _kilobytes(size: int) -> str:
    return f"{max(1, round(size / 1000)):,}"
