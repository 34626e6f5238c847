"""gitignore patterns, matched in time linear in the length of the name.

We do not use pathspec because its expressions backtrack: matching `*a*a*a*b` against a name of 250
letters takes seconds, with one star more minutes, and anybody who may drop a file into an inbox may
write patterns. Tests compare the verdicts with git's. A `/` within brackets is not supported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

_NEVER = r"(?!)"
_ANY = re.compile("")
_STAR = "*"
_FOLDERS = re.compile(r"\*\*+")
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r"\ \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"\x21-\x7e",
    "lower": "a-z",
    "print": r"\x20-\x7e",
    "punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
    "space": r"\ \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_IN_BRACKETS = re.compile(r"\[:(?P<name>\w*):\]|\\?(?P<low>.)(?:-\\?(?P<high>[^\]]))?", re.DOTALL)


class IgnoreRules:
    """The lines of a `.gitignore`: the last line that matches a path decides.

    A line that begins with `!` includes paths that earlier lines ignore; `#` begins a comment.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        rules = [rule for line in lines if (rule := _rule_of(line)) is not None]
        runs = groupby(rules, key=lambda rule: rule.ignores)
        self._runs = [_Run(ignores, tuple(some)) for ignores, some in runs][::-1]

    def verdict(self, relative: str, name: str, *, is_folder: bool) -> bool | None:
        """Whether the path `relative` is ignored; None if no line matches it."""
        for run in self._runs:
            if run.matches(relative, name, is_folder=is_folder):
                return run.ignores
        return None


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line: the patterns of the names on its path, and whether it ignores or includes."""

    parts: tuple[str, ...]
    ignores: bool
    folders_only: bool
    anchored: bool  # to the top; otherwise it matches a name in any folder


def _rule_of(line: str) -> _Rule | None:
    """The rule in a line; None for a comment and for a line that can match nothing."""
    if line.startswith("#"):
        return None
    # A trailing blank counts only after a backslash.
    bare = line.rstrip(" \t")
    if len(bare) < len(line) and _ends_with_escape(bare):
        bare += line[len(bare)]
    pattern = bare.removeprefix("!")
    path = pattern.removesuffix("/")
    parts = tuple(path.removeprefix("/").split("/"))
    if parts == ("",):
        return None
    return _Rule(parts, ignores=bare == pattern, folders_only=path != pattern, anchored="/" in path)


def _ends_with_escape(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


class _Run:
    """Consecutive rules with the same verdict: a path needs to match only one of them."""

    def __init__(self, ignores: bool, rules: Sequence[_Rule]) -> None:
        self.ignores = ignores
        folders = [rule for rule in rules if rule.folders_only]
        both = [rule for rule in rules if not rule.folders_only]
        self._names, self._paths = _names_of(both), _paths_of(both)
        self._folder_names, self._folder_paths = _names_of(folders), _paths_of(folders)

    def matches(self, relative: str, name: str, *, is_folder: bool) -> bool:
        return bool(
            self._names.match(name)
            or (self._paths and _any_path(self._paths, relative))
            or (is_folder and self._folder_names.match(name))
            or (is_folder and self._folder_paths and _any_path(self._folder_paths, relative))
        )


_Path = tuple[re.Pattern[str] | None, ...]


def _names_of(rules: Iterable[_Rule]) -> re.Pattern[str]:
    """One expression for all rules that consist of a name without a folder."""
    return re.compile("|".join(_expression(r.parts[0]) for r in rules if not r.anchored) or _NEVER)


def _paths_of(rules: Iterable[_Rule]) -> list[_Path]:
    return [_path_of(rule.parts) for rule in rules if rule.anchored]


def _path_of(parts: Sequence[str]) -> _Path:
    """The expression for each name on a path; None for `**`, which matches any number of folders.

    More than two stars mean the same. A `**` at the end must match at least one name.
    """
    names = [None if _FOLDERS.fullmatch(part) else re.compile(_expression(part)) for part in parts]
    return (*names, _ANY) if names[-1] is None else tuple(names)


def _any_path(paths: Iterable[_Path], relative: str) -> bool:
    names = relative.split("/")
    return any(_matches(parts, names) for parts in paths)


def _matches(parts: _Path, names: Sequence[str]) -> bool:
    part = name = 0
    # Where to resume if the names after the last `**` do not match: it takes one more folder.
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


def _expression(pattern: str) -> str:
    """The pattern of one name as a regular expression for the whole name."""
    pieces: list[list[str]] = [[]] if pattern else []
    for sign in _signs(pattern):
        if sign == _STAR:
            pieces.append([])
        else:
            pieces[-1].append(sign)
    fixed = ["".join(piece) for piece in pieces]
    if not fixed:
        return _NEVER
    if len(fixed) == 1:
        return rf"(?s:{fixed[0]})\Z"
    # Each star matches as little as possible and never backtracks; the last takes the rest.
    middle = "".join(f"(?>.*?{piece})" for piece in fixed[1:-1] if piece)
    return rf"(?s:{fixed[0]}{middle}.*{fixed[-1]})\Z"


def _signs(pattern: str) -> Iterator[str]:
    """The expressions for single letters of a name, in order, and stars."""
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == "*":
            yield _STAR
        elif sign == "?":
            yield "."
        elif sign == "[":
            letters, at = _bracket(pattern, at)
            yield letters
        elif sign != "\\":
            yield re.escape(sign)
        elif at < len(pattern):
            yield re.escape(pattern[at])
            at += 1
        else:
            yield _NEVER


def _bracket(pattern: str, at: int) -> tuple[str, int]:
    """The expression for `[...]`, whose content begins at `at`, and the position after it.

    An unclosed bracket matches nothing, as in git.
    """
    negated = pattern[at : at + 1] in ("!", "^")
    at = first = at + negated
    content = ""
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        found = _IN_BRACKETS.match(pattern, at)
        assert found is not None  # `.` matches any letter
        content += _letters(found)
        at = found.end()
    if at >= len(pattern):
        return _NEVER, len(pattern)
    if not content:
        return ("." if negated else _NEVER), at + 1
    return f"[{'^' if negated else ''}{content}]", at + 1


def _letters(found: re.Match[str]) -> str:
    """One letter, a range or a named class, escaped for the brackets of an expression."""
    if found["name"] is not None:
        return _CLASSES.get(found["name"], "")
    low, high = found["low"], found["high"]
    if high is None:
        return re.escape(low)
    return f"{re.escape(low)}-{re.escape(high)}" if low <= high else re.escape(low)
