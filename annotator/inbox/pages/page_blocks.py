"""A page as its paragraphs, by the rules of HTML: what stands in one block is one, however its
source is wrapped; and what extraction found, put back into them.

Extraction says which words are the article. Where its paragraphs end it takes from line ends too,
which mean nothing in a page.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, groupby

from lxml.etree import iterwalk  # type: ignore[import-untyped]  # lxml says nothing of its types
from lxml.html import HtmlElement  # type: ignore[import-untyped]  # likewise

from annotator.lexicon.word_lists import TITLES

_BLOCKS_WORDS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol "
    "option optgroup p pre section summary table tbody tfoot thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_CELLS = frozenset({"td", "th"})
# What is no text of the page, or none that a reader sees.
_UNSEEN_WORDS = (
    "head script style noscript template textarea select button svg math iframe object video audio "
    "canvas datalist"
)
_UNSEEN = frozenset(_UNSEEN_WORDS.split())
# Blanks in the sense of HTML: a no-break space is a letter of the text.
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BREAK = "\n"
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»›)\]]*$")
_SHORTENED = "|".join(title.title() for title in sorted(TITLES))
_ABBREVIATED = re.compile(rf"(?:\b[A-Z]|\b(?:{_SHORTENED}|St|No|vs|[ap]\.m))\.$")
# Shorter than this, the same letters may stand in many a place of the page.
_TELLING = 24
_NEARBY = 2_000
# So much of a block must have been found for the rest of it, lost on the way, to come back too.
_MOST_OF_IT = 0.5
# What is not found has been looked for through the whole page: not for ever.
_MOST_SEARCHES = 500
_LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a page, the element that it stands in, its letters, and how many of them
    lead to other pages."""

    text: str
    element: HtmlElement
    letters: str
    linked: int = 0


def collapse(page: HtmlElement) -> None:
    """Makes each run of blanks and line ends one blank, as browsers do, but in `<pre>`."""
    kept = {inner for outer in page.iter("pre", "textarea") for inner in outer.iter()}
    outer = {element for element in kept if element.tag in ("pre", "textarea")}
    for element in page.iter():
        if element.tail and (element not in kept or element in outer):
            element.tail = _BLANKS.sub(" ", element.tail)
        if isinstance(element.tag, str) and element.text and element not in kept:
            element.text = _BLANKS.sub(" ", element.text)


def blocks_of(page: HtmlElement) -> tuple[Block, ...]:
    """Every paragraph of the page that holds words, in order."""
    return tuple(_Reading(page).blocks())


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that was found, and the number of the block of the page that it is, if any."""

    text: str
    block: int | None = None


def in_paragraphs(lines: Iterable[str], blocks: Sequence[Block]) -> tuple[Paragraph, ...]:
    """`lines` as paragraphs of the page, in their order: those of one block are one, those that
    hold several are several; what stands in no block is left as it is."""
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


class _Reading:
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
        """The paragraphs read so far; what follows stands in `element`."""
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
    """How many letters of what stands in a row, piece by piece, lead to other pages."""

    def __init__(self, pieces: Iterable[tuple[str, bool]]) -> None:
        sized = [(len(letters_of(words)), is_link) for words, is_link in pieces]
        self._ends = list(accumulate(size for size, _ in sized))
        self._linked = [0, *accumulate(size * is_link for size, is_link in sized)]
        self._is_link = [is_link for _, is_link in sized]
        self._begin = 0

    def of_next(self, size: int) -> int:
        """Of the next `size` letters."""
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
    """What the page calls the element, as far as names go."""
    names = (element.get(key) or "" for key in ("class", "id"))
    return " ".join(name[:_LONGEST_NAME] for name in names)


def letters_of(words: str) -> str:
    """The letters and digits of `words`, all that is looked at where two texts are compared."""
    return "".join(filter(str.isalnum, words))


def _stanzas(words: str) -> Iterator[str]:
    """Preformatted text keeps its lines; a blank one ends a paragraph."""
    lines: list[str] = []
    for line in [*words.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield "\n".join(lines).strip("\n")
            lines = []


def _sentences(words: str) -> Iterator[str]:
    """A `<br>` within a sentence is a blank; one after it, and two together, end a paragraph."""
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
    """A line, or what of it stands in one block, with how many letters of that."""

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
    """Each line that holds letters, and where in the letters of the page they stand, if they do."""
    end = searches = 0
    for line in lines:
        letters = letters_of(line)
        if not letters:
            continue
        start = page.find(letters, end, end + len(letters) + _NEARBY)
        if len(letters) < _TELLING and start != end:
            # Few letters are found by chance: only where they are all of something.
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
    """The part of `text` that these of its letters span."""
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    return text[places[letters.start] : places[letters.stop - 1] + 1]
