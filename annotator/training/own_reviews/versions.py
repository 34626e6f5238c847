"""The pipelines that a workspace has trained on its own reviews, in its folder `models`.

Each is a whole pipeline folder `models/N` for `spacy.load`. Large files that training does not
change are linked to those of the shipped pipeline where the file system allows it. `models/current`
names the one in use in its first line; further lines are those used before it, the latest first.
Needs neither spaCy nor numpy, since settings read it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.errors import ModelError, SettingsError
from annotator.replacing import (
    made_beside,
    mode_for,
    remove_leftovers,
    replacing_file,
    sync_names,
)

FOLDER, CURRENT, SHIPPED = "models", "current", "shipped"
MADE_FROM = "annotator"
"""The key of `meta.json` that says what a version was made from."""
_REMEMBERED = 20
# Smaller files are copied: who changes a setting of a version must not change the shipped pipeline.
_LINKED_FROM = 1 << 20
_NUMBER = re.compile("[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version: its number, its folder, and what its `meta.json` says it was made from."""

    number: int
    folder: Path
    made_from: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reviews(self) -> int:
        """The number of reviews that it was trained and measured on."""
        return len(self.records)

    @property
    def records(self) -> Sequence[str]:
        """The ids of the articles that it was trained and measured on."""
        return (*self.made_from.get("taught", ()), *self.made_from.get("held_out", ()))


def versions(workspace: Path) -> list[ModelVersion]:
    """The versions of a workspace by number; what one was made from is empty if unreadable."""
    numbers = sorted(_numbers(workspace / FOLDER))
    return [version(workspace, number) for number in numbers]


def version(workspace: Path, number: int) -> ModelVersion:
    """The version with a number, whether it is there or not."""
    folder = workspace / FOLDER / str(number)
    with contextlib.suppress(OSError, ValueError):
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        if isinstance(meta, dict) and isinstance(meta.get(MADE_FROM), dict):
            return ModelVersion(number, folder, meta[MADE_FROM])
    return ModelVersion(number, folder)


def learnt_from(workspace: Path, article: str) -> list[Path]:
    """The folders of the versions that an article was used for."""
    return [one.folder for one in versions(workspace) if article in one.records]


def folder_in_use(workspace: Path) -> Path | None:
    """The folder of the version in use; None for the shipped pipeline.

    Raises SettingsError if `models/current` names none.
    """
    name = _used(workspace)[0]
    return None if name == SHIPPED else workspace / FOLDER / name


def use(workspace: Path, name: str) -> None:
    """Use a version, by its number, or `shipped`; raises ModelError if it is not there."""
    if name != SHIPPED and not (
        _NUMBER.fullmatch(name) and (workspace / FOLDER / name / "meta.json").is_file()
    ):
        there = ", ".join([*map(str, sorted(_numbers(workspace / FOLDER))), SHIPPED])
        raise ModelError(f"There is no version {name!r:.20}.", hint=f"Versions: {there}.")
    try:
        before = _used(workspace)
    except SettingsError:  # this mends it
        before = []
    _write_used(workspace, [name, *before] if before[:1] != [name] else before)


def use_the_one_before(workspace: Path) -> str:
    """Use what was in use before; returns its name. Raises ModelError if there is nothing."""
    _, *before = _used(workspace)
    there = {*map(str, _numbers(workspace / FOLDER)), SHIPPED}
    while before and before[0] not in there:
        before.pop(0)
    if not before:
        raise ModelError(
            "No other version was in use before.", hint="`annotator model` lists the versions."
        )
    _write_used(workspace, before)
    return before[0]


@dataclass(frozen=True, slots=True)
class UnfinishedVersion:
    """The next version of a workspace while it is made: `folder` has the files of the pipeline
    `base`."""

    workspace: Path
    base: Path
    folder: Path

    def finish(
        self,
        changed: Mapping[str, bytes],
        made_from: Mapping[str, Any],
        check: Callable[[Path], object],
    ) -> ModelVersion:
        """Give it its number, with some files `changed`, by their paths in it; not yet in use.

        `check` gets its folder first and may raise. Raises OSError.
        """
        models = self.workspace / FOLDER
        for name, data in changed.items():
            _replace(self.folder / name, data)
        number = max(_numbers(models), default=0) + 1
        self._say(number, made_from)
        check(self.folder)
        self.folder.chmod(mode_for(models / str(number), 0o777))
        while not _renamed(self.folder, models / str(number)):  # somebody else has trained too
            number += 1
            self._say(number, made_from)
        sync_names(models)
        return version(self.workspace, number)

    def _say(self, number: int, made_from: Mapping[str, Any]) -> None:
        _replace(self.folder / "meta.json", _meta(self.base, number, made_from))


