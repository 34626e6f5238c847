"""What a line that is not the article looks like by its own words: `junk.toml` and a few shapes.

What stands around a line (a headline repeated, a comment form that goes on) is for the pipeline's
component to judge; it asks here first. The key that marks a line as junk asks here too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

WORD = re.compile(r"[^\W_]+")
# Marks of Markdown and arrows around a line; a single star may be that of a footnote.
_DECORATION = re.compile(
    r"^(?:#{1,6}\s+|[→»›▶►▸•·>]+\s*|\*(?=.*\w[.!?]?\*$)|\*\*(?=.*\*\*$)|_(?=.*_$))+"
    r"|(?<=[\w.!?)])(?:\*{1,2}|_)$"
)
LONGEST = 400  # characters; a longer line is a paragraph
_TRAILING = r"[\s.!:*…»›→>]*"


@dataclass(frozen=True, slots=True)
class JunkTable:
    """`junk.toml`: patterns for whole lines; for beginnings, with a length; words that tell."""

    whole: tuple[tuple[str, re.Pattern[str]], ...]
    beginnings: tuple[tuple[str, int, re.Pattern[str]], ...]
    signs: tuple[tuple[str, tuple[str, ...]], ...]


def without_decoration(line: str) -> str:
    """A line without the marks of Markdown and the arrows around it, unless it is nothing else."""
    return _DECORATION.sub("", line) or line


def size_of(line: str) -> int:
    """How many words a line has; of a very long one only the beginning counts."""
    return len(WORD.findall(line[:2000]))


def kind_by_words(line: str) -> str | None:
    """The kind of junk that the words of a line show, whatever stands around it; None if none.

    The line comes without blanks at either end.
    """
    bare = without_decoration(line)
    return kind_of_bare(bare, size_of(bare)) if len(line) <= LONGEST else None


def kind_of_bare(bare: str, size: int) -> str | None:
    """The same of a line without decoration that has `size` words."""
    from annotator.lexicon.line_shapes import kind_by_shape

    return _kind_by_table(bare, size) or kind_by_shape(bare, size)


def kind_by_signs(line: str) -> str | None:
    """The kind that single words suggest in a line of which it is known that it is junk."""
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
