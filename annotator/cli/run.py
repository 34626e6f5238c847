"""`annotator run`: the main job, watcher and screens together."""

from __future__ import annotations

import subprocess
import sys

from annotator.cli.review import Reviewer, show_screens
from annotator.cli.shared import workspace

_PATIENCE = 20.0  # seconds that a batch in hand may take to finish


def run(reviewer: Reviewer = None) -> None:
    """Watch the inbox and review what arrives; leaving the screens ends the watcher."""
    watcher = _start_watcher()
    try:
        show_screens(reviewer)
    finally:
        _end(watcher)


def _start_watcher() -> subprocess.Popen[bytes]:
    """`annotator watch` as a process of its own; it ends when this one does, however that ends."""
    command = [sys.executable, "-m", "annotator", "--workspace", str(workspace())]
    return subprocess.Popen(
        [*command, "watch", "--companion"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a ctrl+c in the terminal is the screens' business
    )


def _end(watcher: subprocess.Popen[bytes]) -> None:
    watcher.terminate()
    try:
        watcher.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        watcher.kill()
        watcher.wait()
    finally:
        if watcher.stdin:
            watcher.stdin.close()
