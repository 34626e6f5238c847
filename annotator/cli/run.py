"""`annotator run`: the main job, watcher and screens together."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import IO

from annotator.cli.context import ERROR, workspace
from annotator.cli.review_screens import check_terminal, show_screens
from annotator.errors import AnnotatorError

_PATIENCE = 20.0  # seconds that a batch in hand may take to finish


def run_everything(reviewer: str | None = None) -> None:
    """Watch the inbox and review what arrives; leaving the screens ends the watcher."""
    check_terminal()
    with tempfile.TemporaryFile() as said:
        watcher = _start_watcher(said)
        try:
            show_screens(reviewer, lambda: _in_one_line(_problem(watcher, said)))
            problem = _problem(watcher, said)
        finally:
            _end(watcher)
    if problem is not None:
        raise problem


def _start_watcher(said: IO[bytes]) -> subprocess.Popen[bytes]:
    """`annotator watch` as a process of its own; it ends when this one does, however that ends."""
    command = [sys.executable, "-P", "-m", "annotator", "--workspace", str(workspace())]
    return subprocess.Popen(
        [*command, "watch", "--companion"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,  # a ctrl+c in the terminal is the screens' business
    )


def _problem(watcher: subprocess.Popen[bytes], said: IO[bytes]) -> AnnotatorError | None:
    """Why the watcher has ended by itself; None while it works, or if nothing was wrong."""
    status = watcher.poll()
    if not status:
        return None
    said.seek(0)
    lines = said.read().decode(errors="replace").splitlines()
    for number, line in enumerate(lines):
        if line.startswith(ERROR):
            hint = lines[number + 1].strip() if number + 1 < len(lines) else ""
            return AnnotatorError(line.removeprefix(ERROR), hint=hint)
    last = lines[-1] if lines else "no message"
    return AnnotatorError(
        f"The watcher ended unexpectedly (status {status}): {last}.",
        hint="Start `annotator run` again; annotator-watch.log in the workspace may say more.",
    )


def _in_one_line(problem: AnnotatorError | None) -> str | None:
    return None if problem is None else f"{problem.message} {problem.hint}".strip()


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
