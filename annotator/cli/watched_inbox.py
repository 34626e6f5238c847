"""The watcher of a workspace, alone or beside the screens."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.cli.context import Workspace, scheme_id
from annotator.cli.worker_options import (
    check_intake_for,
    plan_for,
    rules_for,
    stopped_by_signals,
    workers_for,
)
from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.ingest.stopping import Stop
    from annotator.settings import Settings

LOCK = ".annotator.lock"
# Seconds: as long as a watcher takes to end, with the batch in hand.
_STAND_BY, _PAUSE = 60.0, 1.0

Report = Callable[[Mapping[str, Any]], None]


def watch_inbox(workspace: Workspace, stop: Stop, report: Report | None = None) -> None:
    """Watch the inbox of a workspace until `stop`; `report` gets one object for each article and
    rejected file.

    Raises AlreadyWatched if another process does so.
    """
    chosen = workspace.settings()
    _make_inbox(chosen, workspace)
    from annotator.ingest.lock import watching_alone
    from annotator.ingest.worker_process import WorkersAhead

    plan, workers = plan_for(chosen), workers_for(chosen)
    with (
        watching_alone(workspace.folder / LOCK),
        WorkersAhead(plan, workers) as ahead,
    ):
        from annotator.export import FinishedWriter
        from annotator.ingest.watching import watch

        store = workspace.open_store(chosen, serves=True, takes_in=True)
        writer = FinishedWriter(store, chosen.exports / "records", scheme=scheme_id(chosen))
        try:
            slip_in = check_intake_for(chosen, store, stays=True)
            watch(
                chosen.inbox,
                store=store,
                plan=plan,
                rules=rules_for(chosen),
                workers=workers,
                settle_seconds=chosen.settle_seconds,
                rescan_seconds=chosen.rescan_seconds,
                stop=stop,
                report=report,
                chores=(writer,) if slip_in is None else (slip_in, writer),
                ahead=ahead,
            )
        finally:
            store.close()


def watch_beside_screens(workspace: Workspace) -> None:
    """Watch until standard input is closed: the process of the screens has ended, even if killed.

    Another watcher of the workspace is no error: there is nothing left to do, unless it is the last
    screens' and about to end.
    """
    from annotator.ingest.lock import AlreadyWatched
    from annotator.ingest.stopping import Stop
    from annotator.logs import to_file

    to_file(workspace.folder / "annotator-watch.log")
    stop = Stop()
    threading.Thread(target=_stop_at_the_end, args=(stop,), daemon=True).start()
    until = time.monotonic() + _STAND_BY
    with stopped_by_signals(stop):
        while not stop.asked.is_set():
            try:
                watch_inbox(workspace, stop)
            except AnnotatorError as error:
                is_watched = isinstance(error, AlreadyWatched)
                if is_watched and time.monotonic() < until:
                    stop.asked.wait(_PAUSE)
                    continue
                # Standard error has gone with the screens, so log why the watcher ended.
                logging.getLogger(__name__).error("The watcher ended: %s", error)
                if not is_watched:
                    raise
            return


def _make_inbox(chosen: Settings, workspace: Workspace) -> None:
    """Create a missing inbox inside the workspace: git, for example, does not keep empty folders.

    One elsewhere is not created: it may be a share that is not mounted.
    """
    inside = chosen.inbox.resolve().is_relative_to(Path(workspace.folder).resolve())
    if inside and not os.path.lexists(chosen.inbox):
        with contextlib.suppress(OSError):  # the watcher reports the missing inbox
            chosen.inbox.mkdir(parents=True)


def _stop_at_the_end(stop: Stop) -> None:
    """Waits for the end of standard input."""
    # Not through sys.stdin: a thread blocked in its buffer would abort the interpreter's end.
    while os.read(0, 1):
        pass
    stop.ask()
