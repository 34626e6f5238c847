"""What extraction took in of other stories, and what it took in twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from functools import cache

from lxml.html import HtmlElement  # type: ignore[import-untyped]  # lxml says nothing of its types

from annotator.inbox.pages.page_blocks import Block, Paragraph, letters_of, names_of
from annotator.inbox.pages.page_home import HOME, is_paragraph, kind_of, main_home
from annotator.inbox.pages.page_lead import is_mostly_links, own_path

# A paragraph that is one link leads to another story; a page of which more than this share is such
# paragraphs is a list of links.
_LINK, _LISTED = 0.9, 0.2
_SHORTEST_LINK = 12
_FULL_STOPS = (".", ".”", '."', ".’", "”", "’")
# What pages call the parts of them that tell other stories, or ask for something.
_OTHERS = re.compile(
    r"related|recommend|most-?(?:read|popular|viewed)|more-?(?:stories|news|like)|read-?(?:next|also)"
    r"|up-?next|also-?(?:like|read)|latest-?(?:news|box|stories)|trending|outbrain|taboola|newsletter"
    r"|slide-?show|\bslides?\b|gallery|carousel|breadcrumb|disqus|\bcomments?\b",
    re.IGNORECASE,
)
# A list of other stories has so many, and so great a share of them has a headline that is a link.
_FEWEST, _LED = 3, 0.6
# A paragraph of so many letters stands in an article once; one of so many may be several in one,
# which is looked for but for a few times.
_ONCE, _SEVERAL, _MOST_CHECKS = 200, 1_000, 20


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


def without_others(
    paragraphs: Sequence[Paragraph], blocks: Sequence[Block]
) -> tuple[Paragraph, ...]:
    """`paragraphs` without those that stand, apart from the article, in a list of stories or in
    what the page calls by such a name. All of them where it is not plain which is the article."""
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
    """`paragraphs` without long ones, away from the article, that stand among those before: one
    once more, or several in one, as pages keep them for machines."""
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
    """The items of lists, beside the article, of what leads to other stories."""
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
