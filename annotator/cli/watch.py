"""`annotator watch`: the watcher and its workers without screens."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import orjson
import typer

from annotator.cli.context import workspace_of
from annotator.cli.options import Json
from annotator.cli.watched_inbox import watch_inbox
from annotator.cli.worker_options import stopped_by_signals
from annotator.core.text.harmless import escaped_in_json

if TYPE_CHECKING:
    from annotator.errors import AnnotatorError

JsonLogs = Annotated[bool, typer.Option("--json-logs", help="Write log lines as JSON objects.")]


def watch(context: typer.Context, json_logs: JsonLogs = False, as_json: Json = False) -> None:
    """Watch the inbox until SIGINT or SIGTERM; --json prints one object per article."""
    from annotator.errors import AnnotatorError
    from annotator.ingest.stopping import Stop
    from annotator.logs import to_stderr

    to_stderr(as_json=json_logs)
    stop = Stop()
    try:
        with stopped_by_signals(stop):
            watch_inbox(workspace_of(context), stop, tell_event if as_json else None)
    except AnnotatorError as error:
        if json_logs:
            end_in_the_log(error)
        raise
    except Exception:
        if json_logs:
            logging.getLogger(__name__).exception("The watcher ended with an unexpected error.")
            raise typer.Exit(1) from None
        raise


def tell_event(what: Mapping[str, Any]) -> None:
    """Print what happened as one line of JSON, at once."""
    line = escaped_in_json(orjson.dumps(what).decode())
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def end_in_the_log(error: AnnotatorError) -> NoReturn:
    """Exit with status 1; with JSON logs, the error is a log line as well."""
    logging.getLogger(__name__).error("%s %s", error.message, error.hint)
    raise typer.Exit(1) from error
