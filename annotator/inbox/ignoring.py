"""Files in an inbox that are silently ignored."""

from __future__ import annotations

import logging
import os
import re
import unicodedata
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path

from annotator.core.arrival import FileState
from annotator.errors import ReadError
from annotator.inbox.files import contents_of, state_at
from annotator.inbox.patterns import IgnoreRules

IGNORE_FILE = ".annotatorignore"
# Limits, since anybody who may write to the inbox may write this file.
_MOST_BYTES, _MOST_PATTERNS, _LONGEST = 64_000, 500, 1_000

_KNOWN = (
    # files of operating systems and programs
    ".*",
    "Thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "@eaDir",
    "Icon\r",
    "$RECYCLE.BIN",
    "System Volume Information",
    "lost+found",
    # incomplete files
    "~*",
    "*~",
    "\\#*#",
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
    # files that describe the folder
    "README",
    "README.*",
    "LICENSE",
    "LICENSE.*",
    # backup folders
    "_*/",
)
# Suffixes of the folder that browsers save beside a page, in their languages.
_OF_A_PAGE = re.compile(
    r"(.+)(?:[_-](?:files|dateien|fichiers|archivos|arquivos|ficheiros|file|bestanden|filer|pliki"
    r"|soubory|s[uú]bory|elemei|f[aá]jlok|tiedostot|dosyalar|fi[sșş]iere|datoteke|fajlovi|failid|fails"
    r"|datnes|bylos|fitxers|arxius|fitxategiak|berkas|файлы|файли|файлове|αρχεία|קבצים|ملفات)|\.files)",
    re.IGNORECASE | re.DOTALL,
)
_PAGES = (".html", ".htm", ".HTML", ".HTM", ".xhtml", ".shtml")

_log = logging.getLogger(__name__)


class Ignoring:
    """What is ignored in one inbox: a list of known names, and the inbox's `.annotatorignore`.

    That file is read as a `.gitignore` at the top of the inbox: the last line that matches a path
    decides, so `!README.md` includes a file that is ignored by default; files in an ignored folder
    cannot be included. It must be a regular file within the limits above; an unreadable one changes
    nothing, and `problem` says why.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._file = root / IGNORE_FILE
        self._state: FileState | None = None
        self.problem: str | None = None
        self._set(())

    def refresh(self) -> None:
        """Read `.annotatorignore` again if it has changed."""
        state = state_at(self._file)
        if state == self._state:
            return
        before, self.problem = self.problem, None
        try:
            self._set(self._patterns() if state else ())
        except _Changing:
            return  # the next scan reads it again
        except ReadError as error:
            self.problem = f"{IGNORE_FILE} is not used: {error.message}"
        self._state = state
        if self.problem is not None and self.problem != before:
            _log.warning("%s Make it a plain text file with one pattern per line.", self.problem)

    def _patterns(self) -> tuple[str, ...]:
        contents = contents_of(str(self._file), max_size=_MOST_BYTES)
        if contents is None:
            raise _Changing
        # Decoded like file names, so that names that are not UTF-8 match.
        lines = contents.raw.decode("utf-8-sig", "surrogateescape").splitlines()
        patterns = [line for line in lines if line.strip() and not line.startswith("#")]
        if len(patterns) > _MOST_PATTERNS or any(len(one) > _LONGEST for one in patterns):
            raise ReadError(
                f"It has more than {_MOST_PATTERNS} patterns, "
                f"or one of more than {_LONGEST:,} characters.",
                hint="Name folders instead of files.",
            )
        return tuple(patterns)

    def _set(self, patterns: tuple[str, ...]) -> None:
        self._rules = IgnoreRules((*_KNOWN, *patterns))

    def ignores(self, relative: str, name: str, *, is_folder: bool) -> bool:
        """Whether the path `relative` (from the inbox down, with `/`) is ignored."""
        verdict = self._rules.verdict(relative, name, is_folder=is_folder)
        if verdict is None and is_folder:
            folder = os.path.join(self._root, relative)
            return _belongs_to_a_page(folder, name, is_file=os.path.isfile)
        return bool(verdict)

    def passes_over(self, relative: str) -> bool:
        """Whether the file at `relative`, or a folder above it, is ignored."""
        parts = relative.split("/")
        return self.ignores(relative, parts[-1], is_folder=False) or any(
            self.ignores("/".join(parts[:n]), parts[n - 1], is_folder=True)
            for n in range(1, len(parts))
        )


class IgnoredMembers:
    """What is ignored in an archive: the list of known names, as in an inbox."""

    def __init__(self, paths: Callable[[], Collection[str]]) -> None:
        """`paths` gives the paths of all files in the archive; it is called at most once."""
        self._paths = paths
        self._folders: dict[str, bool] = {"": False}

    @cached_property
    def _files(self) -> Collection[str]:
        return self._paths()

    def passes_over(self, path: str) -> bool:
        """Whether the file at `path`, or a folder above it, is ignored."""
        folder, _, name = path.rpartition("/")
        return self._skips(folder) or bool(_USUAL.verdict(path, name, is_folder=False))

    def _skips(self, folder: str) -> bool:
        known = self._folders.get(folder)
        if known is None:
            above, _, name = folder.rpartition("/")
            verdict = _USUAL.verdict(folder, name, is_folder=True)
            known = self._skips(above) or bool(verdict)
            known = known or _belongs_to_a_page(folder, name, is_file=self._has)
            self._folders[folder] = known
        return known

    def _has(self, path: str) -> bool:
        return path in self._files


_USUAL = IgnoreRules(_KNOWN)


def _belongs_to_a_page(folder: str, name: str, *, is_file: Callable[[str], bool]) -> bool:
    """Whether `folder` holds the files that a browser saved with a page, and the page exists."""
    if _OF_A_PAGE.fullmatch(unicodedata.normalize("NFC", name)) is None:
        return False
    stem = folder[: -len(name)] + name[: max(map(name.rfind, "_-."))]
    return any(is_file(stem + suffix) for suffix in _PAGES)


class _Changing(Exception):
    """The file changed or was removed while it was read."""
