"""Whether this machine and a workspace are fit to work: one check after the other.

Nothing is changed: no database is made or upgraded, and no file is left behind.
"""

from __future__ import annotations

import locale
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.database_urls import showable, sqlite_address
from annotator.core.text.counted import many
from annotator.errors import AnnotatorError, SchemaOutdated

if TYPE_CHECKING:
    from annotator.settings import Settings

_ENOUGH_DISK = 1_000_000_000
"""Free bytes below which a workspace is in danger: the upgrade of a database copies it first."""
_COLUMNS, _LINES = 80, 24


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check, with advice if something is wrong or could be better."""

    name: str
    ok: bool
    found: str
    advice: str | None = None


def checks(folder: Path) -> Iterator[Check]:
    """All checks of a workspace, those that others depend on first."""
    from annotator.settings import load_settings

    yield _python()
    try:
        chosen = load_settings(folder)
    except AnnotatorError as error:
        yield _failed("settings", error)
        yield from (_disk(folder), _terminal())
        return
    yield Check("settings", True, f"{folder.resolve() / 'annotator.toml'}, as {chosen.reviewer}")
    gold = {} if chosen.check_gold is None else {"check_gold": _check_gold}
    for name, look in (_LOOKS | gold).items():
        try:
            yield look(chosen)
        except AnnotatorError as error:
            yield _failed(name, error)
    yield from (_disk(folder), _unsaved(folder), _terminal())


def _failed(name: str, error: AnnotatorError) -> Check:
    return Check(name, False, error.message, error.hint or None)


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return Check("python", ok, found, None if ok else "Install Python 3.11 or newer.")


def _labels(chosen: Settings) -> Check:
    from annotator.settings import load_scheme

    scheme = load_scheme(chosen)
    return Check("labels", True, f"{scheme.name} {scheme.version}")


def _check_gold(chosen: Settings) -> Check:
    from annotator.ingest.check_intake import read_check_gold
    from annotator.settings import load_scheme

    assert chosen.check_gold is not None  # checked only then
    gold = read_check_gold(chosen.check_gold, {label.name for label in load_scheme(chosen)})
    found = f"{many(len(gold), 'article')} in {chosen.check_gold.name}"
    advice = None if chosen.checks else "None is slipped in. Set the share: checks = 0.02"
    return Check("check_gold", True, found, advice)


def _pipeline(chosen: Settings) -> Check:
    from annotator.suggest.pipeline import load

    made = load(chosen.model, chosen.encoder_runtime).id
    return Check("pipeline", True, f"{made.name} {made.version}")


def _encoder(chosen: Settings) -> Check:
    from annotator.suggest.encoder.runtime import Runtime, what_runs

    runs_by = what_runs(Runtime(chosen.encoder_runtime))
    if runs_by is Runtime.ONNX or chosen.encoder_runtime == "numpy":
        return Check("encoder", True, runs_by)
    advice = "numpy is slower. If this platform has it: pip install onnxruntime"
    return Check("encoder", True, runs_by, advice)


def _database(chosen: Settings) -> Check:
    from annotator.mounts import network_kind
    from annotator.store.sql.patience import ONCE
    from annotator.store.store import Store

    shown, address = showable(chosen.database), sqlite_address(chosen.database)
    if address is not None and address.is_file:
        file = Path(address.path)
        if kind := network_kind(file.parent):
            advice = "SQLite needs a local disk: move the database, or use PostgreSQL."
            return Check("database", False, f"{shown} is on a network disk ({kind})", advice)
        if not os.path.lexists(file):
            return _place("database", file.parent, f"{shown}, made at the first start")
    try:
        with (
            closing(Store.open(chosen.database, upgrade=False, patience=ONCE)) as store,
            store.database.writing(),
        ):
            pass  # it can be written to
    except SchemaOutdated as error:
        return Check("database", False, error.message, error.hint)
    return Check("database", True, shown)


def _clock(chosen: Settings) -> Check:
    from datetime import UTC, datetime

    from annotator.core.holds import SLACK_SECONDS
    from annotator.store.store import Store

    address = sqlite_address(chosen.database)
    if address is not None:
        return Check("clock", True, "the database is on this machine")
    with closing(Store.open(chosen.database, upgrade=False)) as store:
        apart = abs((store.now() - datetime.now(UTC)).total_seconds())
    found = f"{apart:.0f} s from that of the database"
    if apart <= SLACK_SECONDS:
        return Check("clock", True, found)
    return Check("clock", False, found, "Set this machine's clock, preferably by NTP.")


def _inbox(chosen: Settings) -> Check:
    from annotator.mounts import is_without_events

    inbox = chosen.inbox
    if not inbox.is_dir():
        advice = f"Make the folder, or set `inbox` in annotator.toml: mkdir {inbox}"
        return Check("inbox", False, f"{inbox} is not a folder", advice)
    if not os.access(inbox, os.R_OK | os.X_OK):
        return Check("inbox", False, f"{inbox} cannot be read", "Change its permissions.")
    if is_without_events(inbox):
        seconds = f"{chosen.rescan_seconds:g}"
        advice = f"New files are noticed when it is scanned, every {seconds} s (`rescan_seconds`)."
        return Check("inbox", True, f"{inbox}, on a disk that reports no new files", advice)
    return Check("inbox", True, str(inbox))


def _documents(_chosen: Settings) -> Check:
    from annotator.inbox.documents.pdf_files import HOW_TO_INSTALL, can_read_pdf

    if can_read_pdf():
        return Check("documents", True, "Word, OpenDocument and PDF are read")
    return Check("documents", True, "Word and OpenDocument are read, PDF is not", HOW_TO_INSTALL)


def _exports(chosen: Settings) -> Check:
    return _place("exports", chosen.exports, str(chosen.exports))


def _place(name: str, folder: Path, found: str) -> Check:
    """Whether files can be made in a folder, or it itself where it is not there yet."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Check(name, True, found)
    return Check(name, False, f"{there} cannot be written to", "Change its permissions.")


