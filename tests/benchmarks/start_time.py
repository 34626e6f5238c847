"""The start of the screens: what the eye waits for.

    python -m tests.benchmarks.start_time [--starts 15] [--json]
    python -m tests.benchmarks.start_time --run [--articles 60] [--cold] [--beside CHECKOUT]

Without `--run`: `annotator review` to its first frame, relative to an empty Textual app; the bar is
2.2. Both are started in turn in the same pseudo-terminal; the clock runs from the start of the
process to the last cell of the first frame. Reported are medians and their ratio.

With `--run`: `annotator run` in a new workspace with so many invented articles, to the first frame,
the first row of the queue and the first article that can be opened, and beside it the same with the
code of another checkout, in turn. `--cold` starts without compiled modules, as after installing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.subject import records
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
# What is looked for: the name of the queue, a title in a row, the count of articles to be opened.
_SEEN = ("frame", "row", "ready")
_READY = rb"[^0-9,][1-9][0-9,]* ready"
_HERE = Path(__file__).parents[2]
_PATIENCE = 120.0
_OLD = 2.5  # seconds after which a file has settled


def _seconds(command: list[str], words: bytes, cwd: str) -> float:
    with Terminal(command, cwd=cwd) as terminal:
        return terminal.wait_for(words)


def measure(starts: int) -> dict[str, float]:
    """Seconds to the first frame of an empty app and of `annotator review`, and their ratio."""
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


def measure_run(
    starts: int, articles: int, checkouts: Mapping[str, Path], *, is_cold: bool
) -> dict[str, float]:
    """Seconds of `annotator run` to each thing seen, for each checkout, and their ratios."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in checkouts}
    for number in range(starts + (not is_cold)):
        for name, checkout in checkouts.items():
            seen = _one_run(checkout, articles, is_cold=is_cold)
            if number or is_cold:  # a first start may compile modules
                runs[name].append(seen)
    result = {
        f"{name} {what}": statistics.median(run[what] for run in rows)
        for name, rows in runs.items()
        for what in _SEEN
    }
    if len(checkouts) > 1:
        for what in _SEEN:
            result[f"ratio {what}"] = result[f"ours {what}"] / result[f"beside {what}"]
    return result


def _one_run(checkout: Path, articles: int, *, is_cold: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        inbox.mkdir()
        (Path(folder) / "annotator.toml").write_text("")
        titles = _write_articles(inbox, articles)
        time.sleep(_OLD)
        signs = (b"queue", b"|".join(titles), _READY)
        environment = {"PYTHONPATH": str(checkout)}
        if is_cold:
            environment["PYTHONPYCACHEPREFIX"] = f"{folder}/compiled"
        command = [sys.executable, "-P", "-m", "annotator", "--workspace", folder, "run"]
        with Terminal(command, cwd=folder, environment=environment) as terminal:
            seen = {
                what: _wait_for(terminal, sign) for what, sign in zip(_SEEN, signs, strict=True)
            }
            terminal.type("\x11")  # ctrl+q, so that the watcher ends too
            terminal.wait_until_over(60)
    return seen


def _write_articles(inbox: Path, count: int) -> list[bytes]:
    """Articles of about 400 words, as news articles have; returns how their titles begin."""
    parts = list(records(3 * count, seed=1))
    titles = []
    for number in range(count):
        three = parts[3 * number : 3 * number + 3]
        text = "\n".join(record.article.text for record in three)
        (inbox / f"ferry-{number}.txt").write_text(text, encoding="utf-8")
        titles.append(re.escape(str(three[0].article.title).encode()[:20]))
    return titles


def _wait_for(terminal: Terminal, sign: bytes) -> float:
    """Seconds from the start until the pattern stands in the output, colours left out."""
    until = time.perf_counter() + _PATIENCE
    while not re.search(sign, _without_colours(terminal.output)):
        if time.perf_counter() > until:
            raise TimeoutError(f"{sign!r} was not written")
        terminal.read(0.5)
    return time.perf_counter() - terminal.started


def _without_colours(output: bytes) -> bytes:
    return re.sub(rb"\x1b\[[0-9;:]*m", b"", output)


def _told(result: Mapping[str, float]) -> str:
    return "\n".join(f"{name:14} {value:.3f}" for name, value in result.items())


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--starts", type=int, default=15)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--run", action="store_true")
    arguments.add_argument("--articles", type=int, default=60)
    arguments.add_argument("--cold", action="store_true")
    arguments.add_argument("--beside", type=Path)
    chosen = arguments.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if chosen.run:
        checkouts = {"ours": _HERE}
        if chosen.beside is not None:
            checkouts["beside"] = chosen.beside.resolve()
        result = measure_run(chosen.starts, chosen.articles, checkouts, is_cold=chosen.cold)
    else:
        result = measure(chosen.starts)
    print(json.dumps(result) if chosen.json else _told(result))


if __name__ == "__main__":
    main()
