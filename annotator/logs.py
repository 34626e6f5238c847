"""Logging: for a terminal, for a file beside the screens, as JSON lines for a service.

Only this module adds handlers. Logged are ids, counts and durations, never an article's text.
"""

from __future__ import annotations

import logging
import sys
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


def to_file(file: Path) -> None:
    """Log to a file (at most two of 1 MB), while the screen belongs to the reviewer."""
    handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=1, encoding="utf-8")
    handler.setFormatter(PlainLines(_PLAIN))
    _use(handler, logging.INFO)


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
