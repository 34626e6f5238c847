"""What was not taken in, grouped by kind, so that much of one kind is no flood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.formats.base import Refused

_PARTICULARS = re.compile(r"'[^']*'|\"[^\"]*\"|\[[^\]\[]*[\])]|\b\w*\d[\w.,]*")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken: in which file, on which line or as which of its articles, and why.

    `article` is the id of the article of which it was a piece, where that was not refused itself;
    `kind` what alike refusals have in common.
    """

    file: str
    line: int | None
    reason: str
    kind: str = ""
    article: str | None = None

    @classmethod
    def of(cls, refused: Refused) -> Refusal:
        """What a format refused."""
        return cls(refused.file, refused.line, refused.reason, refused.kind, refused.article)

    @property
    def is_piece(self) -> bool:
        """Whether the article of which it was a piece is there all the same."""
        return self.article is not None


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """Refusals of one kind: how many of articles as a whole, how many of pieces, and all of them
    in their order."""

    name: str
    wholes: int
    pieces: int
    refused: Sequence[Refusal]


def by_kind(refused: Iterable[Refusal]) -> list[RefusalKind]:
    """The refusals by what they have in common, the most frequent kind first."""
    groups: dict[tuple[bool, str], list[Refusal]] = {}
    for one in refused:
        groups.setdefault((one.is_piece, one.kind or _in_general(one.reason)), []).append(one)
    kinds = [
        RefusalKind(name, 0 if is_piece else len(some), len(some) if is_piece else 0, some)
        for (is_piece, name), some in groups.items()
    ]
    return sorted(kinds, key=lambda kind: -len(kind.refused))


def _in_general(reason: str) -> str:
    """A reason without what it says of this case alone: numbers, ranges, words of the file."""
    return _PARTICULARS.sub("…", reason)
