"""Matches brat annotation files with their texts.

The text of an `.ann` file has the same name, in the same folder or, as in attribution corpora, in a
folder `text` beside that of the `.ann` files. There, the name of the `.ann` file may continue with
an underscore and the name of the annotator.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.errors import RecordError
from annotator.formats.base import Refused
from annotator.formats.brat import brat_names as names

TEXTS = "text"
_ALONE = "text without annotations, or annotations without text"
_ANN, _TXT = ".ann", ".txt"
Pair = tuple[Path, Path]


def pairs_in(path: Path) -> Iterator[Pair | Refused]:
    """The `.ann` files of a folder with their texts, in order, or the pair of one such file.

    Yields Refused for a file without its counterpart. Raises RecordError if a folder has none.
    """
    if not path.is_dir():
        yield path.with_suffix(_ANN), path.with_suffix(_TXT)
        return
    found = False
    for folder, folders, files in os.walk(path):
        folders.sort()
        shown = _shown(files)
        if any(name.endswith(_ANN) for name in shown):
            found = True
            yield from _in_folder(Path(folder), shown)
    if not found and not (path / names.SETTINGS).exists():
        raise RecordError(f"{path} holds no .ann file.", hint="Check the folder's name.")


def _in_folder(folder: Path, files: Iterable[str]) -> Iterator[Pair | Refused]:
    """The `.ann` files of one folder with their texts, by name; then the unmatched texts."""
    beside = _Texts(folder, files)
    elsewhere = _Texts(folder.parent / TEXTS, _listed(folder.parent / TEXTS))
    for name in sorted(name for name in files if name.endswith(_ANN)):
        text = beside.of(name) or elsewhere.of(name)
        if text is None:
            yield Refused(name, None, "there is no .txt file with its text", kind=_ALONE)
        else:
            yield folder / name, text
    for name in sorted(beside.left | elsewhere.left):
        yield Refused(f"{name}{_TXT}", None, "there is no .ann file for it", kind=_ALONE)


class _Texts:
    """Finds the texts of one folder for `.ann` files; `left` are the unmatched ones."""

    def __init__(self, folder: Path, files: Iterable[str]) -> None:
        self.folder = folder
        self.names = {name.removesuffix(_TXT) for name in files if name.endswith(_TXT)}
        self.left = set(self.names)

    def of(self, ann: str) -> Path | None:
        """The text with the longest name that begins the name of the `.ann` file; None if none."""
        stem = ann.removesuffix(_ANN)
        while stem and stem not in self.names:
            stem = stem.rpartition("_")[0]
        self.left.discard(stem)
        return self.folder / f"{stem}{_TXT}" if stem else None


def _listed(folder: Path) -> list[str]:
    return _shown(os.listdir(folder)) if folder.is_dir() else []


def _shown(names: Iterable[str]) -> list[str]:
    """The names without hidden files, which do not belong to a corpus."""
    return [name for name in names if not name.startswith(".")]
