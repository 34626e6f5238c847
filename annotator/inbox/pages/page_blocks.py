"""Splits a page into paragraphs by its block elements, and maps extracted lines back to them.

Extraction finds the words of the article, but also splits paragraphs at line ends of the source,
which have no meaning in HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, groupby

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from annotator.lexicon.word_lists import TITLES

_BLOCKS_WORDS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol "
    "option optgroup p pre section summary table tbody tfoot thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_CELLS = frozenset({"td", "th"})
# Elements whose text a reader does not see as text of the page.
_UNSEEN_WORDS = (
    "head script style noscript template textarea select button svg math iframe object video audio "
    "canvas datalist"
)
_UNSEEN = frozenset(_UNSEEN_WORDS.split())
# Blanks as HTML defines them; a no-break space is part of the text.
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BREAK = "\n"
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»›)\]]*$")
_SHORTENED = "|".join(title.title() for title in sorted(TITLES))
_ABBREVIATED = re.compile(rf"(?:\b[A-Z]|\b(?:{_SHORTENED}|St|No|vs|[ap]\.m))\.$")
# Shorter sequences of letters may occur in several places of a page.
_TELLING = 24
_NEARBY = 2_000
# If at least this share of a block was extracted, the whole block is used.
_MOST_OF_IT = 0.5
# A failed search goes through the whole page, so their number is limited.
_MOST_SEARCHES = 500
_LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a page, its element, its letters, and how many of these are in links to
    other pages."""

    text: str
    element: HtmlElement
    letters: str
    linked: int = 0


def collapse(page: HtmlElement) -> None:
    """Replace each run of blanks and line ends by one blank, as browsers do, except in `<pre>`.

    Changes `page` in place.
    """
    kept = {inner for outer in page.iter("pre", "textarea") for inner in outer.iter()}
    outer = {element for element in kept if element.tag in ("pre", "textarea")}
    for element in page.iter():
        if element.tail and (element not in kept or element in outer):
            element.tail = _BLANKS.sub(" ", element.tail)
        if isinstance(element.tag, str) and element.text and element not in kept:
            element.text = _BLANKS.sub(" ", element.text)


