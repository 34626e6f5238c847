"""Finds the element that contains the article of a page, by its paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from annotator.inbox.pages.page_blocks import Block, names_of
from annotator.inbox.pages.page_lead import ends_like_a_sentence, is_mostly_links

# Minimum number of letters in a paragraph and in an article.
_PARAGRAPH, _ARTICLE = 60, 1_000
HOME = 3
"""An element with this many paragraphs of an article contains the article."""
_NEAR, _LONGEST_CLASS = 4, 200
_ASIDE = frozenset({"aside", "nav", "footer", "figure"})
_LISTS = frozenset({"ul", "ol", "dl"})
_NO_ARTICLE = re.compile(
    r"\bcomments?\b|disqus|footer|sidebar|cookie|consent|disclaimer|\blegal\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")


def is_paragraph(block: Block) -> bool:
    """Whether a block reads like a paragraph of an article: long enough, ends like a sentence, and
    not mostly links."""
    return (
        len(block.letters) >= _PARAGRAPH
        and ends_like_a_sentence(block.text)
        and not is_mostly_links(block)
    )


def homes_of(block: Block) -> tuple[HtmlElement, ...]:
    """The possible containers of a paragraph: the parent of its element; also the element itself
    unless it is a `<p>`."""
    parent = block.element.getparent()
    if parent is None:
        return (block.element,)
    return (parent,) if block.element.tag == "p" else (block.element, parent)


def main_home(blocks: Sequence[Block]) -> HtmlElement | None:
    """The container with the most text in paragraphs directly in it; None if none is large enough
    for an article."""
    counts: Counter[HtmlElement] = Counter()
    sizes: Counter[HtmlElement] = Counter()
    for block in filter(is_paragraph, blocks):
        for home in homes_of(block):
            counts[home] += 1
            sizes[home] += len(block.letters)
    for home, size in sizes.most_common():
        if size < _ARTICLE:
            break
        if counts[home] >= HOME and home.tag not in _LISTS and not _is_beside_article(home):
            return home
    return None


def kind_of(element: HtmlElement) -> str:
    """The tag and the first two classes without numbers, the same for all elements made from one
    template."""
    classes = (element.get("class") or "")[:_LONGEST_CLASS].split()[:2]
    return " ".join((str(element.tag), *(_NUMBER.sub("", one) for one in classes)))


def _is_beside_article(home: HtmlElement) -> bool:
    path = [home, *(above for above, _ in zip(home.iterancestors(), range(_NEAR), strict=False))]
    return any(one.tag in _ASIDE or _NO_ARTICLE.search(names_of(one)) for one in path)
