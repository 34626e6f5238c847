"""`annotator review`: start the screens."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.cli.config_subprocess import prepared
from annotator.cli.context import Workspace, tell_if_heard
from annotator.cli.lean_imports import import_lean
from annotator.errors import AnnotatorError, SchemaOutdated, ScreensFailed

if TYPE_CHECKING:
    from annotator.cli.finish_command import FinishCommand
    from annotator.core.lint.lint_finding import LintFinding
    from annotator.core.workspace_config import WorkspaceConfig
    from annotator.store.store import Store
    from annotator.tui.app_setup import AppSetup

_LAST_COMMANDS = 5.0  # seconds in which commands of `on_finish` may end after the screens


def review_articles(workspace: Workspace, reviewer: str | None = None) -> None:
    """Open the queue and review articles."""
    check_terminal()
    tell_if_heard(words_at_the_end(show_screens(workspace, reviewer)))


def words_at_the_end(setup: AppSetup | None) -> str:
    """What was done at the screens, and where it is."""
    from annotator.core.reviewing.sitting import told_sitting

    told = "" if setup is None else told_sitting(setup.sitting.results.values())
    if setup is None or not told:
        return "Nothing was decided."
    records, here = Path(setup.config.exports) / "records", Path.cwd()
    shown = records.relative_to(here) if records.is_relative_to(here) else records
    return f"{told}; records of finished articles: {shown}"


def check_terminal() -> None:
    """Raises AnnotatorError unless standard input and standard error are a terminal."""
    for stream, name in ((sys.__stdin__, "input"), (sys.__stderr__, "error")):
        if stream is None or not stream.isatty():
            raise AnnotatorError(
                f"The screens need a terminal, but standard {name} is not one.",
                hint="Start them in a terminal without redirection; `annotator watch` works "
                "without one.",
            )


def show_screens(
    workspace: Workspace,
    reviewer: str | None,
    watcher_problem: Callable[[], str | None] | None = None,
) -> AppSetup | None:
    """Run the review screens until the reviewer leaves; returns what they were set up with, None if
    the reviewer left before.

    `watcher_problem` returns why the watcher of `run` has ended, None while it runs. Settings and
    database are loaded after the first frame; their errors are raised here. Raises ScreensFailed,
    naming the log file, after an unexpected error.
    """
    import_lean()
    from annotator.tui.app import run_app

    with ExitStack() as ending:
        try:
            return run_app(
                lambda: _setup(workspace, reviewer, watcher_problem, ending), workspace.folder
            )
        except ScreensFailed as failure:
            raise _logged(failure, workspace) from None


def _logged(failure: ScreensFailed, workspace: Workspace) -> ScreensFailed:
    """The failure with the name of the log file, which gets the traceback without values."""
    import logging
    from traceback import format_exception

    from annotator.logs import to_file

    file = to_file(workspace.folder / "annotator.log")
    told = "".join(format_exception(failure.__cause__)) if failure.__cause__ else ""
    # An error message may contain the URL of the database with its password.
    told = re.sub(r"(://)[^/\s@]*@", r"\1…@", told)
    logging.getLogger("annotator.screens").error("The screens ended with an error:\n%s", told)
    more = f" See {file} for the error." if file is not None else ""
    return ScreensFailed(failure.message, hint=f"{failure.hint}{more}")


def _setup(
    workspace: Workspace,
    reviewer: str | None,
    watcher_problem: Callable[[], str | None] | None,
    ending: ExitStack | None = None,
) -> AppSetup:
    from annotator.logs import to_file
    from annotator.tui.app_setup import AppSetup
    from annotator.tui.clock import Clock

    config = prepared(workspace.folder, reviewer)
    to_file(config.folder / "annotator.log")
    store = _store(config)
    # Leases are measured by the database's clock, not by this machine's.
    clock = Clock(store.now)
    command = _finish_command(config, store) if config.on_finish else None
    if command is not None and ending is not None:
        ending.callback(command.close, _LAST_COMMANDS)
    return AppSetup(
        store,
        config,
        watcher_problem,
        clock,
        lambda: own_findings(store, config),
        finished=command,
        export=lambda target: export_finished(store, config, target),
    )


def _finish_command(config: WorkspaceConfig, store: Store) -> FinishCommand:
    from annotator.cli.finish_command import FinishCommand, FinishProgram
    from annotator.core.record import SchemeId

    command = FinishProgram(config.on_finish, config.folder, config.on_finish_seconds)
    return FinishCommand(command, store, SchemeId(config.scheme.name, config.scheme.version))


def export_finished(store: Store, config: WorkspaceConfig, target: Path) -> int:
    """Write all finished reviews, as `annotator export` does, and return how many; raises
    ExportError if that fails, then the target is as it was."""
    from annotator.core.record import SchemeId
    from annotator.errors import ArticleDamaged, ExportError
    from annotator.export.outputs import Output, clear_way
    from annotator.export.records import RecordFilter, records
    from annotator.formats import format_named

    inbox = Path(config.inbox).resolve()
    if config.inbox and target.resolve().is_relative_to(inbox):
        raise ExportError(f"{target} is in the inbox.", hint="Give a file elsewhere.")
    scheme, damaged = SchemeId(config.scheme.name, config.scheme.version), list[ArticleDamaged]()
    rows = records(store, scheme=scheme, wanted=RecordFilter(), damaged=damaged.append)
    target.parent.mkdir(parents=True, exist_ok=True)
    clear_way(target)
    written = Output(format_named("jsonl"), tuple(config.scheme.by_name)).write(rows, target)
    if damaged:
        told = f"{written:,} written to {target}, but {len(damaged):,} cannot be read."
        raise ExportError(told, hint=damaged[0].hint)
    return written


def own_findings(store: Store, config: WorkspaceConfig) -> Iterator[Sequence[LintFinding]]:
    """What contradicts itself, or the guidelines, in what the reviewer has finished: the findings
    in each review, then those of forms."""
    from annotator.core.lint.form_consistency import findings_by_review
    from annotator.core.record import SchemeId
    from annotator.export.records import RecordFilter, records

    scheme = SchemeId(config.scheme.name, config.scheme.version)
    own = RecordFilter(config.reviewer)
    # An article that cannot be read is left out here; `lint` names it.
    return findings_by_review(records(store, scheme=scheme, wanted=own, damaged=lambda _: None))


def _store(config: WorkspaceConfig) -> Store:
    """Open the store without loading what creates or upgrades a database."""
    from functools import partial

    from annotator.core.memory.recall import recalling_after
    from annotator.store.sql.patience import AT_THE_SCREEN
    from annotator.store.store import Store

    opened = partial(
        Store.open,
        config.database,
        upgrade=False,
        patience=AT_THE_SCREEN,
        recalling=recalling_after(config.wrong_after),
    )
    try:
        return opened()
    except SchemaOutdated:
        prepared(config.folder, config.reviewer, upgrade=True)
        return opened()
