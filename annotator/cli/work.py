"""`annotator work`: workers alone, for a machine without an inbox."""

from __future__ import annotations

import typer

from annotator.cli.context import workspace_of
from annotator.cli.options import Json
from annotator.cli.watch import JsonLogs, end_in_the_log, tell_event
from annotator.cli.worker_options import plan_for, stopped_by_signals, workers_for
from annotator.errors import AnnotatorError, SettingsError


def work(context: typer.Context, json_logs: JsonLogs = False, as_json: Json = False) -> None:
    """Make suggestions for waiting articles until SIGINT or SIGTERM, on any machine that reaches
    the PostgreSQL store; --json prints one object per batch."""
    from annotator.core.database_urls import sqlite_address
    from annotator.ingest.stopping import Stop
    from annotator.ingest.working import work as go_on
    from annotator.logs import to_stderr

    workspace, stop = workspace_of(context), Stop()
    to_stderr(as_json=json_logs)
    try:
        with stopped_by_signals(stop):
            chosen = workspace.settings()
            if sqlite_address(chosen.database) is not None:
                raise SettingsError(
                    "`work` needs a PostgreSQL database, which several machines can share.",
                    hint="On one machine, `annotator watch` has workers of its own.",
                )
            store = workspace.open_store(chosen, serves=True, takes_in=True)
            try:
                report = tell_event if as_json else _say_nothing
                plan, workers = plan_for(chosen), workers_for(chosen)
                go_on(store, plan, workers=workers, stop=stop, report=report)
            finally:
                store.close()
    except AnnotatorError as error:
        if json_logs:
            end_in_the_log(error)
        raise


def _say_nothing(what: object) -> None:
    """Without --json, the log says what happens."""
