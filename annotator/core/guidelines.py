"""Guidelines, written in Markdown, as paragraphs; and those on one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_HEADING = re.compile(r"(#+)\s+(.*)")
_BULLET = re.compile(r"(\s*)[-*]\s+(.*)")
_NUMBER = re.compile(r"^[\d.]+\s+")
_INLINE = re.compile(r"\*\*(.+?)\*\*|`(.+?)`|\*(?=\S)(.+?)(?<=\S)\*")


class Emphasis(StrEnum):
    """How words stand out."""

    NONE = "none"
    STRONG = "strong"
    CODE = "code"
    ITALIC = "italic"


Words = tuple[Emphasis, str]


@dataclass(frozen=True, slots=True)
class Guideline:
    """A paragraph of guidelines: `level` is that of a heading, 0 for text; `bullet` says whether it
    is an entry of a list. `section` are the headings above it, without their numbers."""

    words: tuple[Words, ...]
    level: int = 0
    bullet: bool = False
    section: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words without their emphasis."""
        return "".join(words for _, words in self.words)


@lru_cache(maxsize=1)
def paragraphs(markdown: str) -> tuple[Guideline, ...]:
    """Headings, entries of lists and paragraphs, each with its lines joined; those of the text that
    was asked for last are kept."""
    return tuple(_placed(_blocks(markdown)))


def _blocks(markdown: str) -> Iterator[tuple[int, bool, str]]:
    """Level, whether it is an entry, and the text of each paragraph."""
    bullet, lines = False, list[str]()
    for line in (*markdown.splitlines(), ""):
        heading, entry = _HEADING.match(line), _BULLET.match(line)
        if lines and (heading or entry or not line.strip()):
            yield 0, bullet, " ".join(lines)
            bullet, lines = False, []
        if heading:
            yield len(heading[1]), False, heading[2].strip()
        elif entry:
            bullet, lines = True, [entry[2].strip()]
        elif line.strip():
            lines.append(line.strip())


def _placed(blocks: Iterable[tuple[int, bool, str]]) -> Iterator[Guideline]:
    above: list[str] = []
    for level, bullet, text in blocks:
        if level:
            above = [*above[: level - 1], *[""] * (level - 1 - len(above))]
        yield Guideline(tuple(inline(text)), level, bullet, tuple(filter(None, above)))
        if level:
            above.append(_NUMBER.sub("", _plain(text)))


def inline(text: str) -> Iterator[Words]:
    """The words of a paragraph with their emphasis, without the signs for it."""
    end = 0
    for found in _INLINE.finditer(text):
        if found.start() > end:
            yield Emphasis.NONE, text[end : found.start()]
        strong, code, italic = found.groups()
        if strong:
            yield Emphasis.STRONG, strong.replace("`", "")
        else:
            yield (Emphasis.CODE, code) if code else (Emphasis.ITALIC, italic)
        end = found.end()
    if end < len(text):
        yield Emphasis.NONE, text[end:]


def _plain(text: str) -> str:
    return "".join(words for _, words in inline(text))


def sections(given: Iterable[Guideline]) -> tuple[str, ...]:
    """The headings of the second level, without their numbers: *Entities*, *Claims*."""
    return tuple(_NUMBER.sub("", one.text) for one in given if one.level == 2)


def on_term(given: Sequence[Guideline], term: str, section: str = "") -> tuple[Guideline, ...]:
    """The paragraphs on a term: entries that begin with it, then others of which the first
    emphasised words hold it; of one section, if one is named. Case does not matter."""
    wanted = term.casefold()
    within = [
        one
        for one in given
        if not one.level and (not section or section.casefold() in map(str.casefold, one.section))
    ]
    begin = [one for one in within if _first_term(one).casefold() == wanted]
    others = [one for one in within if one not in begin and _mentions(_first_term(one), wanted)]
    return (*begin, *others)


def _first_term(one: Guideline) -> str:
    """The emphasised words that a paragraph begins with; empty if it begins with others."""
    if one.words and one.words[0][0] in (Emphasis.STRONG, Emphasis.CODE):
        return one.words[0][1].strip(" .:")
    return ""


def _mentions(words: str, wanted: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", words.casefold()) is not None