def _watcher(chosen: Settings) -> Check:
    from annotator.store.store import Store

    address = sqlite_address(chosen.database)
    if address is not None and not os.path.lexists(address.path):
        return Check("watcher", True, "never started")
    with closing(Store.open(chosen.database, upgrade=False)) as store:
        beat, now = store.watcher.last(), store.now()
    if beat is None:
        return Check("watcher", True, "never started")
    return Check("watcher", True, f"last heartbeat {(now - beat.at).total_seconds():,.0f} s ago")


def _disk(folder: Path) -> Check:
    there = next(one for one in (folder.resolve(), *folder.resolve().parents) if one.exists())
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:,.1f} GB free"
    if free >= _ENOUGH_DISK:
        return Check("disk", True, found)
    return Check("disk", False, found, "Make room: a full disk stops saving and upgrades.")


def _unsaved(folder: Path) -> Check:
    from annotator.tui.saving.rescue_files import anything_waits

    if not anything_waits(folder):
        return Check("unsaved", True, "all decisions are saved")
    advice = "They are saved at the next start of the screens: annotator review"
    return Check("unsaved", False, "some decisions could not be saved yet", advice)


def _terminal() -> Check:
    if not sys.stderr.isatty():
        return Check("terminal", True, "not checked: this is not a terminal")
    size = shutil.get_terminal_size()
    colours = "16 colours"
    if os.environ.get("NO_COLOR"):
        colours = "no colours (NO_COLOR)"
    elif os.environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        colours = "16 million colours"
    elif "256" in os.environ.get("TERM", ""):
        colours = "256 colours"
    coding = locale.getpreferredencoding(False)
    found = f"{size.columns}x{size.lines}, {colours}, {coding}"
    if "utf" not in coding.lower():
        return Check("terminal", False, found, "Set a UTF-8 locale: export LANG=C.UTF-8")
    if size.columns < _COLUMNS or size.lines < _LINES:
        advice = f"The screens need {_COLUMNS}x{_LINES}: make the window larger."
        return Check("terminal", False, found, advice)
    if colours == "16 million colours":
        return Check("terminal", True, found)
    return Check("terminal", True, found, "If it supports more: export COLORTERM=truecolor")


_LOOKS: dict[str, Callable[[Settings], Check]] = {
    "labels": _labels,
    "pipeline": _pipeline,
    "encoder": _encoder,
    "database": _database,
    "clock": _clock,
    "inbox": _inbox,
    "documents": _documents,
    "exports": _exports,
    "watcher": _watcher,
}
