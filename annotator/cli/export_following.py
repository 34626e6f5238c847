"""`annotator export --follow`: goes on exporting as reviews finish, until stopped."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.cli.context import say, scheme_id, tell, tell_error
from annotator.cli.exporting import (
    STANDARD_OUTPUT,
    ExportOptions,
    records_counted,
    settings_for,
    wanted_of,
)
from annotator.cli.targets import folders_made, keep_inbox_safe
from annotator.cli.worker_options import stopped_by_signals
from annotator.errors import AnnotatorError, ExportError
from annotator.settings import load_scheme
from annotator.store.reviewing.finished_reviews import Which

if TYPE_CHECKING:
    from annotator.export.following import Follower, Lines
    from annotator.ingest.stopping import Stop

_ON_SQLITE, _ON_A_SERVER = 0.5, 2.0  # seconds between two looks


def follow(options: ExportOptions, format: str, output: Path | None) -> None:
    """Append finished reviews to a file, or write them to standard output, until SIGINT or SIGTERM;
    raises ExportError for options that make no sense then."""
    _check(options, format, output)
    from annotator.export.following import Follower
    from annotator.ingest.stopping import Stop

    here = settings_for(options)
    wanted = wanted_of(options, load_scheme(here))
    target = output or here.exports / "dataset.jsonl"
    keep_inbox_safe(target, here)
    store, stop = options.workspace.open_store(here), Stop()
    pause, written = _ON_SQLITE if store.database.is_sqlite else _ON_A_SERVER, 0
    try:
        with stopped_by_signals(stop):
            while True:
                with _lines(target) as lines:
                    follower = Follower(store, scheme_id(here), lines, wanted)
                    is_over = _go_on(follower, stop, pause)
                written += follower.written
                if is_over:
                    break
    finally:
        store.close()
    text = f"{records_counted(written)} written to {target}"
    if target == STANDARD_OUTPUT:
        tell(text.replace(" to -", ""))
        return
    say({"records": written, "output": str(target)}, as_json=options.as_json, text=text)


def _check(options: ExportOptions, format: str, output: Path | None) -> None:
    if format != "jsonl":
        raise ExportError(
            f"--follow writes jsonl, not {format}.",
            hint="Leave out --format; export --from FILE turns what was written into it.",
        )
    refused = {
        "--from": options.source is not None,
        "--pending": options.pending,
        "--verify": options.verify,
        "--reviews all": options.which is not Which.STANDING,
    }
    for option, is_given in refused.items():
        if is_given:
            raise ExportError(
                f"--follow cannot be combined with {option}.", hint="Leave one of them out."
            )
    if options.as_json and output == STANDARD_OUTPUT:
        raise ExportError(
            "The records and the result cannot both go to standard output.",
            hint="Leave out --json, or give a file with --output.",
        )


@contextlib.contextmanager
def _lines(target: Path) -> Iterator[Lines]:
    from annotator.export.following import GrowingFile, StandardOutput

    if target == STANDARD_OUTPUT:
        yield StandardOutput()
        return
    with folders_made(target), GrowingFile.opened(target) as growing:
        yield growing


def _go_on(follower: Follower, stop: Stop, pause: float) -> bool:
    """Look for what has finished until `stop`; returns False if the file has to be opened anew
    before. Errors of the first look are raised; later ones are reported once each, since the
    database may only be away for a while."""
    from annotator.export.following import TargetReplaced
    from annotator.ingest.log_throttle import LogThrottle

    troubles, told = LogThrottle(), 0
    follower()
    tell(f"{records_counted(follower.written)} written; waiting for more (interrupt to end).")
    while True:
        for damaged in [*follower.damaged.values()][told:]:
            tell_error(damaged)
        told = len(follower.damaged)
        if stop.asked.wait(pause):
            break
        try:
            follower()
        except TargetReplaced as error:
            tell(f"{error.message} Continuing in the new file.")
            return False
        except AnnotatorError as error:
            if troubles.is_news(error.message, now=time.monotonic()):
                tell_error(error)
    if told:
        raise ExportError(
            f"{told:,} review{'' if told == 1 else 's'} cannot be read and were left out.",
            hint=next(iter(follower.damaged.values())).hint,
        )
    return True
