"""Logging: for a terminal, for a file beside the screens, as JSON lines for a service.

Only this module adds handlers. Logged are ids, counts and durations, never an article's text.
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

from annotator.core.harmless import harmless, harmless_json

# watchdog warns of events that were lost, which is nothing new to us: the scan finds the files.
_LIBRARIES = ("watchdog", "py.warnings")
_PLAIN = "%(asctime)s %(levelname)-7s %(message)s"


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and the error if there is one."""

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
    """Lines for people; what they quote from outside does nothing to a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))


def to_stderr(*, as_json: bool = False, quiet: bool = False) -> None:
    """Log to standard error: readable, or JSON lines on request; errors alone if `quiet`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else PlainLines(_PLAIN, "%H:%M:%S"))
    _use(handler, logging.ERROR if quiet else logging.INFO)


class _Quiet(RotatingFileHandler):
    """A file that is logged to as long as it can be: the screen is no place for its troubles.

    It is nobody's business but its owner's and their group's.
    """

    def _open(self) -> TextIOWrapper:
        name, mode = self.baseFilename, self.mode
        stream = open(name, mode, encoding=self.encoding, opener=_not_for_all)  # noqa: SIM115
        assert isinstance(stream, TextIOWrapper)  # as every text file is
        return stream

    def handleError(self, record: logging.LogRecord) -> None:
        pass


def to_file(file: Path) -> Path | None:
    """Log to a file (at most two of 1 MB), while the screen belongs to the reviewer.

    Where it takes nothing, as a file that is another user's, one beside it does, or else one among
    this user's own files or the temporary ones. The file that is logged to, None if there is none.
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
    with contextlib.suppress(RuntimeError):  # nobody knows where home is
        yield Path.home() / ".local" / "state" / "annotator" / file.name
    with contextlib.suppress(OSError):
        yield Path(tempfile.gettempdir()) / f"{file.stem}-{_user()}{file.suffix}"


def _user() -> str:
    """Who this is on this machine, as part of a file's name."""
    return str(os.getuid()) if hasattr(os, "getuid") else "user"


def _not_for_all(path: str, flags: int) -> int:
    return os.open(path, flags, 0o660)


def _use(handler: logging.Handler, level: int) -> None:
    # A library's warning is a line like all others: raw, it would be no JSON, or stand across the
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
