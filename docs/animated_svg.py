"""Terminal sessions as animated SVG: pure CSS, no script, no outside address.

A session is a sequence of shots. Each shows the rows of a terminal for some seconds, with the key
that was pressed and what it does below. A row that is the same in several shots is written once.
Viewers that do not animate, or whose user wants no motion, show the poster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from rich.cells import cell_len

CELL, LINE, SIZE = 8, 17, 13
"""Width and height of a cell, and the size of its letters."""
_TOP, _EDGE, _FOOT = 34, 10, 44
_BASE = 13
GROUND, _FRAME, _INK, _KEY = "#12141d", "#2b2f3d", "#d5d8e4", "#f5a742"
_WORDS = re.compile(r"\S+(?: \S+)*")
_FONT = "'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace"


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look: their colour, `#rrggbb`, and their shape."""

    ink: str = _INK
    bold: bool = False
    italic: bool = False
    underline: bool = False
    dim: bool = False

    def css(self) -> str:
        """The declarations of a style sheet."""
        said = [f"fill:{self.ink}"]
        said += ["font-weight:700"] * self.bold + ["font-style:italic"] * self.italic
        said += ["text-decoration:underline"] * self.underline + ["opacity:.6"] * self.dim
        return ";".join(said)


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one look on one ground; `cells` is how many columns they take."""

    text: str
    cells: int
    look: Look = Look()
    ground: str = GROUND


Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Shot:
    """What a terminal shows for some seconds; `key` was pressed, `says` what it did."""

    rows: tuple[Row, ...]
    seconds: float
    key: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A named sequence of shots; `poster` is the index of the one that stands for all."""

    title: str
    told: str
    columns: int
    lines: int
    shots: tuple[Shot, ...]
    poster: int = 0


def merged(shots: Iterable[Shot]) -> tuple[Shot, ...]:
    """The shots, with neighbours that show the same as one that lasts as long as they did."""
    return tuple(
        replace(first, seconds=round(first.seconds + sum(one.seconds for one in rest), 2))
        for _, group in groupby(shots, key=lambda one: (one.rows, one.key, one.says))
        for first, *rest in [list(group)]
    )


def animated(session: Session) -> str:
    """The session as an SVG that plays over and over."""
    total = sum(shot.seconds for shot in session.shots)
    styles = [
        f".f{{visibility:hidden;animation:{total:g}s step-end infinite}}",
        ".p{visibility:visible}",
        *_keyframes(session.shots, total),
        "@media (prefers-reduced-motion:reduce){.f{animation:none}}",
    ]
    return _svg(session, range(len(session.shots)), styles)


def still(session: Session, index: int) -> str:
    """One shot of the session as an SVG that stands still."""
    return _svg(replace(session, poster=index), [index], [])


def _keyframes(shots: Sequence[Shot], total: float) -> Iterator[str]:
    at = 0.0
    for number, shot in enumerate(shots):
        begin, end = (f"{100 * part / total:.3f}%" for part in (at, at + shot.seconds))
        before = "0%{visibility:hidden}" if number else ""
        after = f"{end},to{{visibility:hidden}}" if number + 1 < len(shots) else ""
        yield f"@keyframes k{number}{{{before}{begin}{{visibility:visible}}{after}}}"
        yield f".f{number}{{animation-name:k{number}}}"
        at += shot.seconds


