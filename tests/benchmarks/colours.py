"""Prints the contrast of all themes, and how far apart the colours of labels are in them.

    python -m tests.benchmarks.colours

Colours are taken as a terminal shows them. Distances are those of open entities, in CIEDE2000
(`tests/helpers/colour_distance.py`): 1 is what an eye just sees side by side; from 8 on we call two
colours far apart. The tables are Markdown, for `docs/colours.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from rich.style import Style

from annotator.core.states import ItemState
from annotator.tui.theme.colours import Painter, label_style
from annotator.tui.theme.contrast import contrast
from annotator.tui.theme.designs import TONES, Palette
from annotator.tui.theme.looks import Look
from annotator.tui.theme.palettes import IN_CUBE, PALETTES, TINTED
from tests.helpers.colour_distance import Sight, distance
from tests.helpers.drawn_colours import FREQUENT, LABELS, drawn

DISTANT = 8.0


def main() -> None:
    """Print both tables."""
    print(
        "| theme | text on tints | labels on tints | claims | lists and bars | under the cursor |"
    )
    print("|---|---|---|---|---|---|")
    for palette in PALETTES.values():
        painter = Painter(palette, LABELS)
        kinds = (_plain(), _entities(), _claims(), (), ())
        cells = [f"{_least(map(painter.style, looks), palette):.1f}" for looks in kinds[:3]]
        cells += [f"{_least(_tones(painter, cursor), palette):.1f}" for cursor in (False, True)]
        print(f"| `{palette.name}` | {' | '.join(cells)} |")
    print()
    sights = " | ".join(Sight)
    print(f"| theme | {sights} | near pairs of {len(list(combinations(LABELS, 2)))} |")
    print(f"|---{'|---' * (len(Sight) + 1)}|")
    for palette in (*TINTED, *IN_CUBE):
        inks = {label: _ink(label, palette) for label in LABELS}
        least = [
            min(distance(inks[a], inks[b], sight) for a, b in combinations(FREQUENT, 2))
            for sight in Sight
        ]
        near = [
            sum(distance(inks[a], inks[b], sight) < DISTANT for a, b in combinations(LABELS, 2))
            for sight in Sight
        ]
        shown = " | ".join(f"{found:.1f}" for found in least)
        print(f"| `{palette.name}` | {shown} | {', '.join(map(str, near))} |")


def _plain() -> Iterator[Look]:
    for state in ({}, {"selected": True}, {"caret": True}, {"hit": True}, {"focus": 2}):
        yield Look(**state)
        yield Look(content=1, **state)


def _entities() -> Iterator[Look]:
    for label in LABELS:
        for state in ItemState:
            yield Look(label=label, entity=state)
            yield Look(label=label, entity=state, content=1)
            yield Look(label=label, entity=state, focus=2)


def _claims() -> Iterator[Look]:
    for state in ItemState:
        for focus in range(3):
            yield Look(content=2, content_status=state, focus=focus)
            yield Look(cue=state, focus=focus)
            yield Look(source=state, focus=focus)


def _tones(painter: Painter, under_cursor: bool) -> Iterator[Style]:
    for tone in (*TONES, *(f"label:{label}" for label in LABELS)):
        for on_panel in (False, True):
            yield painter.tone(tone, under_cursor=under_cursor, on_panel=on_panel)


def _least(styles: Iterable[Style], palette: Palette) -> float:
    return min(contrast(*drawn(style, palette)) for style in styles)


def _ink(label: str, palette: Palette) -> str:
    return drawn(label_style(LABELS[label], ItemState.OPEN, palette), palette)[0]


if __name__ == "__main__":
    main()
