"""The command line without the start of an interpreter: processes forked from one that has it all.

Each call is a process of its own, with its own working directory, environment, streams and signals,
as if a user had called it; only what Python does before `main()` is done once, for all of them.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

# What the calls have loaded before they begin: imports take most of the time of a short verb.
READY = [
    "alembic.command",
    "annotator.cli.verbs",
    "annotator.export",
    "annotator.importing",
    "annotator.settings",
    "annotator.store.store",
    "pytest",
]


@dataclass(frozen=True)
class Done:
    """A verb that has ended: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def result(self) -> Any:
        """The one JSON object that the verb wrote."""
        (line,) = self.out.splitlines()
        return json.loads(line)


@dataclass(frozen=True)
class Streams:
    """The files that stand for standard input, output and error."""

    given: Path
    out: Path
    err: Path


def call(
    *words: str,
    given: bytes = b"",
    environment: Mapping[str, str] | None = None,
    within: float = 120.0,
) -> Done:
    """Calls `annotator WORDS` in the current folder, and waits until it has ended.

    Of this process's environment it gets all but our settings, and what `environment` says.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("ANNOTATOR_")}
    with tempfile.TemporaryDirectory(prefix="annotator-test-") as folder:
        streams = Streams(*(Path(folder, name) for name in ("in", "out", "err")))
        streams.given.write_bytes(given)
        status = _ended(words, streams, inherited | dict(environment or {}), within)
        return Done(status, streams.out.read_bytes().decode(), streams.err.read_bytes().decode())


def _ended(
    words: Sequence[str], streams: Streams, environment: dict[str, str], within: float
) -> int:
    process = _server().Process(target=_carry_out, args=(words, streams, environment, os.getcwd()))
    process.start()
    process.join(within)
    if process.exitcode is None:
        process.kill()
        raise TimeoutError(f"annotator {' '.join(words)} has not ended within {within} seconds")
    return process.exitcode


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(READY)
    return context


def _carry_out(
    words: Sequence[str], streams: Streams, environment: dict[str, str], folder: str
) -> None:
    """In the new process: puts on what a call has of its own, and calls."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, file in enumerate((streams.given, streams.out, streams.err)):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    # What stood for standard input was closed when the process was forked.
    given = open(0, closefd=False)  # noqa: SIM115
    sys.stdin = given
    vars(sys)["__stdin__"] = given
    sys.argv = ["annotator", *words]
    from annotator.cli import main

    main()
