"""Adds paragraphs of the article that extraction left out.

A container is the element that directly holds the paragraphs of a text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from itertools import count

from lxml.html import HtmlElement

from annotator.inbox.pages.page_blocks import Block, Paragraph, letters_of
from annotator.inbox.pages.page_home import HOME, homes_of, is_paragraph, kind_of, main_home
from annotator.inbox.pages.page_lead import names_no_text

# If less than this share of the main container's text was found, short paragraphs and headings
# directly in it are added too.
_LITTLE = 0.5
# A continuation in another container has at least this many paragraphs.
_CONTINUED = 2
_HEADINGS = frozenset({"p", "h2", "h3", "h4"})
# Each search goes through all the text found, so their number is limited.
_MOST_SEARCHES = 2_000


def filled(paragraphs: Sequence[Paragraph], blocks: Sequence[Block]) -> tuple[Paragraph, ...]:
    """`paragraphs` with further paragraphs of the page that share their containers and read like
    sentences, in page order."""
    there = {one.block for one in paragraphs if one.block is not None}
    homes = _containers_of_article([blocks[number] for number in there])
    main = main_home(blocks)
    found, of_all = _shares(main, blocks, there)
    is_around = main is not None and _holds(main, [blocks[number] for number in there])
    if main is not None and (found or is_around):
        homes |= {main}
    homes |= _continuations(homes, blocks)
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
    """A test whether `known` contains the letters of a block; False after too many searches."""
    searches = count()
    return lambda block: next(searches) < _MOST_SEARCHES and block.letters in known


def _containers_of_article(found: Sequence[Block]) -> frozenset[HtmlElement]:
    """The containers of at least `HOME` paragraphs of the article, or of more than half of it."""
    counts: Counter[HtmlElement] = Counter()
    sizes: Counter[HtmlElement] = Counter()
    for block in filter(is_paragraph, found):
        for home in homes_of(block):
            counts[home] += 1
            sizes[home] += len(block.letters)
    half = sum(len(block.letters) for block in found) / 2
    return frozenset(home for home in counts if counts[home] >= HOME or sizes[home] > half)


def _shares(home: HtmlElement | None, blocks: Sequence[Block], there: Set[int]) -> tuple[int, int]:
    """How many letters of the paragraphs in `home` were found, and how many there are."""
    own = [
        (number, len(block.letters))
        for number, block in enumerate(blocks)
        if is_paragraph(block) and home in homes_of(block)
    ]
    return sum(size for number, size in own if number in there), sum(size for _, size in own)


def _holds(home: HtmlElement, found: Sequence[Block]) -> bool:
    """Whether most of the blocks found are nested in `home`."""
    inside = sum(any(one is home for one in block.element.iterancestors()) for block in found)
    return 2 * inside > len(found)


def _continuations(homes: Set[HtmlElement], blocks: Sequence[Block]) -> frozenset[HtmlElement]:
    """Containers that continue the article where, for example, advertising splits its body: beside
    one of `homes` and of the same make."""
    made = {_make(home) for home in homes}
    counts = Counter(home for block in filter(is_paragraph, blocks) for home in homes_of(block))
    return frozenset(
        home
        for home, count in counts.items()
        if count >= _CONTINUED and home not in homes and _make(home) in made
    )


def _make(home: HtmlElement) -> tuple[str, str, HtmlElement | None]:
    """The kind of the element, the kind of its parent, and its grandparent. Elements without a
    class and elements of articles are unlike any other."""
    parent = home.getparent()
    above = parent.getparent() if parent is not None else None
    if above is None or not home.get("class") or "article" in (home.tag, parent.tag):
        return "", "", home
    return kind_of(home), kind_of(parent), above
