"""Groups refusals by kind, to keep their list short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.formats.base import Refused

_PARTICULARS = re.compile(r"'[^']*'|\"[^\"]*\"|\[[^\]\[]*[\])]|\b\w*\d[\w.,]*")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal: its file, its line or article number, and the reason.

    `article` is the id of the article if only a part of it was refused; `kind` is a fixed phrase to
    group by.
    """

    file: str
    line: int | None
    reason: str
    kind: str = ""
    article: str | None = None

    @classmethod
    def of(cls, refused: Refused) -> Refusal:
        """The refusal of a format's reader."""
        return cls(refused.file, refused.line, refused.reason, refused.kind, refused.article)

    @property
    def is_piece(self) -> bool:
        """Whether only a part of the article was refused."""
        return self.article is not None


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """Refusals of one kind: the numbers of whole articles and of parts, and all in order."""

    name: str
    wholes: int
    pieces: int
    refused: Sequence[Refusal]


def by_kind(refused: Iterable[Refusal]) -> list[RefusalKind]:
    """The refusals by kind, the most frequent first."""
    groups: dict[tuple[bool, str], list[Refusal]] = {}
    for one in refused:
        groups.setdefault((one.is_piece, one.kind or _in_general(one.reason)), []).append(one)
    kinds = [
        RefusalKind(name, 0 if is_piece else len(some), len(some) if is_piece else 0, some)
        for (is_piece, name), some in groups.items()
    ]
    return sorted(kinds, key=lambda kind: -len(kind.refused))


def _in_general(reason: str) -> str:
    """A reason without its particulars: numbers, ranges, quoted words."""
    return _PARTICULARS.sub("…", reason)