def blocks_of(page: HtmlElement) -> tuple[Block, ...]:
    """All paragraphs of the page that contain letters, in order."""
    return tuple(_PageWalk(page).blocks())


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An extracted paragraph, and the number of its block in the page, if it has one."""

    text: str
    block: int | None = None


def in_paragraphs(lines: Iterable[str], blocks: Sequence[Block]) -> tuple[Paragraph, ...]:
    """`lines` as paragraphs of the page, in their order: lines of one block are joined, a line with
    several blocks is split; a line found in no block is unchanged."""
    found: list[Paragraph] = []
    given: set[int] = set()
    for block, part in groupby(_pieces(lines, blocks), key=lambda piece: piece.block):
        pieces = list(part)
        if block is None:
            found += [Paragraph(piece.text) for piece in pieces]
        elif sum(piece.letters for piece in pieces) < _MOST_OF_IT * len(blocks[block].letters):
            found.append(Paragraph(" ".join(piece.text for piece in pieces), block))
        elif block not in given:
            given.add(block)
            found.append(Paragraph(blocks[block].text, block))
    return tuple(found)


class _PageWalk:
    """One walk through a page."""

    def __init__(self, page: HtmlElement) -> None:
        self._page = page
        self._words: list[str] = []
        self._element = page
        self._unseen = self._pre = self._link = 0
        self._are_links: list[bool] = []
        self._rows: list[int] = []

    def blocks(self) -> Iterator[Block]:
        for event, element in iterwalk(self._page, events=("start", "end", "comment", "pi")):
            if not isinstance(element.tag, str):
                self._add(element.tail)
            elif event == "start":
                yield from self._begin(element)
            else:
                yield from self._end(element)
                self._add(element.tail)
        yield from self._close(self._page)

    def _begin(self, element: HtmlElement) -> Iterator[Block]:
        tag = element.tag
        if self._ends_block(tag):
            yield from self._close(element)
        if tag == "tr":
            self._rows.append(0)
        elif tag in _CELLS and self._rows:
            self._put(" | " if self._rows[-1] else "")
            self._rows[-1] += 1
        elif tag in _CELLS:
            yield from self._close(element)
        elif self._rows and tag in _BLOCKS:
            self._put(" ")
        elif tag == "br":
            self._put(_BREAK if not self._rows else " ")
        self._pre += tag == "pre"
        self._unseen += tag in _UNSEEN
        self._link += _leads_away(element)
        self._add(element.text)

    def _end(self, element: HtmlElement) -> Iterator[Block]:
        tag = element.tag
        if tag == "tr" and self._rows:
            self._rows.pop()
        if self._ends_block(tag) or (tag in _CELLS and not self._rows):
            yield from self._close(element.getparent())
        elif self._rows and tag in _BLOCKS:
            self._put(" ")
        self._pre -= tag == "pre"
        self._unseen -= tag in _UNSEEN
        self._link -= _leads_away(element)

    def _ends_block(self, tag: str) -> bool:
        return tag in _BLOCKS and (not self._rows or tag in ("tr", "table"))

    def _add(self, words: str | None) -> None:
        if words and not self._unseen:
            self._put(words if self._pre else _BLANKS.sub(" ", words))

    def _put(self, words: str) -> None:
        self._words.append(words)
        self._are_links.append(self._link > 0)

    def _close(self, element: HtmlElement | None) -> Iterator[Block]:
        """Yields the paragraphs read so far; the following text belongs to `element`."""
        pieces, self._words = self._words, []
        are_links, self._are_links = self._are_links, []
        before, self._element = self._element, element if element is not None else self._page
        words = "".join(pieces)
        if not words or words.isspace():
            return
        linked = _Linked(zip(pieces, are_links, strict=True))
        for text in _stanzas(words) if self._pre else _sentences(words):
            if letters := letters_of(text):
                yield Block(text, before, letters, linked.of_next(len(letters)))


class _Linked:
    """Counts the letters in links to other pages, in consecutive pieces of text."""

    def __init__(self, pieces: Iterable[tuple[str, bool]]) -> None:
        sized = [(len(letters_of(words)), is_link) for words, is_link in pieces]
        self._ends = list(accumulate(size for size, _ in sized))
        self._linked = [0, *accumulate(size * is_link for size, is_link in sized)]
        self._is_link = [is_link for _, is_link in sized]
        self._begin = 0

    def of_next(self, size: int) -> int:
        """The number of linked letters among the next `size` letters."""
        before = self._up_to(self._begin)
        self._begin += size
        return self._up_to(self._begin) - before

    def _up_to(self, letter: int) -> int:
        place = bisect_right(self._ends, letter)
        if place == len(self._ends) or not self._is_link[place]:
            return self._linked[place]
        begin = self._ends[place - 1] if place else 0
        return self._linked[place] + letter - begin


def _leads_away(element: HtmlElement) -> bool:
    return element.tag == "a" and not (element.get("href") or "#").startswith("#")


def names_of(element: HtmlElement) -> str:
    """The classes and the id of the element, truncated."""
    names = (element.get(key) or "" for key in ("class", "id"))
    return " ".join(name[:_LONGEST_NAME] for name in names)


def letters_of(words: str) -> str:
    """The letters and digits of `words`; texts are compared by these alone."""
    return "".join(filter(str.isalnum, words))


def _stanzas(words: str) -> Iterator[str]:
    """The paragraphs of preformatted text, with their line ends; a blank line ends a paragraph."""
    lines: list[str] = []
    for line in [*words.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield "\n".join(lines).strip("\n")
            lines = []


def _sentences(words: str) -> Iterator[str]:
    """The paragraphs of a block: `<br>` within a sentence is a blank; `<br>` after a sentence, and
    two together, end a paragraph."""
    text = ""
    for line in (line.strip(" ") for line in words.split(_BREAK)):
        if text and (not line or _is_end(text, line)):
            yield text
            text = ""
        text = f"{text} {line}" if text and line else text or line
    if text:
        yield text


def _is_end(line: str, after: str) -> bool:
    return (
        not after[0].islower()
        and _SENTENCE_END.search(line) is not None
        and _ABBREVIATED.search(line) is None
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line, or the part of it in one block; `letters` is how many of the block's it covers."""

    text: str
    block: int | None = None
    letters: int = 0


def _pieces(lines: Iterable[str], blocks: Sequence[Block]) -> Iterator[_Piece]:
    page = "".join(block.letters for block in blocks)
    ends = list(accumulate(len(block.letters) for block in blocks))
    for line, place in _places(lines, page, {0, *ends}):
        if place is None:
            yield _Piece(line)
            continue
        first, last = (bisect_right(ends, letter) for letter in (place.start, place.stop - 1))
        if first == last:
            yield _Piece(line, first, len(place))
            continue
        for number in range(first, last + 1):
            begin = ends[number] - len(blocks[number].letters)
            part = range(max(place.start, begin) - begin, min(place.stop, ends[number]) - begin)
            yield _Piece(_part_of(blocks[number].text, part), number, len(part))


def _places(
    lines: Iterable[str], page: str, bounds: Set[int]
) -> Iterator[tuple[str, range | None]]:
    """Each line with letters, and their range in the letters of the page; None if not found."""
    end = searches = 0
    for line in lines:
        letters = letters_of(line)
        if not letters:
            continue
        start = page.find(letters, end, end + len(letters) + _NEARBY)
        if len(letters) < _TELLING and start != end:
            # Few letters may match by chance, so they must be one or more whole blocks.
            start = start if start in bounds and start + len(letters) in bounds else -1
        if start < 0 and len(letters) >= _TELLING and searches < _MOST_SEARCHES:
            searches += 1
            start = page.find(letters, end)
            start = page.find(letters) if start < 0 else start
        if start < 0:
            yield line, None
            continue
        end = start + len(letters)
        yield line, range(start, end)


def _part_of(text: str, letters: range) -> str:
    """The part of `text` that spans the given range of its letters."""
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    return text[places[letters.start] : places[letters.stop - 1] + 1]
