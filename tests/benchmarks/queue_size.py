"""A queue of 100,000 articles relative to one of 1,000.

    python -m tests.benchmarks.queue_size [--starts 9] [--arrivals 12] [--json]

`annotator review` is started over either in turn, in a pseudo-terminal of 120x40. Measured: the
time to the first frame and to the first row of the queue; the resident memory once it stands; the
CPU time and the bytes of a step down, alone (with the preview that follows it) and among quick
ones; the CPU time that an article costs which comes in while the queue is shown, with the cursor
at the top and in the midst; and, without a terminal, the statements and the steps of SQLite's
machine (they grow with the rows read) that this arrival takes, at the top and in the midst of the
queue. Reported are medians and the ratio of the larger to the smaller queue. Bars: frames 1.5,
memory 1.2; an arrival costs the same: as many statements and steps, and CPU, each within 1.2.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from annotator.store.store import Store
from tests.helpers.many_articles import BEGAN, Work, counted, fill
from tests.helpers.terminal import Terminal

_STEPS = 20
SIZES = (1_000, 100_000)
BARS = {
    "first frame, s": 1.5,
    "first row, s": 1.5,
    "memory, MB": 1.2,
    "arrival, CPU ms": 1.2,
    "arrival in the midst, CPU ms": 1.2,
    "arrival, statements": 1.0,
    "arrival, steps": 1.01,
    "arrival in the midst, statements": 1.2,
    "arrival in the midst, steps": 1.2,
}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--starts", type=int, default=9)
    arguments.add_argument("--arrivals", type=int, default=12)
    arguments.add_argument("--json", action="store_true")
    asked = arguments.parse_args()
    figures = measure(asked.starts, asked.arrivals)
    rows: dict[str, dict[str, Any]] = {
        name: {
            **{str(size): statistics.median(values) for size, values in found.items()},
            "ratio": statistics.median(found[SIZES[1]]) / statistics.median(found[SIZES[0]]),
            "bar": BARS.get(name),
        }
        for name, found in figures.items()
    }
    if asked.json:
        print(json.dumps(rows))
    else:
        print(f"{'':36}{SIZES[0]:>12,}{SIZES[1]:>12,}{'ratio':>8}{'bar':>6}")
        for name, row in rows.items():
            small, large = row[str(SIZES[0])], row[str(SIZES[1])]
            print(f"{name:36}{small:12,.2f}{large:12,.2f}{row['ratio']:8.2f}{row['bar'] or '':>6}")
    return any(row["bar"] and row["ratio"] > row["bar"] + 0.005 for row in rows.values())


Figures = dict[str, dict[int, list[float]]]


def measure(starts: int, arrivals: int) -> Figures:
    """Every figure, by name and size of queue, as often as it was taken."""
    figures: Figures = {}

    def note(name: str, size: int, value: float) -> None:
        figures.setdefault(name, {}).setdefault(size, []).append(value)

    with tempfile.TemporaryDirectory() as folder:
        desks = {size: _desk(Path(folder), size) for size in SIZES}
        for start in range(starts + 1):
            for size, desk in desks.items():
                found = _start(desk, size)
                for name, value in found.items():
                    # The first start finds nothing in the disk's cache.
                    if start:
                        note(name, size, value)
        for size, desk in desks.items():
            for name, value in _steps(desk):
                note(name, size, value)
            for name, down in (("arrival", 0), ("arrival in the midst", size // 2)):
                for value in _arrivals(desk, arrivals, down):
                    note(f"{name}, CPU ms", size, value)
                work = asyncio.run(_counted_arrival(desk, down))
                note(f"{name}, statements", size, work.statements)
                note(f"{name}, steps", size, work.steps)
    return figures


def _desk(folder: Path, size: int) -> Path:
    """A workspace whose queue has so many articles."""
    desk = folder / str(size)
    desk.mkdir()
    (desk / "annotator.toml").write_text('reviewer = "ada"\n')
    store = Store.open(f"sqlite:///{desk / 'annotator.db'}")
    fill(store, size)
    store.close()
    return desk


def _shown(desk: Path) -> Terminal:
    command = [sys.executable, "-m", "annotator", "--workspace", str(desk), "review"]
    return Terminal(command)


def _start(desk: Path, size: int) -> dict[str, float]:
    with _shown(desk) as terminal:
        first_frame = terminal.wait_for(b"queue")
        first_row = terminal.wait_for(f"part {size}".encode())
        terminal.wait_until_quiet(0.6)
        return {
            "first frame, s": first_frame,
            "first row, s": first_row,
            "memory, MB": _memory(terminal.process.pid),
        }


def _steps(desk: Path) -> Iterator[tuple[str, float]]:
    """The CPU milliseconds and the bytes of steps down: each with a rest after it, then of one
    among twenty in half a second."""
    with _shown(desk) as terminal:
        terminal.wait_for(b" ready")
        terminal.wait_until_quiet(1.5)
        _wait_until_idle(terminal)
        idle = _cpu(terminal, 2.0, lambda: None) / 2
        for _ in range(_STEPS):
            written = len(terminal.output)
            spent = _cpu(terminal, 0.4, partial(terminal.type, "j")) - 0.4 * idle
            yield "a step down and a rest, CPU ms", 1000 * spent
            yield "a step down and a rest, bytes", float(len(terminal.output) - written)
        for _ in range(3):
            written, before = len(terminal.output), _used(terminal.process.pid)
            for _ in range(_STEPS):
                terminal.type("j")
                terminal.read(0.025)
            spent = _used(terminal.process.pid) - before
            yield "a quick step down, CPU ms", 1000 * spent / _STEPS
            yield "a quick step down, bytes", float(len(terminal.output) - written) / _STEPS
            terminal.wait_until_quiet(0.5)


def _arrivals(desk: Path, many: int, down: int) -> list[float]:
    """The CPU milliseconds of each arrival, with the cursor so many rows down, less what the same
    time costs with nothing happening."""
    store = Store.open(f"sqlite:///{desk / 'annotator.db'}")
    with _shown(desk) as terminal:
        terminal.wait_for(b" ready")
        terminal.wait_until_quiet(1.5)
        if down:
            # There is no key for going half way down, so the article there is looked for.
            terminal.type(f"/part {down}\r\x1b")
            terminal.wait_until_quiet(1.5)
            assert f"part {down}".encode() in terminal.output
        _wait_until_idle(terminal)
        spent = []
        for _ in range(many):
            number = store.queue.counts().articles + 1
            spent.append(_cpu(terminal, 1.0, partial(fill, store, 1, first=number)))
        idle = _cpu(terminal, 4.0, lambda: None) / 4
    store.close()
    return [(seconds - idle) * 1000 for seconds in spent]


def _wait_until_idle(terminal: Terminal) -> None:
    """What is loaded behind the first frame is no part of an arrival."""
    while _cpu(terminal, 1.0, lambda: None) > 0.05:
        pass


def _cpu(terminal: Terminal, seconds: float, act: Callable[[], None]) -> float:
    """CPU seconds of the program in the `seconds` after `act` is called."""
    before, until = _used(terminal.process.pid), time.perf_counter() + seconds
    act()
    while (left := until - time.perf_counter()) > 0:
        terminal.read(left)
    return _used(terminal.process.pid) - before


def _used(pid: int) -> float:
    """CPU seconds of a process so far, to the nanosecond."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def _memory(pid: int) -> float:
    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return resident * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _counted_arrival(desk: Path, down: int) -> Work:
    """What one arrival asks of the store, with the cursor so many rows down."""
    from tests.tui.desk import at_desk, fresh
    from tests.tui.held_clock import HeldClock

    store = Store.open(f"sqlite:///{desk / 'annotator.db'}")
    clock = HeldClock()
    clock.time = BEGAN
    async with at_desk(store, clock=clock) as shown:
        listed = shown.queue.rows.listed
        listed.move_to(down)
        await shown.until(lambda: listed.key is not None)
        await shown.pilot.pause()
        with counted(store) as work:
            fill(store, 1, first=store.queue.counts().articles + 1)
            await shown.until(lambda: "1 new arrival" in shown.bar("status"))
            await shown.until(lambda: fresh(shown))
            await shown.pilot.pause()
    store.close()
    return work


if __name__ == "__main__":
    sys.exit(main())
