"""Where in a page its article stands, told by its paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement  # type: ignore[import-untyped]  # lxml says nothing of its types

from annotator.inbox.pages.page_blocks import Block, names_of
from annotator.inbox.pages.page_lead import ends_like_a_sentence, is_mostly_links

# In letters: a paragraph; what an article has at least.
_PARAGRAPH, _ARTICLE = 60, 1_000
HOME = 3
"""What holds so many paragraphs of an article holds the article."""
_NEAR, _LONGEST_CLASS = 4, 200
_ASIDE = frozenset({"aside", "nav", "footer", "figure"})
_LISTS = frozenset({"ul", "ol", "dl"})
_NO_ARTICLE = re.compile(
    r"\bcomments?\b|disqus|footer|sidebar|cookie|consent|disclaimer|\blegal\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")


def is_paragraph(block: Block) -> bool:
    """Whether it reads like a paragraph of an article: it is long enough and a sentence."""
    return (
        len(block.letters) >= _PARAGRAPH
        and ends_like_a_sentence(block.text)
        and not is_mostly_links(block)
    )


def homes_of(block: Block) -> tuple[HtmlElement, ...]:
    """What the paragraph may stand in: an element of its own, or bare between others."""
    parent = block.element.getparent()
    if parent is None:
        return (block.element,)
    return (parent,) if block.element.tag == "p" else (block.element, parent)


def main_home(blocks: Sequence[Block]) -> HtmlElement | None:
    """What holds more text than anything else of the page, in paragraphs that stand side by side;
    None where nothing holds an article."""
    counts: Counter[HtmlElement] = Counter()
    sizes: Counter[HtmlElement] = Counter()
    for block in filter(is_paragraph, blocks):
        for home in homes_of(block):
            counts[home] += 1
            sizes[home] += len(block.letters)
    for home, size in sizes.most_common():
        if size < _ARTICLE:
            break
        if counts[home] >= HOME and home.tag not in _LISTS and not _stands_aside(home):
            return home
    return None


def kind_of(element: HtmlElement) -> str:
    """The same for elements that a page makes by one pattern: their tag and their first classes,
    without the numbers in them."""
    classes = (element.get("class") or "")[:_LONGEST_CLASS].split()[:2]
    return " ".join((str(element.tag), *(_NUMBER.sub("", one) for one in classes)))


def _stands_aside(home: HtmlElement) -> bool:
    path = [home, *(above for above, _ in zip(home.iterancestors(), range(_NEAR), strict=False))]
    return any(one.tag in _ASIDE or _NO_ARTICLE.search(names_of(one)) for one in path)
