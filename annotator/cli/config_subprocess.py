"""Settings for the screens, loaded in a subprocess.

Reading settings needs pydantic, and upgrading a database needs Alembic and SQLModel. Together they
take as much memory as the screens, but they are needed only once. `prepared` runs this module as a
program, which prints the configuration as one JSON object and exits.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from annotator.core.labels import Label, LabelScheme, Role
from annotator.core.workspace_config import WorkspaceConfig
from annotator.errors import AnnotatorError

_UPGRADE = "--upgrade"


def prepared(workspace: Path, reviewer: str | None, *, upgrade: bool = False) -> WorkspaceConfig:
    """The configuration of a workspace; `reviewer` overrides the configured one.

    With `upgrade`, the database is first upgraded to this version, or created. Raises the
    subprocess's AnnotatorError if settings, scheme or database are invalid.
    """
    words = [str(workspace), *([_UPGRADE] if upgrade else []), *([reviewer] if reviewer else [])]
    done = subprocess.run(
        [sys.executable, "-P", "-m", __name__, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    try:
        said = json.loads(done.stdout)
    except ValueError as error:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise AnnotatorError(
            f"The settings could not be read (status {done.returncode}): {last}",
            hint="`annotator report` reads the same settings and shows the whole error.",
        ) from error
    if "message" in said:
        raise AnnotatorError(said["message"], hint=said["hint"])
    return _config(said)


def _config(said: dict[str, Any]) -> WorkspaceConfig:
    """The configuration from its JSON; converts fields that JSON does not support."""
    scheme = said.pop("scheme")
    labels = tuple(
        Label(**{**label, "role": Role(label["role"]) if label["role"] else None})
        for label in scheme.pop("labels")
    )
    folder = Path(said.pop("folder"))
    for name in ("adjudicators", "on_finish"):
        said[name] = tuple(said[name])
    return WorkspaceConfig(folder=folder, scheme=LabelScheme(**scheme, labels=labels), **said)


def _prepare(words: list[str]) -> dict[str, Any]:
    """The output of the program: a `WorkspaceConfig` as plain values."""
    from annotator.settings import load_settings, workspace_config

    folder, *rest = words
    upgrade = rest[:1] == [_UPGRADE]
    reviewer = next(iter(rest[upgrade:]), None)
    chosen = load_settings(Path(folder), {"reviewer": reviewer})
    if upgrade or _is_missing(chosen.database):
        from annotator.settings import misread_database
        from annotator.store.store import Store

        misread = misread_database(chosen, Path(folder))
        if misread is not None:
            raise misread
        Store.open(chosen.database).close()
    config = workspace_config(chosen, Path(folder))
    return asdict(config) | {"folder": str(config.folder)}


def _is_missing(database: str) -> bool:
    """Whether this is a SQLite database that does not exist yet. It is created at once, because the
    screens would start this program a second time for it."""
    from annotator.core.database_urls import sqlite_address

    address = sqlite_address(database)
    return address is not None and address.is_file and not Path(address.path).exists()


def _main() -> None:
    gc.disable()  # it ends in a moment
    try:
        said = _prepare(sys.argv[1:])
    except AnnotatorError as error:
        said = {"message": error.message, "hint": error.hint}
    print(json.dumps(said))


if __name__ == "__main__":
    _main()
