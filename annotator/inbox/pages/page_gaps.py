"""What of an article extraction left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from itertools import count

from lxml.html import HtmlElement  # type: ignore[import-untyped]  # lxml says nothing of its types

from annotator.inbox.pages.page_blocks import Block, Paragraph, letters_of
from annotator.inbox.pages.page_home import HOME, homes_of, is_paragraph, kind_of, main_home
from annotator.inbox.pages.page_lead import names_no_text

# What was found of an article's home is little if it is less; then all that stands there is missed.
_LITTLE = 0.5
# What goes on elsewhere goes on for so many paragraphs.
_CONTINUED = 2
_HEADINGS = frozenset({"p", "h2", "h3", "h4"})
# What is already there has been looked for in all of it: not for ever.
_MOST_SEARCHES = 2_000


def filled(paragraphs: Sequence[Paragraph], blocks: Sequence[Block]) -> tuple[Paragraph, ...]:
    """`paragraphs` with those of the page that stand side by side with them and read like
    sentences, each in its place."""
    there = {one.block for one in paragraphs if one.block is not None}
    homes = _homes_of_article([blocks[number] for number in there])
    main = main_home(blocks)
    found, of_all = _shares(main, blocks, there)
    is_around = main is not None and _holds(main, [blocks[number] for number in there])
    if main is not None and (found or is_around):
        homes |= {main}
    homes |= _twins(homes, blocks)
    is_known = _search_in("".join(letters_of(one.text) for one in paragraphs))
    is_missed = (found or is_around) and found < _LITTLE * of_all
    missing = [
        number
        for number, block in enumerate(blocks)
        if number not in there
        and (
            (is_paragraph(block) and not homes.isdisjoint(homes_of(block)))
            or (is_missed and block.element.tag in _HEADINGS and block.element.getparent() is main)
        )
        and not names_no_text(block.element)
        and not is_known(block)
    ]
    out: list[Paragraph] = []
    for one in paragraphs:
        while missing and one.block is not None and missing[0] < one.block:
            number = missing.pop(0)
            out.append(Paragraph(blocks[number].text, number))
        out.append(one)
    return (*out, *(Paragraph(blocks[number].text, number) for number in missing))


def _search_in(known: str) -> Callable[[Block], bool]:
    """Whether the letters of a block stand in `known`, looked for so many times at most."""
    searches = count()
    return lambda block: next(searches) < _MOST_SEARCHES and block.letters in known


def _homes_of_article(found: Sequence[Block]) -> frozenset[HtmlElement]:
    """What holds three paragraphs of the article, or half of it."""
    counts: Counter[HtmlElement] = Counter()
    sizes: Counter[HtmlElement] = Counter()
    for block in filter(is_paragraph, found):
        for home in homes_of(block):
            counts[home] += 1
            sizes[home] += len(block.letters)
    half = sum(len(block.letters) for block in found) / 2
    return frozenset(home for home in counts if counts[home] >= HOME or sizes[home] > half)


def _shares(home: HtmlElement | None, blocks: Sequence[Block], there: Set[int]) -> tuple[int, int]:
    """How many letters of the paragraphs that `home` holds were found, and how many it holds."""
    own = [
        (number, len(block.letters))
        for number, block in enumerate(blocks)
        if is_paragraph(block) and home in homes_of(block)
    ]
    return sum(size for number, size in own if number in there), sum(size for _, size in own)


def _holds(home: HtmlElement, found: Sequence[Block]) -> bool:
    """Whether most of what was found stands in what stands in `home`."""
    inside = sum(any(one is home for one in block.element.iterancestors()) for block in found)
    return 2 * inside > len(found)


def _twins(homes: Set[HtmlElement], blocks: Sequence[Block]) -> frozenset[HtmlElement]:
    """What continues the article where, say, advertising cut its body in several: made as one of
    `homes` is, beside it, and with no title of its own."""
    made = {_make(home) for home in homes}
    counts = Counter(home for block in filter(is_paragraph, blocks) for home in homes_of(block))
    return frozenset(
        home
        for home, count in counts.items()
        if count >= _CONTINUED and home not in homes and _make(home) in made
    )


def _make(home: HtmlElement) -> tuple[str, str, HtmlElement | None]:
    """Its own kind, its parent's, and what holds that. Elements that nothing names are never of
    one make, nor are articles."""
    parent = home.getparent()
    above = parent.getparent() if parent is not None else None
    if above is None or not home.get("class") or "article" in (home.tag, parent.tag):
        return "", "", home
    return kind_of(home), kind_of(parent), above
