"""Records terminal sessions from the real app as animated SVG, for the README and the pages.

    .venv/bin/python docs/make_sessions.py [NAME...]

Keys are pressed in the real screens over the sample articles, as in make_pictures.py. Each step
says what its keys do, and words that the screen shows afterwards: the script stops where a change
of the screens makes a session wrong. What is written, or those of it that are named:
session-first.svg, session-claim.svg and session-outlets.svg, beside this file. Time stands still,
so that the same program makes the same sessions.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from animated_svg import GROUND, Look, Row, Run, Session, Shot, animated, merged  # noqa: E402
from make_pictures import setup_in, story_in  # noqa: E402
from rich.color import Color  # noqa: E402
from rich.segment import Segment  # noqa: E402
from rich.style import Style  # noqa: E402
from textual.pilot import Pilot  # noqa: E402

from annotator.cli.review_screens import words_at_the_end  # noqa: E402
from annotator.core.watcher_status import Heartbeat, WatcherStatus  # noqa: E402
from annotator.tui.app import AnnotatorApp  # noqa: E402
from annotator.tui.app_setup import AppSetup  # noqa: E402
from annotator.tui.clock import Clock  # noqa: E402

COLUMNS, LINES = 100, 30
_READ = 0.06
"""Seconds that a character of an explanation takes to read."""
_PROMPT = Look("#68fbd0", bold=True)


_CALM = 12
"""So many looks at a screen, a twentieth of a second apart, show that it has settled."""


@dataclass(frozen=True, slots=True)
class Step:
    """Keys that are pressed one after the other, what they do, and what is shown after them."""

    keys: Sequence[str]
    says: str
    shows: str = ""
    each: float = 0.8
    """Seconds that what each key but the last brings is shown; the last one for as long as the
    words take to read."""


@dataclass(frozen=True, slots=True)
class Script:
    """A session: its steps over a workspace, and the command lines before and after them."""

    name: str
    title: str
    told: str
    make: Callable[[Path], AppSetup]
    steps: Sequence[Step]
    poster: str
    """Words that are shown first in the shot that stands for all."""
    before: str = ""
    after: Sequence[str] = ()


FIRST = Script(
    name="session-first",
    title="annotator run: the first minutes",
    told="annotator run opens a queue of eight articles. In one of them names are accepted, a "
    "label and the edges of a date are corrected, each by single keys; the sure rest is accepted "
    "at once, the unsure claims one by one. The finished review is exported as a dataset.",
    make=setup_in,
    before="annotator run",
    after=("annotator export --dataset exports/news", "ls exports/news"),
    poster="corrected GPE",
    steps=(
        Step((), "The queue: articles that the pipeline has read, waiting for you", "articles", 2),
        Step(("j", "j", "j"), "Down to an article; below the list is how it begins", "levant"),
        Step(("enter",), "Open it: all that is suggested is marked and listed", "ENTITIES", 2),
        Step(("a",) * 6, "Right: accept, and on to the next", "accepted DATE"),
        Step(("3",), "Wrong label: Washington is no person but a place, 3", "corrected GPE", 2),
        Step(("f", "2"), "Jump to a word by its first letters: 2017", "DATE  2017", 1.6),
        Step(("[", "[", "["), "Its left edge a word further out: the summer of 2017", "summer of"),
        Step(("]",), "One too many: back in", "corrected DATE", 1.0),
        Step(
            ("A",), "All the rest? It says what is unsure and what you have not seen", "Accept all"
        ),
        Step(("s",), "Only the sure ones", "decided", 2),
        Step(("a", "a"), "The unsure ones one by one: accept, accept", "Nothing is open", 1.6),
        Step(("enter",), "Finish; the next article opens", "Finished:", 2),
        Step(("q",), "Back to the queue; every key press was saved at once", "1 finished", 2),
    ),
)
CLAIM = Script(
    name="session-claim",
    title="annotator: correct a claim",
    told="A claim whose content runs too far and whose source lacks the rank of the speaker is "
    "corrected by keys: a jump to the last word of the content, the left edge of the source a word "
    "out. In a second one the cue becomes shorter.",
    make=setup_in,
    poster="✎ Col. Sean",
    steps=(
        Step(("n",), "An article that is ready; claims are listed below the names", "CLAIMS", 2),
        Step(("f", "s", "e"), "Jump to a word by its first letters: Sean", "PERSON  Sean Ryan"),
        Step(
            ("tab",), "The claim around it: who says it, what is said, the words between", "claim →"
        ),
        Step(("tab",), "Its content; it should end at 'under way'", "content →", 1.6),
        Step(
            ("f", "{", "w", "a", "y"), "The right edge to a word by its first letters", "corrected"
        ),
        Step(("tab", "tab"), "On to the cue and the source", "source →", 1.0),
        Step(("[", "["), "The left edge outwards: Col. Sean Ryan", "✎ Col. Sean"),
        Step(("t",), "Stance, kind of source, quotation, certainty, check-worthy", "stance", 2),
        Step(("y",), "Worth checking", "corrected claim", 2),
        Step(("n", "tab", "tab", "tab"), "The next claim, and its cue: 'later told'", "cue", 1.0),
        Step(("]",), "The left edge a word in: told", "corrected claim", 2),
        Step(("u",), "u takes back any step, also after the article is finished", "Undone", 2),
    ),
)
OUTLETS = Script(
    name="session-outlets",
    title="annotator: one event, four outlets",
    told="A board shows the claims of four outlets on one event side by side. Two accounts of "
    "where a fire started are tied as a contradiction, a proposed pair is skipped, and the "
    "article opens at a claim.",
    make=story_in,
    poster="Tied: contradicts",
    steps=(
        Step((), "Four reviewed articles on one event, by four outlets", "ferry", 2),
        Step(("S",), "The stories: articles on one event", "Stories", 2),
        Step(
            ("enter",), "The board: what is said downwards, who says it across", "propositions", 3
        ),
        Step(
            ("j",), "Where did the fire start? Two accounts, and a proposed pair below", "galley", 3
        ),
        Step(
            ("!",), "They contradict each other: now a conflict, no longer a question", "Tied:", 3
        ),
        Step(("n",), "Not this pair: the next one", "142 proposed", 1.5),
        Step(("j", "j"), "Down the board", "12 February", 1.2),
        Step(("enter",), "The article, at the claim", "ENTITIES", 3),
        Step(("q",), "And back to the board", "propositions", 2),
    ),
)
SCRIPTS = (FIRST, CLAIM, OUTLETS)


class LaterClock(Clock):
    """A clock that stands five minutes after it was made: articles were added *5 min ago*."""

    def __init__(self) -> None:
        super().__init__()
        self._standing = datetime.now(UTC) + timedelta(minutes=5)

    def now(self) -> datetime:
        return self._standing


async def recorded(script: Script, folder: Path, *, calm: int = _CALM) -> tuple[Shot, ...]:
    """What a terminal shows while the keys of a script are pressed, each once the screen has not
    changed in so many looks. Raises ValueError where it does not show what a step says."""
    setup = _later(script.make(folder))
    try:
        app = AnnotatorApp(lambda: setup)
        async with app.run_test(size=(COLUMNS, LINES)) as pilot:
            shots = [one for step in script.steps for one in await _taken(pilot, step, calm)]
        ended = words_at_the_end(setup).replace(f"{folder}{os.sep}", "")
    finally:
        setup.store.close()
    before = _typed((), script.before, "In a terminal") if script.before else ()
    return (*before, *shots, *_commands(script, folder, ended))


def _later(setup: AppSetup) -> AppSetup:
    clock = LaterClock()
    watching = WatcherStatus(scanned_seconds_ago=3)
    setup.store.watcher.beat(Heartbeat(clock.now(), 1, clock.now(), watching))
    return replace(setup, clock=clock)


async def _taken(pilot: Pilot[None], step: Step, calm: int) -> list[Shot]:
    shots = []
    for number, key in enumerate(step.keys or ("",)):
        if key:
            await pilot.press(key)
        rows = await _settled(pilot, "" if number + 1 < len(step.keys) else step.shows, calm)
        is_last = number + 1 >= len(step.keys)
        seconds = 1.0 + _READ * len(step.says) if is_last else step.each
        shots.append(Shot(rows, round(seconds, 1), _named(key), step.says))
    return shots


async def _settled(pilot: Pilot[None], shows: str, calm: int) -> tuple[Row, ...]:
    """The rows of the screen once it shows these words and has not changed for a while."""
    seen, rows = 0, _rows(pilot.app)
    for _ in range(400):
        await pilot.pause(0.05)
        now = _rows(pilot.app)
        seen, rows = (seen + 1 if now == rows else 0), now
        if seen >= calm and not getattr(pilot.app.screen, "is_reading", False):
            if shows in text_of(rows):
                return rows
            if seen >= 100:
                break
    raise ValueError(f"The screen does not show {shows!r}:\n{text_of(rows)}")


def text_of(rows: Iterable[Row]) -> str:
    """The characters of rows, as lines."""
    return "\n".join("".join(run.text for run in row) for row in rows)


def _rows(app: object) -> tuple[Row, ...]:
    assert isinstance(app, AnnotatorApp)
    return tuple(
        tuple(map(_run, Segment.simplify(strip)))
        for strip in app.screen._compositor.render_strips()
    )


def _run(segment: Segment) -> Run:
    style = segment.style or Style.null()
    ink, ground = _hex(style.color, Look().ink), _hex(style.bgcolor, GROUND)
    if style.reverse:
        ink, ground = ground, ink
    look = Look(ink, bool(style.bold), bool(style.italic), bool(style.underline), bool(style.dim))
    return Run(segment.text, segment.cell_length, look, ground)


def _hex(color: Color | None, default: str) -> str:
    return default if color is None or color.is_default else color.get_truecolor().hex


def _named(key: str) -> str:
    named = {"comma": ",", "semicolon": ";", "equals_sign": "=", "exclamation_mark": "!"}
    return named.get(key, key)


def _commands(script: Script, folder: Path, ended: str) -> Iterator[Shot]:
    """The command lines after the screens, each typed and then with what it prints."""
    if not script.after:
        return
    (folder / "annotator.toml").write_text("", encoding="utf-8")
    (folder / "exports").mkdir(exist_ok=True)
    shown = [_prompt(script.before, caret=False), _plain(ended)]
    for line in script.after:
        yield from _typed(shown, line, "The finished reviews as a dataset")
        said = _said_by(line, folder)
        shown += [_prompt(line, caret=False), *map(_plain, said.splitlines())]
    yield Shot((*shown, _prompt("")), 5.0, "", "The finished reviews as a dataset")


def _said_by(line: str, folder: Path) -> str:
    """What a command line prints in a folder, on both streams."""
    python = [sys.executable, "-m", "annotator"]
    program, *words = line.split()
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "COLUMNS": str(COLUMNS - 4)}
    command = [*python, *words] if program == "annotator" else [program, "-C", "-T0", *words]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ValueError(f"{line} failed: {done.stderr}")
    return done.stdout + done.stderr


def _typed(shown: Sequence[Row], line: str, says: str = "") -> tuple[Shot, ...]:
    """A command line as it is typed, below what is shown."""
    parts = ((0, 0.8), (len(line) // 2, 0.3), (len(line), 1.2))
    return tuple(Shot((*shown, _prompt(line[:end])), time, "", says) for end, time in parts)


def _plain(line: str) -> Row:
    return (Run(line, len(line)),)


def _prompt(typed: str, *, caret: bool = True) -> Row:
    words = [Run(typed, len(typed))] if typed else []
    block = [Run(" ", 1, ground=Look().ink)] if caret else []
    return (Run("$ ", 2, _PROMPT), *words, *block)


def session(script: Script) -> Session:
    """The session that a script makes."""
    with tempfile.TemporaryDirectory() as folder:
        shots = merged(asyncio.run(recorded(script, Path(folder))))
    poster = next(n for n, shot in enumerate(shots) if script.poster in text_of(shot.rows))
    return Session(script.title, script.told, COLUMNS, LINES, shots, poster)


def main() -> None:
    names = sys.argv[1:]
    for script in SCRIPTS:
        if not names or script.name in names:
            file = HERE / f"{script.name}.svg"
            file.write_text(animated(session(script)), encoding="utf-8")


if __name__ == "__main__":
    main()
