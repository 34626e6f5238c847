"""Fewer bytes draw the same cells in the same styles."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from annotator.tui.terminal.sgr import shortened

_COLOURS = st.none() | st.sampled_from(["#102030", "#ffffff", "color(9)", "color(130)", "red"])
_FLAGS = st.none() | st.booleans()
_STYLES = st.builds(
    Style,
    color=_COLOURS,
    bgcolor=_COLOURS,
    bold=_FLAGS,
    dim=_FLAGS,
    italic=_FLAGS,
    underline=_FLAGS,
    reverse=_FLAGS,
    strike=_FLAGS,
)
_MOVES = ["\x1b[3;14H", "\x1b[2;90H\n\x1b[3;1H", "\x1b[3;1Hx", "\r\n", "\n"]
_TEXTS = st.sampled_from(["", "a", "say so", "─", "m[1m", "\x1b[K", *_MOVES])
_PIECES = st.lists(st.tuples(_STYLES, _TEXTS, st.booleans()), max_size=12)


def _drawn(pieces: list[tuple[Style, str, bool]]) -> str:
    return "".join(style.render(text) if styled else text for style, text, styled in pieces)


@given(_PIECES)
def test_every_character_keeps_its_style(pieces: list[tuple[Style, str, bool]]) -> None:
    written = _drawn(pieces)
    assert _cells(shortened(written)) == _cells(written)
    assert len(shortened(written)) <= len(written)


@given(_PIECES, _PIECES)
def test_later_text_keeps_its_style(
    before: list[tuple[Style, str, bool]], after: list[tuple[Style, str, bool]]
) -> None:
    one, other = _drawn(before), _drawn(after)
    assert _cells(shortened(one) + shortened(other)) == _cells(one + other)


def test_one_ground_is_written_once() -> None:
    ground = "on #101010"
    words = [("a", f"bold #aa0000 {ground}"), (" accept", f"#cccccc {ground}")]
    written = "".join(Style.parse(style).render(text) for text, style in words)
    assert shortened(written) == (
        "\x1b[1;38;2;170;0;0;48;2;16;16;16ma\x1b[22;38;2;204;204;204m accept\x1b[0m"
    )


def test_unknown_values_stay() -> None:
    for numbers in ("10", "38;7;1", "38;5", "48;2;1;2", "58;2;1;2;3"):
        written = f"\x1b[1mb\x1b[0m\x1b[{numbers}mx\x1b[0m\x1b[31my\x1b[0m"
        assert shortened(written) == written


_Cell = tuple[str, tuple[int, int], frozenset[str]]


def _cells(written: str) -> list[_Cell]:
    """Each character, or other sequence, with its place and the style in force: an interpreter of
    its own, which knows styles by the rules of ECMA-48."""
    cells: list[_Cell] = []
    style = frozenset[str]()
    line = column = 1
    for one in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|\r?\n|.", written):
        if one.endswith("\n"):
            line, column = line + 1, 1
        elif len(one) > 1 and one.endswith("H"):
            line, column = map(int, one[2:-1].split(";"))
        elif len(one) > 1 and one.endswith("m"):
            style = _after(style, one[2:-1])
        else:
            cells.append((one, (line, column), style))
            column += len(one) == 1
    return cells


def _after(style: frozenset[str], numbers: str) -> frozenset[str]:
    """A style after a sequence, as the numbers that are in force; a colour is one of them."""
    whole = re.sub(r"([34]8);(2;\d+;\d+;\d+|5;\d+)", lambda m: m[0].replace(";", ":"), numbers)
    for number in whole.split(";"):
        match number:
            case "0" | "":
                style = frozenset()
            case "22":
                style -= {"1", "2"}
            case "23" | "24" | "25" | "27" | "28" | "29":
                style -= {number[1]}
            case _:
                style = frozenset(one for one in style if _kind(one) != _kind(number))
                style |= {number} - {"39", "49"}
    return style


def _kind(number: str) -> str:
    """What a number sets: the colour of letters, that of their ground, or something of its own."""
    if len(number) == 1:
        return number
    return "letters" if number[0] in "39" else "ground"
