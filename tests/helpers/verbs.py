"""Calls the command line like a user, without starting an interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.helpers.forked import Forked


@dataclass(frozen=True)
class Done:
    """A finished verb: its exit status and output."""

    status: int
    out: str
    err: str

    @property
    def result(self) -> Any:
        """The one JSON object in the output."""
        (line,) = self.out.splitlines()
        return json.loads(line)


def call(
    *words: str,
    given: bytes = b"",
    environment: Mapping[str, str] | None = None,
    within: float = 120.0,
) -> Done:
    """Call `annotator WORDS` in the current folder and wait for its end.

    It gets this process's environment without our settings, and `environment`.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("ANNOTATOR_")}
    process = Forked(
        [sys.executable, "-m", "annotator", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=inherited | dict(environment or {}),
    )
    with process:
        try:
            out, err = process.communicate(given, within)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return Done(process.returncode, out.decode(), err.decode())
