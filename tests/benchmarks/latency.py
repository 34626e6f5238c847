"""The latency of a key in the whole app, from the key press to the last byte of the frame.

    python -m tests.benchmarks.latency [--keys 200] [--rounds 3] [--json]

`annotator review` runs in pseudo-terminals of 120x40, one for each article: 500, 5,000 and 50,000
words, and one paragraph of 50,000, all with their suggestions; beside them Textual's own TextArea
shows that paragraph. Keys go to the sizes in turn, so that what else the machine does falls on all
alike. Of each kind of key the best median of the rounds counts, and ratios are what is judged.

A frame has ended when nothing more is written for a while. What comes later belongs to no key: the
mark that a decision is on the disk, and what is remembered of the words in focus.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.long_articles import long_text, workspace
from tests.helpers.terminal import Terminal

SIZES = {"500": 500, "5000": 5_000, "50000": 50_000, "paragraph": 50_000}
PEER = "TextArea"
SCROLLED_BYTES = 9_000  # a whole view of text; a frame that did not scroll is far smaller
_GAP = 0.012
# Before a key: after a decision, what was decided before of the next words is still looked up.
_REST = 0.25
_SHORT_REST = 0.03
_HEADER_BYTES = 700
_TEXT_AREA = """
import pathlib, sys
from textual.app import App
from textual.widgets import TextArea
class Peer(App):
    def compose(self):
        text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
        area = TextArea(text, read_only=True)
        area.cursor_blink = False
        yield area
Peer().run()
"""
# Caret moves that end where they began, so that nothing scrolls.
_MOVES = ("w", "w", "j", "b", "k", "b")
Figures = dict[str, float]
_Pressed = tuple[float, int]


def measure(keys: int, rounds: int) -> Figures:
    """Medians in milliseconds by kind of key and size, bytes of a caret move, and the ratios."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        shown = {
            size: stack.enter_context(_open(Path(name) / size, words, size != "paragraph"))
            for size, words in SIZES.items()
        }
        shown[PEER] = stack.enter_context(_peer(Path(name) / "paragraph" / "inbox" / "1.txt"))
        best: Figures = {}
        for _ in range(rounds):
            for kind, value in _round(shown, keys).items():
                best[kind] = min(best.get(kind, value), value)
    return best | _ratios(best)


def _round(shown: dict[str, Terminal], keys: int) -> Figures:
    ours = {size: terminal for size, terminal in shown.items() if size != PEER}
    found: Figures = {}
    moves = _press(ours, _MOVES, keys, rest=_SHORT_REST)
    for size, pressed in moves.items():
        found[f"move, {size}"] = _median(pressed)
        found[f"bytes of a move, {size}"] = max(count for _, count in pressed)
    (peer,) = _press({PEER: shown[PEER]}, ("\x1b[C",), 10, gap=0.3).values()
    found[f"move, {PEER}"] = _median(peer)
    for size, pressed in _press(ours, ("a",), keys // 4).items():
        still = [one for one in pressed if one[1] <= SCROLLED_BYTES]
        scrolled = [one for one in pressed if one[1] > SCROLLED_BYTES]
        found[f"accept, {size}"] = _median(still)
        if scrolled:
            found[f"accept that scrolls, {size}"] = _median(scrolled)
    for size, pressed in _press(ours, ("u",), keys // 4).items():
        found[f"undo, {size}"] = _median(pressed)
    # Entities alone, of which each gets another label and the focus goes to the next.
    _press(ours, ("F", "e"), 2)
    for size, pressed in _press(ours, ("1", "2"), keys // 4).items():
        found[f"relabel, {size}"] = _median(pressed)
    _press(ours, ("u",), keys // 4)
    _press(ours, ("F", "*"), 2)
    return found


def _press(
    shown: dict[str, Terminal],
    keys: tuple[str, ...],
    count: int,
    *,
    gap: float = _GAP,
    rest: float = _REST,
) -> dict[str, list[_Pressed]]:
    """Each key's milliseconds and bytes, by terminal; the terminals take turns."""
    pressed: dict[str, list[_Pressed]] = {size: [] for size in shown}
    for number in range(count):
        for size, terminal in shown.items():
            terminal.wait_until_quiet(rest)
            before = len(terminal.output)
            began = last = time.perf_counter()
            terminal.type(keys[number % len(keys)])
            patience = 5.0
            while chunk := terminal.read(patience):
                if not _is_the_mark(chunk):
                    last = time.perf_counter()
                patience = gap
            pressed[size].append(((last - began) * 1000, len(terminal.output) - before))
    return pressed


def _is_the_mark(chunk: bytes) -> bool:
    """Whether this is a header drawn anew alone: the disk has what was decided."""
    return len(chunk) <= _HEADER_BYTES and "● saved".encode() in chunk


def _median(pressed: list[_Pressed]) -> float:
    return statistics.median(taken for taken, _ in pressed) if pressed else 0.0


def _ratios(best: Figures) -> Figures:
    """What the bars are about; at most 2, 15, 8, and a tenth."""
    one = best["move, 50000"]
    peer = best[f"move, {PEER}"]
    scrolls = best.get("accept that scrolls, 50000")
    return {
        "move at 50000 / at 500 (2)": one / best["move, 500"],
        **({"accept that scrolls / move (15)": scrolls / one} if scrolls else {}),
        "accept / move (8)": best["accept, 50000"] / one,
        **{
            f"{kind} in one paragraph / TextArea's move (0.1)": best[f"{kind}, paragraph"] / peer
            for kind in ("relabel", "undo", "accept")
        },
        "bytes of a move (1500)": max(best[f"bytes of a move, {size}"] for size in SIZES),
    }


def missed(figures: Figures) -> list[str]:
    """The names of the ratios that are above their bar, which stands in the name."""
    return [
        name
        for name, value in figures.items()
        if name.endswith(")") and value > float(name[name.rindex("(") + 1 : -1])
    ]


def _open(folder: Path, words: int, paragraphs: bool) -> Terminal:
    """The review screen on an article of its own."""
    folder.mkdir()
    workspace(folder, [long_text(words, paragraphs=paragraphs)])
    command = [sys.executable, "-m", "annotator", "--workspace", str(folder), "review"]
    terminal = Terminal(command)
    terminal.wait_for(b" words", 60)  # of the preview of its row
    terminal.wait_until_quiet(1.0)
    terminal.type("\r")
    terminal.wait_for(b"ENTITIES", 60)
    terminal.wait_until_quiet(1.0)
    # Away from the first line, where a key that moves up would have nothing to draw.
    terminal.type("n" * 8)
    terminal.wait_until_quiet(1.0)
    return terminal


def _peer(file: Path) -> Terminal:
    terminal = Terminal([sys.executable, "-c", _TEXT_AREA, str(file)])
    terminal.wait_until_quiet(15.0)
    return terminal


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--keys", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--json", action="store_true")
    asked = arguments.parse_args()
    figures = measure(asked.keys, asked.rounds)
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:52} {value:9.2f}" for name, value in figures.items()))
    return 1 if missed(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
