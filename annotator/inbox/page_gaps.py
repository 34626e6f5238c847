"""What of an article extraction left out, and what it took in of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement  # type: ignore[import-untyped]  # lxml says nothing of its types

from annotator.inbox.page_blocks import Block, Paragraph, letters_of
from annotator.inbox.page_lead import ends_like_a_sentence, is_mostly_links, names_no_text

_PARAGRAPH = 60
# What holds so many paragraphs of an article holds the article.
_HOME = 3
# A paragraph that is one link leads to another story; a page of which more than this share is such
# paragraphs is a list of links.
_LINK, _LISTED = 0.9, 0.2
_SHORTEST_LINK = 12
_FULL_STOPS = (".", ".”", '."', ".’", "”", "’")


def filled(paragraphs: Sequence[Paragraph], blocks: Sequence[Block]) -> tuple[Paragraph, ...]:
    """`paragraphs` with those of the page that stand side by side with them and read like
    sentences, each in its place."""
    there = {one.block for one in paragraphs if one.block is not None}
    homes = _homes_of_article([blocks[number] for number in there])
    known = "".join(letters_of(one.text) for one in paragraphs)
    missing = [
        number
        for number, block in enumerate(blocks)
        if number not in there
        and not homes.isdisjoint(_homes(block))
        and _is_paragraph(block)
        and not names_no_text(block.element)
        and block.letters not in known
    ]
    out: list[Paragraph] = []
    for one in paragraphs:
        while missing and one.block is not None and missing[0] < one.block:
            number = missing.pop(0)
            out.append(Paragraph(blocks[number].text, number))
        out.append(one)
    return (*out, *(Paragraph(blocks[number].text, number) for number in missing))


def without_links(
    paragraphs: Sequence[Paragraph], blocks: Sequence[Block]
) -> tuple[Paragraph, ...]:
    """`paragraphs` without those that are one link: headlines of other stories."""
    links = {
        one.block for one in paragraphs if one.block is not None and _is_link(blocks[one.block])
    }
    size = sum(len(blocks[number].letters) for number in links)
    if size > _LISTED * sum(len(letters_of(one.text)) for one in paragraphs):
        return tuple(paragraphs)
    return tuple(one for one in paragraphs if one.block not in links or one.block is None)


def _homes_of_article(found: Sequence[Block]) -> frozenset[HtmlElement]:
    """What holds three paragraphs of the article, or half of it."""
    counts: Counter[HtmlElement] = Counter()
    sizes: Counter[HtmlElement] = Counter()
    for block in filter(_is_paragraph, found):
        for home in _homes(block):
            counts[home] += 1
            sizes[home] += len(block.letters)
    half = sum(len(block.letters) for block in found) / 2
    return frozenset(home for home in counts if counts[home] >= _HOME or sizes[home] > half)


def _homes(block: Block) -> tuple[HtmlElement, ...]:
    """What the paragraph may stand in: an element of its own, or bare between others."""
    parent = block.element.getparent()
    return (parent,) if block.element.tag == "p" else (block.element, parent)


def _is_paragraph(block: Block) -> bool:
    return (
        len(block.letters) >= _PARAGRAPH
        and ends_like_a_sentence(block.text)
        and not is_mostly_links(block)
    )


def _is_link(block: Block) -> bool:
    return (
        block.element.tag in ("p", "div")
        and len(block.letters) >= _SHORTEST_LINK
        and block.linked >= _LINK * len(block.letters)
        and not block.text.endswith(_FULL_STOPS)
    )
