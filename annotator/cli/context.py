"""What several verbs share: workspace, settings, store, and how results are printed."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.text.counted import many as many
from annotator.core.text.harmless import harmless, harmless_json, harmless_line

if TYPE_CHECKING:
    import typer

    from annotator.core.record import SchemeId
    from annotator.errors import AnnotatorError
    from annotator.settings import Settings
    from annotator.store.store import Store

INTERRUPTED = 130
"""The exit status of an interrupted command."""
ERROR = "annotator: "
"""Prefix of an error message; the hint follows on the next line."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder that `--workspace` names, the current folder by default."""

    folder: Path

    def settings(self, **overrides: Any) -> Settings:
        """The settings of the workspace; `overrides` come from the command line."""
        from annotator.settings import load_settings

        return load_settings(self.folder, overrides)

    def open_store(
        self, chosen: Settings, *, serves: bool = False, takes_in: bool = False
    ) -> Store:
        """The store of the workspace, created or upgraded to this version if needed.

        With `serves`, the caller retries failed operations, so the store does not wait long. With
        `takes_in`, it takes in files or processes articles, with other machines if so set.
        """
        from annotator.core.memory.recall import recalling_after
        from annotator.settings import misread_database
        from annotator.store.sql.patience import AT_WORK, ONCE
        from annotator.store.store import Store

        misread = misread_database(chosen, self.folder)
        if misread is not None:
            raise misread
        patience, recalling = AT_WORK if serves else ONCE, recalling_after(chosen.wrong_after)
        from annotator.cli.worker_options import shares_work

        shares = takes_in and shares_work(chosen)
        store = Store.open(chosen.database, patience=patience, recalling=recalling)
        store.sight.viewer = chosen.viewer
        if shares:
            store.share_work(os.uname().nodename)
        return store


def workspace_of(context: typer.Context) -> Workspace:
    """The workspace that a verb was called for."""
    assert isinstance(context.obj, Workspace)  # the options before the verb have set it
    return context.obj


def keep_from_others(folder: Path) -> None:
    """Set the umask so that only owner and group can read what this process and its children
    create.

    The files hold notes and quotes from articles. Others get no access, whatever the umask was. The
    group may write if the workspace is shared (`chmod g+ws`); otherwise the umask decides.
    """
    mask = os.umask(0o077) | stat.S_IRWXO
    with contextlib.suppress(OSError):
        mode = folder.stat().st_mode
        if mode & stat.S_ISGID and mode & stat.S_IWGRP:
            mask &= ~stat.S_IRWXG
    os.umask(mask)


def scheme_id(chosen: Settings) -> SchemeId:
    """Name and version of the label scheme in use; raises SchemeError if it cannot be read."""
    from annotator.core.record import SchemeId
    from annotator.settings import load_scheme

    scheme = load_scheme(chosen)
    return SchemeId(scheme.name, scheme.version)


def say(result: Mapping[str, Any], *, as_json: bool, text: str | Iterable[str]) -> None:
    """Print the result of a verb to standard output, as JSON or as text.

    Control characters in quoted text are made harmless.
    """
    if as_json:
        print(harmless_json(result))
    elif isinstance(text, str):
        print(harmless(text))
    else:
        print("\n".join(map(harmless_line, text)))


def tell(message: str) -> None:
    """Print a message to standard error, with control characters made harmless."""
    print(harmless(message), file=sys.stderr)


def tell_if_heard(message: str) -> None:
    """Print a message to standard error, unless the terminal is gone: that is no error."""
    with contextlib.suppress(OSError):
        tell(message)


def tell_error(error: AnnotatorError) -> None:
    """Print message and hint of an error; line breaks within them are indented."""
    tell(f"{ERROR}{error.message}".replace("\n", "\n  "))
    if error.hint:
        tell(f"  {error.hint}".replace("\n", "\n  "))
