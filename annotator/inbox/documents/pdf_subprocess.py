"""Reads the PDF document on standard input within limits, and prints what it found as JSON.

`pdf_files` runs this module as a program.
"""

from __future__ import annotations

import contextlib
import json
import signal
import sys
from typing import Any

try:
    import resource
except ImportError:  # Windows has no such limits; there the time limit of `pdf_files` holds alone.
    resource = None  # type: ignore[assignment]  # the name must exist for the test below

MOST_SECONDS = 10
"""Processor time allowed for one document. Long articles take a tenth of a second."""
MOST_MEMORY = 1_500_000_000
"""Bytes of memory allowed for one document."""


def took_too_long(status: int) -> bool:
    """Whether the program ended with this status because its time was over."""
    return status < 0 and -status in (getattr(signal, "SIGXCPU", 0), getattr(signal, "SIGKILL", 0))


def _limit() -> None:
    if resource is None:
        return
    for what, most in (
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already
            resource.setrlimit(what, (most, most + 1))  # the harder limit kills without a reason


def _said_of(raw: bytes) -> dict[str, Any]:
    from annotator.inbox.documents.pdf_text import found_in

    return found_in(raw)


if __name__ == "__main__":
    _limit()
    json.dump(_said_of(sys.stdin.buffer.read()), sys.stdout)
