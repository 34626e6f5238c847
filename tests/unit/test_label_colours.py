"""Labels are told apart by colour as far as there is room, and by their tags in any case."""

from __future__ import annotations

from itertools import combinations

import pytest

from annotator.core.article import Span
from annotator.core.states import ItemState
from annotator.tui.article.render import Mark, MarkRole
from annotator.tui.article.tags import edges_of
from annotator.tui.theme.colours import Painter, label_style
from annotator.tui.theme.designs import Palette
from annotator.tui.theme.palettes import IN_CUBE, PALETTES, TINTED
from tests.helpers.colour_distance import Sight, ciede2000, distance
from tests.helpers.drawn_colours import FREQUENT, LABELS, drawn

DISTANT = 8.0
"""From here on two colours are never mixed up, even far from each other on a screen."""
IN_GREY = 2.5
"""The least difference in grey: text that can be read leaves room for six such steps between seven
lightnesses. 1 is what an eye just sees."""
OF_FEW = {"light-256": 0.9, "contrast-light-256": 1.5}
"""The same where the 256 colours have few that are dark enough on a light background."""
COLOURED = (Sight.FULL, Sight.DEUTERANOPIA, Sight.PROTANOPIA)
tinted = pytest.mark.parametrize("palette", [*TINTED, *IN_CUBE], ids=lambda palette: palette.name)


def ink(label: str, palette: Palette, state: ItemState = ItemState.OPEN) -> str:
    """The letters of an entity, as they are shown."""
    return drawn(label_style(LABELS[label], state, palette), palette)[0]


def near_pairs(palette: Palette, sight: Sight) -> list[tuple[str, str]]:
    return [
        (one, other)
        for one, other in combinations(LABELS, 2)
        if distance(ink(one, palette), ink(other, palette), sight) < DISTANT
    ]


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        # From table 1 of the paper.
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.1848, -84.8006), (50.0, 0.0, -82.7485), 1.0000),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_is_that_of_the_paper(
    one: tuple[float, float, float], other: tuple[float, float, float], known: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(known, abs=1e-4)
    assert ciede2000(other, one) == pytest.approx(known, abs=1e-4)


@tinted
@pytest.mark.parametrize("sight", COLOURED)
def test_frequent_labels_are_far_apart_for_everybody(palette: Palette, sight: Sight) -> None:
    near = {
        (one, other): round(found, 1)
        for one, other in combinations(FREQUENT, 2)
        if (found := distance(ink(one, palette), ink(other, palette), sight)) < DISTANT
    }
    assert near == {}


@tinted
def test_frequent_labels_differ_by_grey_alone(palette: Palette) -> None:
    least = OF_FEW.get(palette.name, IN_GREY)
    near = {
        (one, other): round(found, 1)
        for one, other in combinations(FREQUENT, 2)
        if (found := distance(ink(one, palette), ink(other, palette), Sight.GREY)) < least
    }
    assert near == {}


@tinted
def test_most_pairs_of_labels_are_far_apart(palette: Palette) -> None:
    pairs = len(list(combinations(LABELS, 2)))
    for sight in COLOURED:
        assert len(near_pairs(palette, sight)) <= pairs * 0.25


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_labels_that_are_near_in_colour_have_different_tags(palette: Palette) -> None:
    painter = Painter(palette, LABELS)
    tags = {
        label: "".join(
            words
            for tone, words in edges_of([mark(label)])[4].tail
            if painter.tone(tone) is not None
        )
        for label in LABELS
    }
    for one, other in near_pairs(palette, Sight.GREY):
        assert tags[one] != tags[other]


def mark(label: str) -> Mark:
    return Mark("e", MarkRole.ENTITY, Span(0, 4), label, ItemState.OPEN)
