"""Cells and layout: every offset of any text has its place on the screen."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotator.tui.article.layout import Layout
from annotator.tui.terminal.cells import CONTROL_SIGN, LineCells, clusters, shown, width_of
from tests.helpers.hostile_texts import texts

widths = st.integers(min_value=8, max_value=40)


@given(texts, widths)
def test_every_offset_is_on_exactly_one_line(text: str, width: int) -> None:
    layout = Layout(text, width)
    owned = [
        offset
        for start, end, line in zip(layout.starts, layout.ends, range(len(layout)), strict=True)
        for offset in range(start, end + (not layout.is_broken(line)))
    ]
    assert owned == list(range(len(text) + 1))


@given(texts, widths)
def test_only_line_ends_lie_between_lines(text: str, width: int) -> None:
    layout = Layout(text, width)
    lines = zip(layout.starts, layout.ends, strict=True)
    rebuilt = "".join(
        text[start:end] + ("" if layout.is_broken(line) else "\n")
        for line, (start, end) in enumerate(lines)
    )
    assert rebuilt == text + "\n"


@given(texts, widths)
def test_offsets_and_cells_are_inverse(text: str, width: int) -> None:
    layout = Layout(text, width)
    for offset in range(len(text) + 1):
        line, cell = layout.line_of(offset), layout.cell_of(offset)
        start, end = layout.cluster_at(offset)
        drawn = layout.cells(line).text(text, start, end)
        back = layout.offset_at(line, cell)
        if drawn or offset == layout.ends[line]:
            assert back == start
        else:  # invisible characters alone on their line: the cell after them is the line's end
            assert back == layout.ends[line]


@given(texts, widths)
def test_every_cell_maps_to_the_cluster_drawn_there(text: str, width: int) -> None:
    layout = Layout(text, width)
    for line in range(len(layout)):
        cells = layout.cells(line)
        for cell in range(cells.width):
            offset = layout.offset_at(line, cell)
            first = cells.cell_of(offset)
            end = cells.cluster_at(offset)[1]
            assert first <= cell < cells.cell_of(end)


@given(texts, widths)
def test_a_line_has_its_computed_width_and_fits(text: str, width: int) -> None:
    layout = Layout(text, width)
    for line in range(len(layout)):
        cells = layout.cells(line)
        drawn = cells.text(text, cells.start, cells.end)
        assert cell_len(drawn) == cells.width
        assert cells.width <= width + drawn.endswith(" ")


@given(texts, widths)
def test_no_line_starts_inside_a_cluster(text: str, width: int) -> None:
    layout = Layout(text, width)
    at = 0
    for paragraph in text.split("\n"):
        begins = {cluster.start for cluster in clusters(text, at, at + len(paragraph))}
        inside = range(at + 1, at + len(paragraph))
        assert {start for start in layout.starts if start in inside} <= begins
        at += len(paragraph) + 1


@given(texts)
def test_no_control_character_is_drawn(text: str) -> None:
    for character in shown(text):
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            *("LRE", "RLE", "LRO", "RLO", "PDF"),
            *("LRI", "RLI", "FSI", "PDI", "BN"),
        )


@given(texts, st.integers(min_value=0, max_value=30))
def test_shown_words_fit_their_limit(text: str, limit: int) -> None:
    drawn = shown(text, limit)
    assert cell_len(drawn) <= limit
    assert cell_len(shown(text)) == width_of(text)
    if width_of(text) <= limit:
        assert drawn == shown(text)


@given(st.text(alphabet="ab -“é\xa0", max_size=200), widths)
@example("abc " * 30, 8)
def test_the_fast_path_breaks_plain_text_like_the_slow_one(text: str, width: int) -> None:
    assert Layout(text, width).starts == _broken_slowly(text, width)


def _broken_slowly(text: str, width: int) -> list[int]:
    """Line starts of one paragraph of plain characters, by the rule and without any haste."""
    layout = Layout("", width)
    layout.text = text
    starts, at = [0], layout._break(0, len(text))
    while at < len(text):
        starts.append(at)
        at = layout._break(at, len(text))
    return starts


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a\tb", "a    b"),
        ("e\u0301x", "e\u0301x"),
        ("\u0301x", "◌\u0301x"),
        ("👨\u200d👩\u200d👧!", "👨!"),
        ("👍\U0001f3fd", "👍"),
        ("1\ufe0f\u20e3", "1"),
        ("❤\ufe0f", "❤"),
        ("🇩🇪", "🇩🇪"),
        ("🇫!", "F!"),
        ("क\u094d\u200dष", "क\u094dष"),
        ("\u202eevil\u202c", "evil"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\x1b[31m\x07\x9b", f"{CONTROL_SIGN}[31m{CONTROL_SIGN}{CONTROL_SIGN}"),
        ("a\x00b\rc", f"a{CONTROL_SIGN}b{CONTROL_SIGN}c"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("שלום", "שלום"),
    ],
)
def test_how_a_text_is_drawn(text: str, drawn: str) -> None:
    assert shown(text) == drawn


def test_stacked_marks_end_at_six() -> None:
    assert shown("a" + "\u0301" * 40) == "a" + "\u0301" * 6
    assert len(clusters("a" + "\u0301" * 40 + "b", 0, 42)) == 2


def test_lines_break_at_blanks_and_a_blank_may_overhang() -> None:
    layout = Layout("one two three four", 13)
    assert list(zip(layout.starts, layout.ends, strict=True)) == [(0, 14), (14, 18)]


def test_a_word_longer_than_the_line_is_cut() -> None:
    layout = Layout("x" * 25, 10)
    assert list(zip(layout.starts, layout.ends, strict=True)) == [(0, 10), (10, 20), (20, 25)]


def test_lines_break_between_any_two_wide_characters() -> None:
    layout = Layout("漢" * 9, 9)
    assert layout.starts == [0, 4, 8]


@pytest.mark.parametrize("sign", ["漢", "e\u0301", "🇩🇪", "\u200b–"])
def test_lines_with_other_characters_break_at_blanks_too(sign: str) -> None:
    layout = Layout(f"one {sign} twothreefour fivesix seven", 13)
    lines = zip(layout.starts, layout.ends, strict=True)
    assert [layout.text[start:end] for start, end in lines] == [
        f"one {sign} ",
        "twothreefour ",
        "fivesix seven",
    ]


@pytest.mark.parametrize("sign", ["漢", "e\u0301", "🇩🇪"])
def test_a_word_is_not_broken_whatever_it_starts_with(sign: str) -> None:
    layout = Layout(f"one {sign}twothreefour fivesix", 14)
    lines = zip(layout.starts, layout.ends, strict=True)
    assert [layout.text[start:end] for start, end in lines] == [
        "one ",
        f"{sign}twothreefour ",
        "fivesix",
    ]


def test_blank_lines_are_kept() -> None:
    layout = Layout("a\n\n\nb\n", 20)
    assert list(zip(layout.starts, layout.ends, strict=True)) == [
        (0, 1),
        (2, 2),
        (3, 3),
        (4, 5),
        (6, 6),
    ]


def test_a_click_beyond_a_broken_line_stays_on_it() -> None:
    layout = Layout("one two three four", 8)
    offset = layout.offset_at(0, 70)
    assert layout.line_of(offset) == 0
    assert layout.offset_at(1, 70) == layout.ends[1] - 1
    assert layout.offset_at(len(layout) - 1, 70) == len(layout.text)


def test_an_empty_text_has_one_empty_line() -> None:
    layout = Layout("", 20)
    assert len(layout) == 1
    assert layout.line_of(0) == layout.cell_of(0) == layout.offset_at(3, 5) == 0


def test_plain_lines_need_no_cluster_map() -> None:
    assert LineCells.of("“Not a word,” – she said", 0, 24).row is None


@pytest.mark.parametrize("sign", ["", "漢", "e\u0301"])
def test_wrapping_takes_linear_time(sign: str) -> None:
    sentence = f"The harbour board {sign} met again on the quay. "

    def seconds(times: int) -> float:
        text = sentence * times
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            Layout(text, 76)
            best = min(best, time.process_time() - began)
        return best

    # One paragraph ten times as long may cost ten times as much; the square of that is a hundred.
    assert seconds(5000) < 30 * seconds(500) + 0.01
