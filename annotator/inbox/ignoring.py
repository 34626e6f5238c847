"""Which files in an inbox are not meant as articles: left alone without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from pathlib import Path

from annotator.inbox.files import FileState, state_at

IGNORE_FILE = ".annotatorignore"

_NAMES = (
    # what systems and programs leave behind
    ".*",
    "Thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "@eaDir",
    "Icon\r",
    "$RECYCLE.BIN",
    "System Volume Information",
    "lost+found",
    # files that are not finished yet
    "~*",
    "*~",
    "#*#",
    "*.swp",
    "*.swx",
    "*.tmp",
    "*.temp",
    "*.bak",
    "*.part",
    "*.partial",
    "*.filepart",
    "*.crdownload",
    "*.download",
    "*.aria2",
    # what speaks of the folder itself
    "README",
    "README.*",
    "LICENSE",
    "LICENSE.*",
)
_FOLDERS = ("_*",)
_SIGN = re.compile(r"(\*\*/|\*\*|\*|\?|\[[!^]?\]?[^]/]*\])")


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns) or r"(?!)")


_IGNORED_FOLDER = _any_of(_FOLDERS)


class Ignoring:
    """What is passed over in one inbox: names known everywhere, and its own `.annotatorignore`.

    That file holds one pattern a line, in the simpler part of gitignore's language: `*`, `?` and
    `[...]` within a name, `**` across folders, a `/` at the end for folders only, a `/` before
    that for a path from the inbox down; `#` begins a remark.
    """

    def __init__(self, root: Path) -> None:
        self._file = root / IGNORE_FILE
        self._state: FileState | None = None
        self._names, self._folder_names = _any_of(_NAMES), _any_of(())
        self._paths = self._folder_paths = _any_of(())

    def refresh(self) -> None:
        """Reads the inbox's own file again if it has changed; one that cannot be read is empty."""
        state = state_at(self._file)
        if state == self._state:
            return
        self._state = state
        try:
            lines = self._file.read_text("utf-8", errors="replace").splitlines() if state else []
        except OSError:
            lines = []
        patterns = [line for raw in lines if (line := raw.strip()) and not line.startswith("#")]
        folders = [pattern.rstrip("/") for pattern in patterns if pattern.endswith("/")]
        both = [pattern for pattern in patterns if not pattern.endswith("/")]
        self._names = _any_of((*_NAMES, *(p for p in both if "/" not in p)))
        self._folder_names = _any_of(p for p in folders if "/" not in p)
        self._paths = _paths_like(p for p in both if "/" in p)
        self._folder_paths = _paths_like(p for p in folders if "/" in p)

    def ignores(self, relative: str, name: str, *, is_folder: bool) -> bool:
        """Whether what lies at `relative` (from the inbox down, with `/`) is passed over."""
        if self._names.match(name) or self._paths.fullmatch(relative):
            return True
        return is_folder and bool(
            _IGNORED_FOLDER.match(name)
            or self._folder_names.match(name)
            or self._folder_paths.fullmatch(relative)
        )

    def passes_over(self, relative: str) -> bool:
        """Whether a scan never comes to the file at `relative`: it, or a folder above it, is
        ignored."""
        parts = relative.split("/")
        return self.ignores(relative, parts[-1], is_folder=False) or any(
            self.ignores("/".join(parts[:n]), parts[n - 1], is_folder=True)
            for n in range(1, len(parts))
        )


def _paths_like(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_path_like, patterns)) or r"(?!)", re.DOTALL)


def _path_like(pattern: str) -> str:
    # Every other part is a sign with a meaning of its own.
    parts = _SIGN.split(pattern.lstrip("/"))
    stand_for = {"**/": r"(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(
        (stand_for.get(part) or _letter(part)) if n % 2 else re.escape(part)
        for n, part in enumerate(parts)
    )


def _letter(part: str) -> str:
    """One letter of those in `[...]`, never what stands between folders."""
    return "(?!/)" + translate(part).removeprefix("(?s:").removesuffix(r")\Z")
