"""Recognises junk lines by their own words, with `junk.toml` and a few line shapes.

The context of a line (a repeated headline, a comment form that continues) is judged by the
pipeline's component, which calls this module first. So does the key that marks a line as junk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

WORD = re.compile(r"[^\W_]+")
# Markdown marks and arrows around a line; a single star may mark a footnote.
_DECORATION = re.compile(
    r"^(?:#{1,6}\s+|[→»›▶►▸•·>]+\s*|\*(?=.*\w[.!?]?\*$)|\*\*(?=.*\*\*$)|_(?=.*_$))+"
    r"|(?<=[\w.!?)])(?:\*{1,2}|_)$"
)
LONGEST = 400  # characters; a longer line is a paragraph
_TRAILING = r"[\s.!:*…»›→>]*"


@dataclass(frozen=True, slots=True)
class JunkTable:
    """`junk.toml`: patterns of whole lines, patterns of beginnings with a maximum length in words,
    and single words for each kind."""

    whole: tuple[tuple[str, re.Pattern[str]], ...]
    beginnings: tuple[tuple[str, int, re.Pattern[str]], ...]
    signs: tuple[tuple[str, tuple[str, ...]], ...]


def without_decoration(line: str) -> str:
    """A line without Markdown marks and arrows around it; unchanged if it has nothing else."""
    return _DECORATION.sub("", line) or line


def size_of(line: str) -> int:
    """The number of words in a line; only the beginning of a very long line is counted."""
    return len(WORD.findall(line[:2000]))


def kind_by_words(line: str) -> str | None:
    """The kind of junk that a line is by its own words, whatever its context; None if it is not.

    The line has no blanks at either end.
    """
    bare = without_decoration(line)
    return kind_of_bare(bare, size_of(bare)) if len(line) <= LONGEST else None


def kind_of_bare(bare: str, size: int) -> str | None:
    """The same for a line of `size` words without decoration."""
    from annotator.lexicon.line_shapes import kind_by_shape

    return _kind_by_table(bare, size) or kind_by_shape(bare, size)


def kind_by_signs(line: str) -> str | None:
    """The kind that single words suggest for a line known to be junk; None if unclear."""
    low = line.casefold()
    return next((kind for kind, signs in table().signs if any(s in low for s in signs)), None)


def _kind_by_table(bare: str, size: int) -> str | None:
    signs = table()
    for kind, pattern in signs.whole:
        if pattern.fullmatch(bare):
            return kind
    for kind, longest, pattern in signs.beginnings:
        if size <= longest and pattern.match(bare):
            return kind
    return None


@cache
def table() -> JunkTable:
    """The table we ship, read and compiled once."""
    import tomllib
    from importlib.resources import files

    read = tomllib.loads(files(__package__).joinpath("junk.toml").read_text(encoding="utf-8"))
    return JunkTable(
        tuple((entry["kind"], _whole(entry)) for entry in read["whole"]),
        tuple(
            (entry["kind"], entry["longest"], re.compile(entry["pattern"], re.IGNORECASE))
            for entry in read["beginning"]
        ),
        tuple((entry["kind"], tuple(entry["words"])) for entry in read["sign"]),
    )


def _whole(entry: dict[str, Any]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(entry['patterns'])}){_TRAILING}", re.IGNORECASE)
