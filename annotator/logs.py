"""Logging to a terminal, to a file while screens are shown, or as JSON lines for a service.

Only this module adds handlers. Log ids, counts and durations, never the text of an article.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from annotator.core.text.harmless import harmless, harmless_json

# watchdog warns about lost events; these do not matter, since the scan finds the files.
_LIBRARIES = ("watchdog", "py.warnings")
_PLAIN = "%(asctime)s %(levelname)-7s %(message)s"


class JsonLines(logging.Formatter):
    """One JSON object per line: time (UTC), level, logger, message, and the error if any."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return harmless_json(line)


class PlainLines(logging.Formatter):
    """Readable lines; control characters in quoted text are made harmless."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))


def to_stderr(*, as_json: bool = False, quiet: bool = False) -> None:
    """Log to standard error as text or JSON lines; with `quiet`, only errors."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else PlainLines(_PLAIN, "%H:%M:%S"))
    _use(handler, logging.ERROR if quiet else logging.INFO)


class _Quiet(RotatingFileHandler):
    """A log file that ignores its own write errors, since they would spoil the screen.

    Only owner and group can read it.
    """

    def _open(self) -> TextIOWrapper:
        name, mode = self.baseFilename, self.mode
        stream = open(name, mode, encoding=self.encoding, opener=_not_for_all)  # noqa: SIM115
        assert isinstance(stream, TextIOWrapper)  # as any text file does
        return stream

    def handleError(self, record: logging.LogRecord) -> None:
        pass


def to_file(file: Path) -> Path | None:
    """Log to a file while screens are shown (at most two files of 1 MB), and return its path.

    If the file cannot be written (for example, it belongs to another user), a file beside it is
    used, then one in the user's or the temporary folder. Returns None if none can be written.
    """
    for candidate in _candidates(file):
        try:
            candidate.parent.mkdir(parents=True, exist_ok=True)
            handler = _Quiet(candidate, maxBytes=1_000_000, backupCount=1, encoding="utf-8")
        except OSError:
            continue
        handler.setFormatter(PlainLines(_PLAIN))
        _use(handler, logging.INFO)
        return candidate
    _use(logging.NullHandler(), logging.INFO)
    return None


def _candidates(file: Path) -> Iterator[Path]:
    if file.parent.is_dir():
        yield file
        yield file.with_name(f"{file.stem}-{_user()}{file.suffix}")
    with contextlib.suppress(RuntimeError):  # there is no home folder
        yield Path.home() / ".local" / "state" / "annotator" / file.name
    with contextlib.suppress(OSError):
        yield Path(tempfile.gettempdir()) / f"{file.stem}-{_user()}{file.suffix}"


def _user() -> str:
    """The user's name on this machine, as part of a file name."""
    return str(os.getuid()) if hasattr(os, "getuid") else "user"


def _not_for_all(path: str, flags: int) -> int:
    return os.open(path, flags, 0o660)


def _use(handler: logging.Handler, level: int) -> None:
    # Log a library's warning as a line like any other: raw, it would break JSON lines or the
    # screen.
    logging.captureWarnings(True)
    for name in ("annotator", *_LIBRARIES):
        logger = logging.getLogger(name)
        for old in list(logger.handlers):
            logger.removeHandler(old)
        logger.addHandler(handler)
        logger.setLevel(level if name == "annotator" else logging.ERROR)
        logger.propagate = False
    logging.getLogger("py.warnings").setLevel(level)
