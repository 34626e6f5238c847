"""Tags beside marked words: they take cells, and change nothing about offsets."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotator.core.article import Span
from annotator.core.states import ItemState
from annotator.tui.article.layout import OVERHANG, Layout
from annotator.tui.article.render import Mark, MarkIndex, MarkRole
from annotator.tui.article.scene import GUTTER, Scene, draw_line
from annotator.tui.article.tags import edges_of, gaps_of
from annotator.tui.theme.colours import Painter
from annotator.tui.theme.palettes import PALETTES
from tests.helpers.hostile_texts import texts

OPEN, ACCEPTED = ItemState.OPEN, ItemState.ACCEPTED
PAINTER = Painter(PALETTES["plain"], {})
widths = st.integers(min_value=30, max_value=60)


def entity(start: int, end: int, label: str = "GPE", status: ItemState = OPEN) -> Mark:
    return Mark(f"e{start}", MarkRole.ENTITY, Span(start, end), label, status)


def part(role: MarkRole, start: int, end: int, item: str = "c") -> Mark:
    return Mark(item, role, Span(start, end), None, OPEN)


def scene_of(text: str, *marks: Mark, width: int = 60) -> Scene:
    """A scene with tags."""
    scene = Scene(Layout(text, width, gaps_of(marks)), MarkIndex(), tagged=True)
    scene.marks.set(marks)
    return scene


def drawn(scene: Scene) -> list[str]:
    """The lines of a scene without their margin."""
    width = scene.layout.width + GUTTER + OVERHANG
    lines = range(len(scene.layout))
    strips = [draw_line(scene, n, PAINTER, width=width, active=False) for n in lines]
    return [strip.text[GUTTER:].rstrip() for strip in strips]


def cells_of(pieces: Iterable[tuple[str, str]]) -> int:
    return sum(cell_len(words) for _, words in pieces)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """Any text, with entities and parts of claims anywhere in it."""
    # Textual cuts Devanagari at other places than its clusters.
    text = draw(texts.filter(bool)).replace("हिन्दी", "Hindi")
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 12))
    roles = st.sampled_from(list(MarkRole))
    marks = []
    for number, ((start, length), role) in enumerate(
        draw(st.lists(st.tuples(places, roles), max_size=6))
    ):
        span = Span(start, min(len(text), start + length))
        label = "ORG" if role is MarkRole.ENTITY else None
        marks.append(Mark(f"i{number}", role, span, label, OPEN))
    return text, marks


def test_tags_name_label_part_and_state() -> None:
    text = "Rita of Sund said it rains."
    marks = [
        entity(0, 4, "PERSON", ACCEPTED),
        entity(8, 12),
        part(MarkRole.SOURCE, 0, 12),
        part(MarkRole.CUE, 13, 17),
        part(MarkRole.CONTENT, 18, 26),
    ]
    assert drawn(scene_of(text, *marks, width=80)) == [
        "Rita[PERSON✓] of Sund[GPE•][source] said[cue] <it rains>•."
    ]


def test_one_tag_is_enough_for_the_source_of_two_claims() -> None:
    marks = [part(MarkRole.SOURCE, 0, 4, claim) for claim in ("one", "two")]
    assert drawn(scene_of("Rita said", *marks)) == ["Rita[source] said"]


def test_a_line_breaks_as_if_tags_were_part_of_their_words() -> None:
    text = "ships left the harbour of Sund today"
    assert drawn(scene_of(text, entity(26, 30), width=30)) == [
        "ships left the harbour of",
        "Sund[GPE•] today",
    ]


def test_a_state_changes_no_line() -> None:
    assert gaps_of([entity(0, 4)]) == gaps_of([entity(0, 4, status=ACCEPTED)])


@given(marked(), widths)
def test_every_offset_is_on_one_line_with_tags_too(
    article: tuple[str, list[Mark]], width: int
) -> None:
    text, marks = article
    layout = Layout(text, width, gaps_of(marks))
    owned = [
        offset
        for line, (start, end) in enumerate(zip(layout.starts, layout.ends, strict=True))
        for offset in range(start, end + (not layout.is_broken(line)))
    ]
    assert owned == list(range(len(text) + 1))


@given(marked(), widths)
def test_drawn_text_takes_the_cells_of_its_layout(
    article: tuple[str, list[Mark]], width: int
) -> None:
    text, marks = article
    scene = scene_of(text, *marks, width=width)
    for line in range(len(scene.layout)):
        start, end = scene.layout.starts[line], scene.layout.ends[line]
        cells = scene.layout.cells(line)
        edges = edges_of(scene.marks.within(start, max(end, start + 1)))
        tags = sum(
            cells_of(edge.tail) * (start < offset <= end)
            + cells_of(edge.head) * (start <= offset < end)
            for offset, edge in edges.items()
        )
        assert cells.width == cell_len(cells.text(text, start, end)) + tags
        strip = draw_line(scene, line, PAINTER, width=400, active=False)
        assert strip.cell_length == 400
        assert cell_len(strip.text.rstrip()) <= GUTTER + cells.width


@given(marked(), widths)
def test_the_cell_of_an_offset_shows_its_cluster(
    article: tuple[str, list[Mark]], width: int
) -> None:
    text, marks = article
    scene = scene_of(text, *marks, width=width)
    layout = scene.layout
    for line in range(len(layout)):
        cells = layout.cells(line)
        strip = draw_line(scene, line, PAINTER, width=400, active=False)
        for offset in range(layout.starts[line], layout.ends[line]):
            start, end = layout.cluster_at(offset)
            shown = cells.text(text, start, end)
            if not shown.strip():
                continue
            begin = GUTTER + cells.cell_of(start)
            # A crop keeps no combining marks.
            there = strip.crop(begin, begin + cell_len(shown)).text
            assert there
            assert shown.startswith(there)
            assert layout.offset_at(line, cells.cell_of(start)) == start


@given(marked(), widths)
def test_every_cell_of_a_line_has_an_offset_of_the_line(
    article: tuple[str, list[Mark]], width: int
) -> None:
    text, marks = article
    layout = Layout(text, width, gaps_of(marks))
    for line in range(len(layout)):
        found = [layout.offset_at(line, cell) for cell in range(layout.cells(line).width + 2)]
        assert found == sorted(found)
        assert all(layout.line_of(offset) == line for offset in found)


@given(marked(), widths)
def test_no_line_is_wider_than_the_view_but_for_tags_wider_than_that(
    article: tuple[str, list[Mark]], width: int
) -> None:
    text, marks = article
    gaps = gaps_of(marks)
    layout = Layout(text, width, gaps)
    most = max((gap.tail + gap.head for gap in gaps.values()), default=0)
    for line in range(len(layout)):
        cells = layout.cells(line)
        assert cells.width <= width + OVERHANG + most
