"""`annotator run`: watcher and screens together."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path
from typing import IO

from annotator.cli.context import ERROR, Workspace, tell, tell_if_heard
from annotator.cli.review_screens import check_terminal, show_screens, words_at_the_end
from annotator.errors import AnnotatorError

COMPANION = ("watch", "--companion")
"""How the watcher beside the screens is started; `fast_start` parses it."""
_PATIENCE = 20.0  # seconds that the current batch may take to finish
_SILENCE = 2.0  # seconds of these before a message says so


def run_everything(workspace: Workspace, reviewer: str | None = None) -> None:
    """Watch the inbox and review articles; leaving the screens stops the watcher."""
    check_terminal()
    tell(_words_at_the_start(workspace))
    with tempfile.TemporaryFile() as said, watcher_beside(workspace, said) as watcher:
        setup = show_screens(
            workspace, reviewer, lambda: _in_one_line(watcher_problem(watcher, said))
        )
        problem = watcher_problem(watcher, said)
    if problem is not None:
        raise problem
    tell_if_heard(words_at_the_end(setup))


def _words_at_the_start(workspace: Workspace) -> str:
    folder = workspace.folder.resolve()
    if _is_compiled():
        return f"Opening {folder}; its inbox is watched meanwhile."
    if sys.dont_write_bytecode:
        return f"Opening {folder}; each start compiles anew, as PYTHONDONTWRITEBYTECODE is set."
    return f"Opening {folder}; the first start takes some seconds longer, for compiling."


def _is_compiled() -> bool:
    """Whether Python has compiled the screens already."""
    app = Path(__file__).parents[1] / "tui" / "app.py"
    return Path(cache_from_source(str(app))).exists()


@contextlib.contextmanager
def watcher_beside(workspace: Workspace, said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A watcher that runs as long as the context; what it prints goes into `said`."""
    watcher = _start_watcher(workspace, said)
    try:
        yield watcher
    finally:
        _end(watcher)


def _start_watcher(workspace: Workspace, said: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start `annotator watch` as a subprocess; it ends when this process ends, even if killed."""
    command = [sys.executable, "-P", "-m", "annotator", "--workspace", str(workspace.folder)]
    return subprocess.Popen(
        [*command, *COMPANION],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,  # ctrl+c in the terminal is handled by the screens
    )


def watcher_problem(watcher: subprocess.Popen[bytes], said: IO[bytes]) -> AnnotatorError | None:
    """Why the watcher has ended by itself; None while it runs, or if it ended without an error."""
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
        hint="Start `annotator run` again; see annotator-watch.log in the workspace for details.",
    )


def _in_one_line(problem: AnnotatorError | None) -> str | None:
    return None if problem is None else f"{problem.message} {problem.hint}".strip()


def _end(watcher: subprocess.Popen[bytes]) -> None:
    watcher.terminate()
    try:
        _wait_for(watcher)
    except subprocess.TimeoutExpired:
        watcher.kill()
        watcher.wait()
    finally:
        if watcher.stdin:
            watcher.stdin.close()


def _wait_for(watcher: subprocess.Popen[bytes]) -> None:
    """Wait until the watcher has ended; raises TimeoutExpired if it takes too long."""
    try:
        watcher.wait(_SILENCE)
    except subprocess.TimeoutExpired:
        tell_if_heard("The watcher finishes what it has begun, a few seconds more.")
        watcher.wait(_PATIENCE - _SILENCE)
