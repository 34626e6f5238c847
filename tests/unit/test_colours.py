"""Every look is readable in every theme, and important differences do not depend on colour."""

from __future__ import annotations

import itertools
from functools import cache
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from annotator.core.states import ItemState
from annotator.tui.theme.colours import Painter, label_style
from annotator.tui.theme.contrast import LEAST_CONTRAST, contrast, mix, readable
from annotator.tui.theme.cube import handed, number_of
from annotator.tui.theme.designs import TONES, Palette
from annotator.tui.theme.looks import Gutter, Look
from annotator.tui.theme.palettes import IN_CUBE, PALETTES
from annotator.tui.theme.themes import THEMES, choices, palette_for, theme_for, themes
from tests.helpers.drawn_colours import LABELS, drawn

OPEN, ACCEPTED, CORRECTED, ADDED, REJECTED = ItemState
NAMED = (
    *("background", "panel", "foreground", "muted", "accent", "good", "bad", "info"),
    *("claim", "source", "selection"),
)
known_contrast = cache(contrast)
# What is added looks like what was corrected.
ENTITIES = [
    Look(label=name, entity=status) for name in LABELS for status in ItemState if status != ADDED
]


class Differences(TypedDict, total=False):
    """What differs in a `Look`."""

    content: int
    content_status: ItemState
    cue: ItemState
    source: ItemState
    junk: ItemState
    focus: int
    hit: bool
    selected: bool
    caret: bool


SURROUNDINGS: list[Differences] = [
    {},
    {"content": 1, "content_status": OPEN},
    {"content": 3, "content_status": OPEN},
    {"content_status": REJECTED},
    {"source": OPEN},
    {"source": REJECTED},
    {"cue": OPEN},
    {"cue": REJECTED, "content": 1},
    {"junk": ACCEPTED},
    {"source": ACCEPTED, "content": 2},
]
STATES: list[Differences] = [
    {},
    {"focus": 1},
    {"focus": 2},
    {"hit": True},
    {"selected": True},
    {"selected": True, "focus": 2},
    {"caret": True},
]
palettes = pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
hex_colors = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def ratio(style: Style, palette: Palette) -> float:
    """Contrast of a style as a terminal of a theme shows it."""
    return known_contrast(*drawn(style, palette))


def attributes(style: Style) -> tuple[bool | None, ...]:
    return (
        *(style.bold, style.italic, style.underline),
        *(style.overline, style.strike, style.dim, style.reverse),
    )


@palettes
def test_every_look_has_enough_contrast(palette: Palette) -> None:
    painter = Painter(palette, LABELS)
    poor = [
        (look, active)
        for base in (Look(), *ENTITIES)
        for around, state in itertools.product(SURROUNDINGS, STATES)
        for active in ((True, False) if "caret" in state else (True,))
        for look in [base._replace(**around)._replace(**state)]
        if ratio(painter.style(look, active=active), palette) < palette.least
    ]
    assert poor == []


@palettes
def test_every_word_beside_the_article_has_enough_contrast(palette: Palette) -> None:
    painter = Painter(palette, LABELS)
    names = (*TONES, *(f"label:{name}" for name in LABELS))
    styles = [
        painter.tone(name, under_cursor=under_cursor, on_panel=on_panel)
        for name in names
        for under_cursor in (True, False)
        for on_panel in (True, False)
    ]
    margin = [
        style
        for bar in (None, *ItemState)
        for _, style in painter.gutter(Gutter(bar=bar, junk=True, open=True, focus=True))
    ]
    for style in (*styles, *margin, painter.hint()):
        assert ratio(style, palette) >= palette.least


@given(hex_colors, hex_colors)
def test_any_colour_can_be_made_readable_on_any_ground(color: str, ground: str) -> None:
    assert contrast(readable(color, ground), ground) >= LEAST_CONTRAST


@given(hex_colors, hex_colors)
def test_a_readable_colour_is_unchanged(color: str, ground: str) -> None:
    if contrast(color, ground) >= LEAST_CONTRAST:
        assert readable(color, ground) == color


def test_contrast_follows_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


@palettes
def test_states_of_an_entity_differ_without_colour(palette: Palette) -> None:
    shapes = {
        status: attributes(label_style(LABELS["ORG"], status, palette))
        for status in (OPEN, ACCEPTED, CORRECTED, REJECTED)
    }
    assert len(set(shapes.values())) == 4
    assert shapes[CORRECTED] == attributes(label_style(LABELS["ORG"], ADDED, palette))


@pytest.mark.parametrize("name", ["plain", "terminal", "terminal-light"])
@pytest.mark.parametrize(
    "around", [{}, {"content": 1, "content_status": OPEN}, {"source": OPEN}], ids=str
)
def test_states_differ_inside_claims_too(name: str, around: Differences) -> None:
    painter = Painter(PALETTES[name], LABELS)
    looks = [
        Look(label="ORG", entity=status)._replace(**around)
        for status in (OPEN, ACCEPTED, CORRECTED, REJECTED)
    ]
    assert len({attributes(painter.style(look)) for look in looks}) == 4


@pytest.mark.parametrize("name", ["plain", "terminal", "terminal-light"])
def test_parts_of_a_claim_differ_without_colour(name: str) -> None:
    painter = Painter(PALETTES[name], LABELS)
    parts = [
        Look(),
        Look(content=1, content_status=ACCEPTED),
        Look(cue=ACCEPTED),
        Look(source=ACCEPTED),
        Look(junk=ACCEPTED),
        Look(label="ORG", entity=ACCEPTED),
    ]
    assert len({attributes(painter.style(look)) for look in parts}) == len(parts)


