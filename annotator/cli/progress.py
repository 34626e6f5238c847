"""Progress of long work: a bar with rate and time left on a terminal, otherwise one line per
minute."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from annotator.cli.context import tell

Progress = Callable[[int, int], None]
_LINE_EVERY = 60.0  # seconds


@contextmanager
def progress_shown(doing: str) -> Iterator[Progress]:
    """Yields a function to call with (done, total); it prints to standard error."""
    if not sys.stderr.isatty():
        yield _lines(doing)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None, rate="")
        started = time.monotonic()

        def show(done: int, total: int) -> None:
            rate = f"{done / max(time.monotonic() - started, 0.1):.1f} a second" if done else ""
            bar.update(task, completed=done, total=total or None, rate=rate)

        yield show


def _lines(doing: str) -> Progress:
    started = last = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _LINE_EVERY:
            last = now
            rate = done / (now - started)
            tell(f"{done:,} of {total:,} {doing}, {rate:.1f} a second")

    return show
