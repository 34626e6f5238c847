"""Patterns of names and paths, matched in time that grows with the name, whatever they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import translate

_ANY = re.compile("")


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """What matches a name that one of `patterns` stands for: `*`, `?` and `[...]`."""
    # `translate` makes each `*` take the least it can and never give it back.
    return re.compile("|".join(translate(pattern) for pattern in patterns) or r"(?!)")


class PathPatterns:
    """Patterns of whole paths: as of names between the folders; `**` stands for any folders."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [_parts_of(pattern) for pattern in patterns]

    def match(self, path: str) -> bool:
        """Whether one of them stands for `path`, whose folders are told apart by `/`."""
        if not self._patterns:
            return False
        names = path.split("/")
        return any(_stands_for(parts, names) for parts in self._patterns)


def _parts_of(pattern: str) -> tuple[re.Pattern[str] | None, ...]:
    """What each name must match, None for any folders; after those at the end stands something."""
    parts = [None if name == "**" else any_of((name,)) for name in pattern.strip("/").split("/")]
    return (*parts, _ANY) if parts[-1] is None else tuple(parts)


def _stands_for(parts: Sequence[re.Pattern[str] | None], names: Sequence[str]) -> bool:
    part = name = 0
    # Where to go on if the names after the last `**` do not fit: it takes one folder more.
    again: tuple[int, int] | None = None
    while name < len(names):
        wanted = parts[part] if part < len(parts) else _ANY
        if wanted is None:
            part += 1
            again = part, name
        elif part < len(parts) and wanted.match(names[name]):
            part, name = part + 1, name + 1
        elif again is not None:
            part, name = again[0], again[1] + 1
            again = part, name
        else:
            return False
    return part == len(parts)
