"""What several verbs need: the workspace at hand, its settings, its store, how results are said."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.harmless import harmless, harmless_json, harmless_line

if TYPE_CHECKING:
    from annotator.core.record import SchemeId
    from annotator.errors import AnnotatorError
    from annotator.settings import Settings
    from annotator.store.store import Store

ERROR = "annotator: "
"""What the line of an error begins with; what to do is on the line after it."""

_chosen = Path(".")


def choose_workspace(folder: Path) -> None:
    """Remember the folder that `--workspace` names."""
    global _chosen
    _chosen = folder
    keep_from_others(folder)


def keep_from_others(folder: Path) -> None:
    """Whatever this process and those that it starts make is for its owner and the group.

    It holds what people noted, and quotes from articles. The rest of the world is left out
    whatever the umask says; the group may write where the workspace is set up to be shared
    (`chmod g+ws`), and else what the umask says.
    """
    mask = os.umask(0o077) | stat.S_IRWXO
    with contextlib.suppress(OSError):
        mode = folder.stat().st_mode
        if mode & stat.S_ISGID and mode & stat.S_IWGRP:
            mask &= ~stat.S_IRWXG
    os.umask(mask)


def workspace() -> Path:
    """The folder that `--workspace` names, the current one by default."""
    return _chosen


def settings(**overrides: Any) -> Settings:
    """The settings of the workspace at hand; overrides come from the command line."""
    from annotator.settings import load_settings

    return load_settings(workspace(), overrides)


def open_store(chosen: Settings, *, serves: bool = False) -> Store:
    """The workspace's store, made or brought to this version where needed.

    One that `serves` does again what fails, and so does not wait long.
    """
    from annotator.settings import misread_database
    from annotator.store.patience import AT_WORK, ONCE
    from annotator.store.store import Store

    misread = misread_database(chosen, workspace())
    if misread is not None:
        raise misread
    return Store.open(chosen.database, patience=AT_WORK if serves else ONCE)


def scheme_id(chosen: Settings) -> SchemeId:
    """Name and version of the label scheme in use; SchemeError if it cannot be read."""
    from annotator.core.record import SchemeId
    from annotator.settings import load_scheme

    scheme = load_scheme(chosen)
    return SchemeId(scheme.name, scheme.version)


def say(result: Mapping[str, Any], *, as_json: bool, text: str | Iterable[str]) -> None:
    """The result of a verb on standard output: for programs as JSON, for people as text or lines.

    Whatever it quotes from outside does nothing to a terminal.
    """
    if as_json:
        print(harmless_json(result))
    elif isinstance(text, str):
        print(harmless(text))
    else:
        print("\n".join(map(harmless_line, text)))


def tell(message: str) -> None:
    """Something for the person at the terminal, on standard error; it does nothing to that."""
    print(harmless(message), file=sys.stderr)


def tell_error(error: AnnotatorError) -> None:
    """What happened, and on the next line what to do. Line ends in what it quotes begin no line of
    their own."""
    tell(f"{ERROR}{error.message}".replace("\n", "\n  "))
    if error.hint:
        tell(f"  {error.hint}".replace("\n", "\n  "))
