"""Which of brat's files belong together: annotations and the text that they speak of.

A text belongs to an `.ann` file by its name, beside it or, as attribution corpora are laid out, in
a folder `text` next to that of the `.ann` files, whose names may go on after the text's with an
underscore and whoever annotated.
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

    Refused is a file without the other. RecordError where a folder holds none.
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
    """The `.ann` files of one folder, by name; then the texts that none of them is for."""
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
    """The texts of one folder, found for `.ann` files; `left` are those that none was for."""

    def __init__(self, folder: Path, files: Iterable[str]) -> None:
        self.folder = folder
        self.names = {name.removesuffix(_TXT) for name in files if name.endswith(_TXT)}
        self.left = set(self.names)

    def of(self, ann: str) -> Path | None:
        """The text with the longest name that the `.ann` file's is, or goes on from."""
        stem = ann.removesuffix(_ANN)
        while stem and stem not in self.names:
            stem = stem.rpartition("_")[0]
        self.left.discard(stem)
        return self.folder / f"{stem}{_TXT}" if stem else None


def _listed(folder: Path) -> list[str]:
    return _shown(os.listdir(folder)) if folder.is_dir() else []


def _shown(names: Iterable[str]) -> list[str]:
    """The names without those of hidden files, which are not part of a corpus."""
    return [name for name in names if not name.startswith(".")]
