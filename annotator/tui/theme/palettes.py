"""The palettes: every theme for terminals with all colours, with 256, with 16 and with none.

Each is made by hand. The tests measure the contrast of every pair of colours as the terminal shows
it, and how far the colours of labels are apart (`tests/unit/test_colours.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from annotator.tui.theme.cube import handed
from annotator.tui.theme.designs import Design, Grounds, Palette
from annotator.tui.theme.inks import (
    CONTRAST_LIGHT_256_INKS,
    CONTRAST_LIGHT_INKS,
    DARK_256_INKS,
    DARK_INKS,
    LIGHT_256_INKS,
    LIGHT_INKS,
    SIXTEEN_INKS,
)


def _tints(*numbers: int) -> tuple[str, ...]:
    return tuple(handed(number) for number in numbers)


def _contents(*numbers: int) -> tuple[str, str, str, str, str]:
    unsure, one, two, three, focused = _tints(*numbers)
    return unsure, one, two, three, focused


DARK = Palette(
    name="dark",
    design=Design.TINT,
    dark=True,
    background="#12141d",
    panel="#1d202d",
    foreground="#d5d8e4",
    muted="#9297ab",
    accent="#f5a742",
    good="#3dc48b",
    bad="#f7768e",
    info="#7aa2f7",
    claim="#b49cf5",
    source="#f59ac8",
    selection="#3b4a75",
    inks=DARK_INKS,
)
LIGHT = Palette(
    name="light",
    design=Design.TINT,
    dark=False,
    background="#fbfaf7",
    panel="#eceae4",
    foreground="#22242c",
    muted="#666a78",
    accent="#9a5200",
    good="#0f6b45",
    bad="#b3253f",
    info="#2450b5",
    claim="#6236c4",
    source="#a8246f",
    selection="#bcd0f7",
    strength=1.25,
    inks=LIGHT_INKS,
)
# AAA of WCAG 2.1 asks for 7:1.
CONTRAST = replace(
    DARK,
    name="contrast",
    background="#000000",
    panel="#1c1c1c",
    foreground="#ffffff",
    muted="#b4b4b4",
    accent="#ffc21a",
    good="#4cf0a6",
    bad="#ff8496",
    info="#8fb8ff",
    claim="#c9b5ff",
    source="#ffb0d9",
    selection="#24407f",
    strength=0.6,
    least=7.0,
)
CONTRAST_LIGHT = replace(
    LIGHT,
    name="contrast-light",
    background="#ffffff",
    panel="#ececec",
    foreground="#000000",
    muted="#44464e",
    accent="#6b3300",
    good="#00492c",
    bad="#8c0020",
    info="#0f3390",
    claim="#4a149c",
    source="#7d0a4e",
    selection="#c3d6ff",
    strength=0.6,
    least=7.0,
    inks=CONTRAST_LIGHT_INKS,
)

# Dark tints of the cube are garish, so that the dark themes tint with greys; the focused content
# alone has a colour.
DARK_256 = replace(
    DARK,
    name="dark-256",
    design=Design.CUBE,
    background=handed(233),
    panel=handed(235),
    foreground=handed(252),
    muted=handed(246),
    accent=handed(214),
    good=handed(78),
    bad=handed(210),
    info=handed(111),
    claim=handed(147),
    source=handed(218),
    selection=handed(24),
    inks=DARK_256_INKS,
    grounds=Grounds(
        contents=_contents(234, 235, 236, 236, 17),
        open=(),
        decided=_tints(237),
        hit=handed(94),
        focus=handed(239),
        cursor=handed(238),
    ),
)
LIGHT_256 = replace(
    LIGHT,
    name="light-256",
    design=Design.CUBE,
    background=handed(231),
    panel=handed(255),
    foreground=handed(235),
    muted=handed(241),
    accent=handed(94),
    good=handed(22),
    bad=handed(124),
    info=handed(25),
    claim=handed(55),
    source=handed(126),
    selection=handed(153),
    inks=LIGHT_256_INKS,
    grounds=Grounds(
        contents=_contents(255, 189, 183, 147, 183),
        open=_tints(254, 224, 223, 230, 194, 195, 225),
        decided=_tints(252, 217, 222, 229, 157, 159, 219),
        hit=handed(222),
        focus=handed(252),
        cursor=handed(189),
    ),
)
CONTRAST_256 = replace(
    CONTRAST,
    name="contrast-256",
    design=Design.CUBE,
    background=handed(16),
    panel=handed(234),
    foreground=handed(231),
    muted=handed(250),
    accent=handed(220),
    good=handed(84),
    bad=handed(217),
    info=handed(153),
    claim=handed(183),
    source=handed(218),
    selection=handed(18),
    inks=DARK_256_INKS,
    grounds=Grounds(
        contents=_contents(233, 234, 235, 235, 17),
        open=(),
        decided=_tints(235),
        hit=handed(52),
        focus=handed(239),
        cursor=handed(238),
    ),
)
CONTRAST_LIGHT_256 = replace(
    CONTRAST_LIGHT,
    name="contrast-light-256",
    design=Design.CUBE,
    background=handed(231),
    panel=handed(255),
    foreground=handed(16),
    muted=handed(238),
    accent=handed(52),
    good=handed(22),
    bad=handed(88),
    info=handed(18),
    claim=handed(54),
    source=handed(89),
    selection=handed(153),
    inks=CONTRAST_LIGHT_256_INKS,
    grounds=Grounds(
        contents=_contents(255, 189, 183, 147, 225),
        open=(),
        decided=_tints(253, 224, 229, 194, 195),
        hit=handed(222),
        focus=handed(252),
        cursor=handed(189),
    ),
)

TERMINAL = Palette(
    name="terminal",
    design=Design.SIXTEEN,
    dark=True,
    background="default",
    panel="default",
    foreground="default",
    muted="default",
    accent="bright_yellow",
    good="bright_green",
    bad="bright_red",
    info="bright_cyan",
    claim="bright_magenta",
    source="bright_cyan",
    selection="default",
    inks=SIXTEEN_INKS,
)
TERMINAL_LIGHT = replace(
    TERMINAL,
    name="terminal-light",
    dark=False,
    inks={},
    accent="red",
    good="blue",
    bad="red",
    info="blue",
    claim="magenta",
    source="blue",
)
PLAIN = replace(
    TERMINAL,
    name="plain",
    design=Design.PLAIN,
    accent="default",
    good="default",
    bad="default",
    info="default",
    claim="default",
    source="default",
)
TINTED = (DARK, LIGHT, CONTRAST, CONTRAST_LIGHT)
IN_CUBE = (DARK_256, LIGHT_256, CONTRAST_256, CONTRAST_LIGHT_256)
PALETTES: Mapping[str, Palette] = {
    palette.name: palette for palette in (*TINTED, *IN_CUBE, TERMINAL, TERMINAL_LIGHT, PLAIN)
}
"""Every palette by its name; one of 256 colours is named `dark-256`, for example."""