@palettes
def test_rejected_items_are_struck_through(palette: Palette) -> None:
    painter = Painter(palette, LABELS)
    for look in (
        Look(label="ORG", entity=REJECTED),
        Look(content_status=REJECTED),
        Look(source=REJECTED),
        Look(cue=REJECTED),
    ):
        assert painter.style(look).strike
    for look in (Look(label="ORG", entity=OPEN), Look(source=OPEN), Look(cue=OPEN)):
        assert not painter.style(look).strike


@palettes
def test_caret_selection_and_focus_are_visible(palette: Palette) -> None:
    painter = Painter(palette, LABELS)
    for look in (
        Look(),
        Look(content=1, content_status=OPEN),
        Look(source=OPEN),
        Look(cue=OPEN),
        Look(label="ORG", entity=OPEN, source=OPEN),
    ):
        for state in STATES[1:]:
            changed = look._replace(**state)
            assert painter.style(changed) != painter.style(look)
            if "caret" not in state:
                assert painter.style(changed._replace(caret=True)) != painter.style(changed)
    caret = Look(caret=True)
    assert painter.style(caret, active=False).underline
    assert painter.style(caret, active=False) != painter.style(caret)


@palettes
@pytest.mark.parametrize("part", [Look(source=OPEN), Look(cue=OPEN)], ids=["source", "cue"])
def test_the_focused_part_differs_from_the_rest_of_its_claim(palette: Palette, part: Look) -> None:
    painter = Painter(palette, LABELS)
    shapes = {painter.style(part._replace(focus=focus)) for focus in range(3)}
    assert len(shapes) == 3


@palettes
def test_the_margin_distinguishes_states_of_claims(palette: Palette) -> None:
    painter = Painter(palette)
    signs = {
        tuple(sign for sign, _ in painter.gutter(gutter))
        for gutter in (
            Gutter(),
            Gutter(bar=OPEN, open=True),
            Gutter(bar=ACCEPTED),
            Gutter(bar=CORRECTED),
            Gutter(junk=True),
        )
    }
    assert signs == {(" ", " "), ("▎", "•"), ("▎", " "), ("▌", " "), ("┊", " ")}


def test_the_plain_design_has_no_colour() -> None:
    painter = Painter(PALETTES["plain"], LABELS)
    for base in ENTITIES:
        for around in SURROUNDINGS:
            style = painter.style(base._replace(**around))
            assert style.color is None
            assert style.bgcolor is None


@pytest.mark.parametrize("name", ["terminal", "terminal-light"])
def test_sixteen_colours_are_those_of_the_terminal(name: str) -> None:
    painter = Painter(PALETTES[name], LABELS)
    for look in ENTITIES:
        style = painter.style(look)
        assert style.bgcolor is None
        assert style.color is None or style.color.number in range(16)


@pytest.mark.parametrize(
    ("wanted", "environment", "colors", "name"),
    [
        (None, {}, "truecolor", "dark"),
        ("light", {}, "256", "light-256"),
        (None, {}, "256", "dark-256"),
        ("contrast-light", {}, "256", "contrast-light-256"),
        ("contrast-light", {}, "standard", "terminal-light"),
        ("light-256", {}, "truecolor", "dark"),
        ("light", {"NO_COLOR": "1"}, "truecolor", "plain"),
        (None, {"NO_COLOR": ""}, None, "dark"),
        ("light", {}, "standard", "terminal-light"),
        ("contrast", {}, "standard", "terminal"),
        ("terminal", {}, "truecolor", "terminal"),
        ("nonsense", {}, "truecolor", "dark"),
    ],
)
def test_the_theme_is_the_one_the_terminal_can_show(
    wanted: str | None, environment: dict[str, str], colors: str | None, name: str
) -> None:
    assert theme_for(wanted, environment, colors) == name


def test_every_palette_is_a_theme() -> None:
    assert [theme.name for theme in themes()] == list(PALETTES)
    assert {theme.name for theme in themes() if theme.ansi} == {
        name for name, palette in PALETTES.items() if not palette.is_tinted
    }


@pytest.mark.parametrize("theme", BUILTIN_THEMES.values(), ids=list(BUILTIN_THEMES))
def test_other_themes_are_readable_too(theme: Theme) -> None:
    palette = palette_for(theme)
    painter = Painter(palette, LABELS)
    for look in (Look(), *ENTITIES):
        assert ratio(painter.style(look), palette) >= LEAST_CONTRAST


def test_every_colour_of_the_256_but_four_greys_can_be_handed_on() -> None:
    left_out = (59, 102, 145, 188)
    assert all(number_of(handed(n)) == n for n in range(16, 256) if n not in left_out)
    for number in left_out:
        with pytest.raises(ValueError, match=str(number)):
            handed(number)


@pytest.mark.parametrize("palette", IN_CUBE, ids=lambda palette: palette.name)
def test_themes_of_256_colours_name_colours_that_are_shown_as_named(palette: Palette) -> None:
    named = {getattr(palette, tone) for tone in NAMED} | set(palette.inks.values())
    assert palette.grounds is not None
    grounds = palette.grounds
    named |= {*grounds.contents, *grounds.open, *grounds.decided}
    named |= {grounds.hit, grounds.focus, grounds.cursor}
    assert {color for color in named if handed(number_of(color)) != color} == set()


def test_a_terminal_offers_the_themes_that_it_shows_as_different() -> None:
    assert choices({}, "truecolor") == THEMES
    assert choices({}, "256") == THEMES
    assert choices({}, "standard") == ("dark", "light", "plain")
    assert choices({"NO_COLOR": "1"}, "truecolor") == ("dark",)
