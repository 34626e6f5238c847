"""Lines of an article drawn without a widget."""

from hypothesis import given
from rich.cells import cell_len

from annotator.core.article import Span
from annotator.core.states import ItemState
from annotator.tui.article.layout import Layout
from annotator.tui.article.render import Focus, Mark, MarkRole
from annotator.tui.article.scene import Scene, draw_line
from annotator.tui.article.scrolling import top_for
from annotator.tui.theme.colours import Painter
from annotator.tui.theme.palettes import PALETTES
from tests.helpers.hostile_texts import texts

WIDTH = 40


@given(text=texts)
def test_every_line_is_exactly_as_wide_as_the_view(text: str) -> None:
    scene = Scene(Layout(text, 35))
    middle = len(text) // 2
    if middle:
        where = Span(middle // 2, middle)
        scene.marks.set([Mark("e", MarkRole.ENTITY, where, "ORG", ItemState.OPEN)])
        scene.selection = Span(middle, len(text))
        scene.set_hints({middle: "fj"})
    scene.caret = middle
    painter = Painter(PALETTES["dark"], {"ORG": "#3366cc"})
    for line in range(len(scene.layout) + 1):
        strip = draw_line(scene, line, painter, width=WIDTH, active=True)
        assert strip.cell_length == cell_len(strip.text) == WIDTH


def test_moving_the_focus_redraws_both_items() -> None:
    scene = Scene(Layout("one two three", 40))
    one, two = Span(0, 3), Span(4, 7)
    scene.marks.set(
        Mark(item, MarkRole.ENTITY, span, "ORG", ItemState.OPEN)
        for item, span in (("a", one), ("b", two))
    )
    assert [*scene.set_focus(Focus("a"))] == [one]
    assert [*scene.set_focus(Focus("b"))] == [one, two]
    assert [*scene.set_focus(Focus("b"))] == []
    assert [*scene.set_focus(Focus("b", Span(4, 5)))] == [two, Span(4, 5), two]
    assert [*scene.set_focus(Focus("b", Span(6, 7)))] == [Span(4, 5), Span(6, 7)]


def test_a_range_in_view_is_not_scrolled() -> None:
    assert top_for(5, 9, top=0, height=10, context=2) is None
    assert top_for(12, 12, top=0, height=10, context=0) == 3
    assert top_for(3, 3, top=8, height=10, context=0) == 3
    assert top_for(30, 30, top=0, height=9, context=2) == 27
