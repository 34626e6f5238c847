"""Standard error of a service: one JSON object a line, whoever has something to say."""

from __future__ import annotations

import json
import subprocess
import sys

_SPEAKING = """
import logging, warnings
from pathlib import Path
from annotator import logs
logs.to_stderr(as_json=True)
logging.getLogger("annotator.inbox").info("Taken in.")
logging.getLogger("watchdog.observers").warning("Inotify queue overflowed")
logging.getLogger("watchdog.observers").error("Broken")
warnings.warn("A library is old.\\nVery old.", DeprecationWarning)
warnings.warn("Something is odd.\\nVery odd.", RuntimeWarning)
"""


def test_whoever_speaks_every_line_is_json() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", _SPEAKING],
        capture_output=True,
        text=True,
        check=True,
    )
    said = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(one["level"], one["logger"]) for one in said] == [
        ("info", "annotator.inbox"),
        ("error", "watchdog.observers"),
        ("warning", "py.warnings"),
        ("warning", "py.warnings"),
    ]
    assert "Very odd." in said[-1]["message"]
