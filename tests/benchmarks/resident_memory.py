"""Resident memory of the screens on a long article, relative to an empty Textual app.

    python -m tests.benchmarks.resident_memory [--words 50000] [--json]

Each is a process in the same pseudo-terminal; read is what the system says is resident (VmRSS, in
MB) once nothing is written any more: the queue, the article just opened, and after twenty accepted
items. The bar is 2.2 times the empty app, at every stage. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.long_articles import long_text, workspace
from tests.benchmarks.start_time import EMPTY
from tests.helpers.terminal import Terminal

BAR = 2.2
_ACCEPTED = 20


def measure(words: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace(folder, [long_text(words)])
        figures = {"empty": _empty(name)}
        # Once before: the first start compiles modules.
        for _ in range(2):
            figures |= _screens(name)
    figures |= {"ratio": max(figures.values()) / figures["empty"], "bar": BAR}
    return figures


def _empty(folder: str) -> float:
    with Terminal([sys.executable, "-c", EMPTY], cwd=folder) as terminal:
        terminal.wait_for(b"the first frame")
        return _settled(terminal)


def _screens(folder: str) -> dict[str, float]:
    figures = {}
    command = [sys.executable, "-m", "annotator", "--workspace", folder, "review"]
    with Terminal(command) as terminal:
        terminal.wait_for(b" words")  # of the preview of the first row
        figures["queue"] = _settled(terminal)
        terminal.type("\r")
        terminal.wait_for(b"ENTITIES")
        figures["article"] = _settled(terminal)
        for _ in range(_ACCEPTED):
            terminal.type("a")
            terminal.wait_until_quiet(0.2)
        terminal.wait_for(b"saved")
        figures["after decisions"] = _settled(terminal)
    return figures


def _settled(terminal: Terminal) -> float:
    terminal.wait_until_quiet(1.5)
    told = Path(f"/proc/{terminal.process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", told)
    assert found is not None  # the system always says so of a process that runs
    return int(found[1]) / 1024


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--words", type=int, default=50_000)
    arguments.add_argument("--json", action="store_true")
    asked = arguments.parse_args()
    figures = measure(asked.words)
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:16} {value:6.2f}" for name, value in figures.items()))
    return 0 if figures["ratio"] <= BAR else 1


if __name__ == "__main__":
    os.environ.setdefault("ANNOTATOR_REVIEWER", "benchmark")
    sys.exit(main())
