"""Test modules compiled once for all workers of a run.

pytest compiles assertions anew in each process that finds no compiled module. Workers that collect
at the same time would all compile all of them; here each begins with another share.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest


def import_in_turn(paths: Sequence[Path], worker: int, workers: int) -> None:
    """Import the test modules in these files and folders, from the share of a worker on."""
    files = [
        file
        for path in paths
        for file in ([path] if path.is_file() else sorted(path.rglob("test_*.py")))
    ]
    first = worker * len(files) // workers
    for file in (*files[first:], *files[:first]):
        # What cannot be imported is reported when it is collected.
        with suppress(Exception, pytest.skip.Exception):
            _import(file)


def _import(file: Path) -> None:
    """Import a module under the name that pytest gives it."""
    folder, name = file.parent, file.stem
    while (folder / "__init__.py").exists():
        folder, name = folder.parent, f"{folder.name}.{name}"
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    importlib.import_module(name)
