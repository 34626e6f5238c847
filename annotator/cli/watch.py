"""`annotator watch`: the watcher and its workers without screens."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import orjson
import typer

from annotator.cli.context import Workspace, scheme_id, workspace_of
from annotator.cli.options import Json
from annotator.cli.worker_options import plan_for, rules_for, stopped_by_signals, workers_for
from annotator.core.text.harmless import escaped_in_json

if TYPE_CHECKING:
    from annotator.errors import AnnotatorError
    from annotator.ingest.stopping import Stop
    from annotator.settings import Settings

LOCK = ".annotator.lock"

Companion = Annotated[
    bool,
    typer.Option(hidden=True, help="Stop when standard input is closed."),
]
JsonLogs = Annotated[bool, typer.Option("--json-logs", help="Write log lines as JSON objects.")]


def watch(
    context: typer.Context,
    companion: Companion = False,
    json_logs: JsonLogs = False,
    as_json: Json = False,
) -> None:
    """Watch the inbox until SIGINT or SIGTERM; --json prints one object per article."""
    from annotator.errors import AnnotatorError
    from annotator.ingest.lock import AlreadyWatched
    from annotator.ingest.stopping import Stop
    from annotator.logs import to_file, to_stderr

    workspace = workspace_of(context)
    if companion:
        to_file(workspace.folder / "annotator-watch.log")
    else:
        to_stderr(as_json=json_logs)
    stop = Stop()
    if companion:
        threading.Thread(target=_stop_at_the_end, args=(stop,), daemon=True).start()
    try:
        with stopped_by_signals(stop):
            _watch(workspace, stop, tell_articles=as_json)
    except AnnotatorError as error:
        if companion:
            _leave_word(error)
            if isinstance(error, AlreadyWatched):
                return  # another watcher runs already, so there is nothing to do
        elif json_logs:
            end_in_the_log(error)
        raise
    except Exception:
        if json_logs and not companion:
            logging.getLogger(__name__).exception("The watcher ended with an unexpected error.")
            raise typer.Exit(1) from None
        raise


def _watch(workspace: Workspace, stop: Stop, *, tell_articles: bool) -> None:
    from annotator.export import FinishedWriter
    from annotator.ingest.watching import watch as look_after

    chosen = workspace.settings()
    _make_inbox(chosen, workspace)
    store = workspace.open_store(chosen, serves=True, takes_in=True)
    writer = FinishedWriter(store, chosen.exports / "records", scheme=scheme_id(chosen))
    try:
        look_after(
            chosen.inbox,
            store=store,
            plan=plan_for(chosen),
            lock=workspace.folder / LOCK,
            rules=rules_for(chosen),
            workers=workers_for(chosen),
            settle_seconds=chosen.settle_seconds,
            rescan_seconds=chosen.rescan_seconds,
            stop=stop,
            report=tell_event if tell_articles else None,
            chores=(writer,),
        )
    finally:
        store.close()


def _make_inbox(chosen: Settings, workspace: Workspace) -> None:
    """Create a missing inbox inside the workspace: git, for example, does not keep empty folders.

    One elsewhere is not created: it may be a share that is not mounted.
    """
    inside = chosen.inbox.resolve().is_relative_to(workspace.folder.resolve())
    if inside and not os.path.lexists(chosen.inbox):
        with contextlib.suppress(OSError):  # the watcher reports the missing inbox
            chosen.inbox.mkdir(parents=True)


def tell_event(what: Mapping[str, Any]) -> None:
    """Print what happened as one line of JSON, at once."""
    line = escaped_in_json(orjson.dumps(what).decode())
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def _stop_at_the_end(stop: Stop) -> None:
    """Waits for the end of standard input: the parent process has ended, even if killed."""
    # Not through sys.stdin: a thread blocked in its buffer would abort the interpreter's end.
    while os.read(0, 1):
        pass
    stop.ask()


def end_in_the_log(error: AnnotatorError) -> NoReturn:
    """Exit with status 1; with JSON logs, the error is a log line as well."""
    logging.getLogger(__name__).error("%s %s", error.message, error.hint)
    raise typer.Exit(1) from error


def _leave_word(error: Exception) -> None:
    """Standard error has gone with the screens, so log why the watcher ended."""
    logging.getLogger(__name__).error("The watcher ended: %s", error)
