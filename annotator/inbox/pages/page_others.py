"""Removes paragraphs of other stories and repeated paragraphs from extracted text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from functools import cache

from lxml.html import HtmlElement

from annotator.inbox.pages.page_blocks import Block, Paragraph, letters_of, names_of
from annotator.inbox.pages.page_home import HOME, is_paragraph, kind_of, main_home
from annotator.inbox.pages.page_lead import is_mostly_links, own_path

# A paragraph with at least _LINK of its letters linked leads to another story; a page with more
# than _LISTED of its letters in such paragraphs is a list of links.
_LINK, _LISTED = 0.9, 0.2
_SHORTEST_LINK = 12
_FULL_STOPS = (".", ".”", '."', ".’", "”", "’")
# Names that pages give to parts with other stories or forms.
_OTHERS = re.compile(
    r"related|recommend|most-?(?:read|popular|viewed)|more-?(?:stories|news|like)|read-?(?:next|also)"
    r"|up-?next|also-?(?:like|read)|latest-?(?:news|box|stories)|trending|outbrain|taboola|newsletter"
    r"|slide-?show|\bslides?\b|gallery|carousel|breadcrumb|disqus|\bcomments?\b",
    re.IGNORECASE,
)
# A list of other stories has at least _FEWEST items; at least _LED of them have a linked headline.
_FEWEST, _LED = 3, 0.6
# An article does not repeat a paragraph of _ONCE letters; one of _SEVERAL letters may join several
# others, which is checked at most _MOST_CHECKS times.
_ONCE, _SEVERAL, _MOST_CHECKS = 200, 1_000, 20


def without_links(
    paragraphs: Sequence[Paragraph], blocks: Sequence[Block]
) -> tuple[Paragraph, ...]:
    """`paragraphs` without those that consist of a link: headlines of other stories."""
    links = {
        one.block for one in paragraphs if one.block is not None and _is_link(blocks[one.block])
    }
    size = sum(len(blocks[number].letters) for number in links)
    if size > _LISTED * sum(len(letters_of(one.text)) for one in paragraphs):
        return tuple(paragraphs)
    return tuple(one for one in paragraphs if one.block not in links or one.block is None)


def without_others(
    paragraphs: Sequence[Paragraph], blocks: Sequence[Block]
) -> tuple[Paragraph, ...]:
    """`paragraphs` without those outside the article that are in a list of stories, or in an
    element named like one. Unchanged if it is unclear which element contains the article."""
    home = main_home(blocks)
    found = {one.block for one in paragraphs if one.block is not None}
    if home is None or sum(1 for number in found if _is_in(home, blocks[number])) < HOME:
        return tuple(paragraphs)
    around = frozenset((home, *home.iterancestors()))
    listed = _listed(blocks, found, home, around)
    named = cache(lambda element: _OTHERS.search(names_of(element)) is not None)
    others = {
        number
        for number in found
        if any(one in listed or named(one) for one in own_path(blocks[number].element, around))
    }
    return tuple(one for one in paragraphs if one.block is None or one.block not in others)


def without_repeats(
    paragraphs: Sequence[Paragraph], blocks: Sequence[Block]
) -> tuple[Paragraph, ...]:
    """`paragraphs` without long ones outside the article that repeat earlier ones: one of them, or
    several joined, as pages keep them for machines."""
    home = main_home(blocks)
    places: dict[str, HtmlElement | None] = {}
    kept: list[Paragraph] = []
    checks = 0
    for one in paragraphs:
        letters = letters_of(one.text)
        place = blocks[one.block].element.getparent() if one.block is not None else None
        is_there = places.get(letters, place) is not place and place is not home
        if len(letters) >= _SEVERAL and checks < _MOST_CHECKS:
            checks += 1
            before = "".join(letters_of(early.text) for early in kept)
            is_there = is_there or (letters in before and letters not in places)
        if is_there:
            continue
        if len(letters) >= _ONCE:
            places.setdefault(letters, place)
        kept.append(one)
    return tuple(kept)


def _listed(
    blocks: Sequence[Block],
    found: Set[int | None],
    home: HtmlElement,
    around: Set[HtmlElement],
) -> frozenset[HtmlElement]:
    """The items of lists of other stories outside the article."""
    home_kinds = {(one.getparent(), kind_of(one)) for one in around}
    items: dict[tuple[HtmlElement, str], set[HtmlElement]] = defaultdict(set)
    led: set[HtmlElement] = set()
    for number, block in enumerate(blocks):
        is_headline = len(block.letters) >= _SHORTEST_LINK and is_mostly_links(block)
        if number not in found and not is_headline:
            continue
        path = list(own_path(block.element, around))
        if not path or path[-1].getparent() is home:
            continue
        for one in path:
            parent = one.getparent()
            if parent is None or (parent, kind_of(one)) in home_kinds:
                break
            items[parent, kind_of(one)].add(one)
            if is_headline:
                led.add(one)
    return frozenset(
        one
        for same in items.values()
        if len(same) >= _FEWEST and len(same & led) >= _LED * len(same)
        for one in same
    )


def _is_link(block: Block) -> bool:
    return (
        block.element.tag in ("p", "div")
        and len(block.letters) >= _SHORTEST_LINK
        and block.linked >= _LINK * len(block.letters)
        and not block.text.endswith(_FULL_STOPS)
    )


def _is_in(home: HtmlElement, block: Block) -> bool:
    return is_paragraph(block) and home in (
        block.element,
        block.element.getparent(),
    )
