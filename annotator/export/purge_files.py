"""Files of a purged article: removes exported records and finds other copies."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SQLITE = b"SQLite format 3\0"
_AT_ONCE = 1 << 20
# Compressed files cannot be searched.
_OPAQUE = frozenset((".parquet", ".spacy", ".zip", ".gz", ".xz", ".bz2", ".zst", ".7z"))


@dataclass(frozen=True, slots=True)
class Removed:
    """The number of files removed, and the files that could not be removed, each with a reason."""

    count: int = 0
    left: tuple[tuple[Path, str], ...] = ()


def remove_exported(exports: Path, article: str) -> Removed:
    """Remove `records/ID.*.jsonl` below `exports`; a failure does not stop the others."""
    count, left = 0, []
    try:
        paths = sorted((exports / "records").glob(f"{article}.*.jsonl"))
    except OSError as error:
        return Removed(0, ((exports / "records", error.strerror or str(error)),))
    for path in paths:
        try:
            path.unlink()
            count += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            left.append((path, error.strerror or str(error)))
    return Removed(count, tuple(left))


def copies_elsewhere(database: Path | None, exports: Path, article: str) -> list[Path]:
    """Other files that may hold the article: backups and unsaved decisions beside the database, and
    files below `exports` that contain its id or cannot be searched."""
    found = [path for path in _beside(database) if _holds_article(path, article)]
    if database is not None:
        for each in (f"unsaved-{article[:12]}*.jsonl", f".unsaved-{article[:12]}*"):
            found += sorted(database.parent.glob(each))
    for path in sorted(exports.rglob("*")) if exports.is_dir() else ():
        if path.is_file() and (path.suffix in _OPAQUE or _names(path, article)):
            found.append(path)
    return found


def _beside(database: Path | None) -> Iterator[Path]:
    if database is None:
        return
    try:
        paths = sorted(database.parent.iterdir())
    except OSError:
        return
    for path in paths:
        if path != database and path.is_file() and _starts_as_sqlite(path):
            yield path


def _starts_as_sqlite(path: Path) -> bool:
    with contextlib.suppress(OSError), path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE
    return False


def _holds_article(path: Path, article: str) -> bool:
    """Whether a copy of a database has the article; True if it cannot be read."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            row = connection.execute("SELECT 1 FROM article WHERE id = ?", (article,)).fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return _names(path, article)
    return row is not None


def _names(path: Path, article: str) -> bool:
    """Whether a file contains the article's id; True if it cannot be read."""
    wanted, before = article.encode(), b""
    try:
        with path.open("rb") as stream:
            while part := stream.read(_AT_ONCE):
                if wanted in before + part:
                    return True
                before = part[-len(wanted) :]
    except OSError:
        return True
    return False