def _svg(session: Session, shown: Iterable[int], styles: Sequence[str]) -> str:
    looks: dict[Look, str] = {}
    rows: dict[Row, str] = {}
    groups = [
        f'<g class="f f{number}{" p" * (number == session.poster)}">'
        f"{_uses(session.shots[number], rows)}{_caption(session, session.shots[number])}</g>"
        for number in shown
    ]
    defs = "".join(f'<g id="{name}">{_drawn(row, looks)}</g>' for row, name in rows.items())
    css = [f".{name}{{{look.css()}}}" for look, name in looks.items()]
    text = f"text{{font:{SIZE}px {_FONT};white-space:pre;fill:{_INK}}}"
    width = session.columns * CELL + 2 * _EDGE
    height = session.lines * LINE + _TOP + _FOOT + _EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'xml:space="preserve" role="img" aria-labelledby="title told">'
        f'<title id="title">{escape(session.title)}</title>'
        f'<desc id="told">{escape(session.told)}</desc>'
        f"<style>{text}{''.join(css)}{''.join(styles)}</style><defs>{defs}</defs>"
        f"{_window(session.title, width, height)}{''.join(groups)}</svg>\n"
    )


def _uses(shot: Shot, rows: dict[Row, str]) -> str:
    said = []
    for line, row in enumerate(shot.rows):
        if any(run.text.strip() or run.ground != GROUND for run in row):
            name = rows.setdefault(row, f"r{len(rows)}")
            said.append(f'<use href="#{name}" x="{_EDGE}" y="{_TOP + line * LINE}"/>')
    return "".join(said)


def _drawn(row: Row, looks: dict[Look, str]) -> str:
    said = []
    for ground, runs in groupby(_placed(row), key=lambda one: one[1].ground):
        placed = list(runs)
        begin, last = placed[0][0], placed[-1]
        if ground != GROUND:
            width = (last[0] + last[1].cells - begin) * CELL
            said.append(
                f'<rect x="{begin * CELL}" width="{width}" height="{LINE}" fill="{ground}"/>'
            )
    for at, run in _placed(row):
        name = looks.setdefault(run.look, f"c{len(looks)}") if run.text.strip() else ""
        said += [_words(at, run.text, found, name) for found in _WORDS.finditer(run.text)]
    return "".join(said)


def _words(at: int, text: str, found: re.Match[str], name: str) -> str:
    """Words within a run that starts at a cell; viewers close up several blanks, so there are
    none in it."""
    cells = cell_len(found[0])
    begin = (at + cell_len(text[: found.start()])) * CELL
    length = f' textLength="{cells * CELL}"' if cells > 1 else ""
    words = escape(found[0], quote=False)
    return f'<text x="{begin}" y="{_BASE}" class="{name}"{length}>{words}</text>'


def _placed(row: Row) -> Iterator[tuple[int, Run]]:
    at = 0
    for run in row:
        yield at, run
        at += run.cells


def _window(title: str, width: int, height: int) -> str:
    dots = "".join(
        f'<circle cx="{20 + 18 * n}" cy="17" r="5" fill="{colour}"/>'
        for n, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    foot = height - _FOOT
    return (
        f'<rect width="{width}" height="{height}" rx="8" fill="{GROUND}"/>'
        f'<path d="M0 26V8a8 8 0 0 1 8-8H{width - 8}a8 8 0 0 1 8 8V26z" fill="{_FRAME}"/>{dots}'
        f'<text x="{width / 2:g}" y="18" text-anchor="middle">{escape(title)}</text>'
        f'<path d="M0 {foot}H{width}V{height - 8}a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8z" fill="{_FRAME}"/>'
    )


def _caption(session: Session, shot: Shot) -> str:
    """The key and what it did, below the terminal."""
    top = session.lines * LINE + _TOP + _EDGE
    at, said = _EDGE, ""
    if shot.key:
        cap = max(3, len(shot.key) + 2) * CELL
        said += (
            f'<rect x="{at}" y="{top + 9}" width="{cap}" height="26" rx="5" fill="{_KEY}"/>'
            f'<text x="{at + cap / 2:g}" y="{top + 27}" text-anchor="middle" '
            f'style="fill:{GROUND};font-weight:700">{escape(shot.key)}</text>'
        )
        at += cap + 12
    if shot.says:
        said += f'<text x="{at}" y="{top + 27}" style="font-size:15px">{escape(shot.says)}</text>'
    return said