@contextlib.contextmanager
def begun_version(workspace: Path, base: Path) -> Iterator[UnfinishedVersion]:
    """Yields the next version, to be trained and finished while the block runs; otherwise nothing
    is left of it.

    So a full disk and missing permissions show before the training. Raises OSError, and ModelError
    if `models` is no folder.
    """
    models = workspace / FOLDER
    is_new = _make_folder(models)
    remove_leftovers(models)
    try:
        with made_beside(models / "unfinished", folder=True) as folder:
            for path in sorted(base.rglob("*")):
                _take_over(path, folder / path.relative_to(base))
            yield UnfinishedVersion(workspace, base, folder)
    finally:
        if is_new:
            with contextlib.suppress(OSError):  # it is not empty
                models.rmdir()


def hash_of(pipeline: Path) -> str:
    """The SHA-256 (hex) of a pipeline's files, by which a version names what it was made from."""
    digest = hashlib.sha256()
    for path in sorted(pipeline.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(pipeline).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _numbers(models: Path) -> Iterator[int]:
    try:
        names = [path.name for path in models.iterdir() if path.is_dir()]
    except OSError:
        return iter(())
    return (int(name) for name in names if _NUMBER.fullmatch(name))


def _used(workspace: Path) -> list[str]:
    """What is in use, then what was in use before, the latest first."""
    file = workspace / FOLDER / CURRENT
    try:
        names = file.read_text(encoding="utf-8").split()
    except (FileNotFoundError, NotADirectoryError):
        return [SHIPPED]
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "It is not UTF-8 text"
        raise SettingsError(f"{file} cannot be read: {why}.", hint=_REMOVE) from error
    if not names or not all(name == SHIPPED or _NUMBER.fullmatch(name) for name in names):
        raise SettingsError(f"{file} names no version.", hint=_REMOVE)
    return names


_REMOVE = (
    "Run `annotator model --use shipped`, or remove or rename it, to use the pipeline that comes "
    "with annotator."
)


def _make_folder(models: Path) -> bool:
    """Make the folder of versions; returns whether it is new."""
    try:
        models.mkdir()
    except FileExistsError as error:
        if models.is_dir():
            return False
        raise ModelError(
            f"{models} is not a folder, so no version can be kept in it.", hint="Rename it."
        ) from error
    return True


def _write_used(workspace: Path, names: Sequence[str]) -> None:
    models = workspace / FOLDER
    _make_folder(models)
    with replacing_file(models / CURRENT) as file:
        file.write_text("".join(f"{name}\n" for name in names[:_REMEMBERED]), encoding="utf-8")


def _take_over(path: Path, target: Path) -> None:
    """Link or copy one file or make one folder."""
    if path.is_dir():
        target.mkdir(exist_ok=True)
        return
    if path.stat().st_size >= _LINKED_FROM:
        # Not on another file system, for somebody else's file, or where there are no links at all.
        with contextlib.suppress(OSError):
            os.link(path.resolve(), target)
            return
    shutil.copyfile(path, target)


def _replace(target: Path, data: bytes) -> None:
    """Write a file anew: its old content may be linked to the shipped pipeline."""
    target.unlink(missing_ok=True)
    target.write_bytes(data)


def _renamed(unfinished: Path, target: Path) -> bool:
    """Whether the folder could be renamed; it cannot if something else has the name."""
    try:
        os.rename(unfinished, target)
    except OSError:
        if os.path.lexists(target):
            return False
        raise
    return True


def _meta(base: Path, number: int, made_from: Mapping[str, Any]) -> bytes:
    """The base's `meta.json` with a version of its own and what this one was made from."""
    meta = json.loads((base / "meta.json").read_text(encoding="utf-8"))
    meta["version"] = f"{meta['version']}+own.{number}"
    meta[MADE_FROM] = {"number": number, **made_from}
    # Those of the base were measured with other heads.
    meta.pop("performance", None)
    return (json.dumps(meta, indent=1, ensure_ascii=False) + "\n").encode()
