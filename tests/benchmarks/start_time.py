"""The start time of `annotator review` to its first frame, relative to an empty Textual app.

    python -m tests.benchmarks.start_time [--starts 15] [--json]

Both are started in turn in the same pseudo-terminal; the clock runs from the start of the process
to the last cell of the first frame. Reported are medians and their ratio; the bar is 2.2.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from tests.helpers.terminal import Terminal

BAR = 2.2
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("the first frame")
Empty().run()
"""


def _seconds(command: list[str], words: bytes, cwd: str) -> float:
    with Terminal(command, cwd=cwd) as terminal:
        return terminal.wait_for(words)


def measure(starts: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        here = [sys.executable, "-m", "annotator", "--workspace", folder]
        (Path(folder) / "annotator.toml").write_text("")
        rows = [
            (
                _seconds([sys.executable, "-c", EMPTY], b"the first frame", folder),
                _seconds([*here, "review"], b"queue", folder),
            )
            for _ in range(starts + 1)
        ][1:]  # the first start compiles modules and makes the database
    empty, ours = (statistics.median(column) for column in zip(*rows, strict=True))
    return {"empty": empty, "review": ours, "ratio": ours / empty, "bar": BAR}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--starts", type=int, default=15)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    result = measure(chosen.starts)
    print(
        json.dumps(result)
        if chosen.json
        else "\n".join(f"{k:8} {v:.3f}" for k, v in result.items())
    )


if __name__ == "__main__":
    main()
