"""Rows, columns and the preview of the queue, below the screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Origin
from annotator.core.decisions import Answer
from annotator.core.reviewing.preview_counts import ItemNumbers
from annotator.core.states import QueueOrder
from annotator.store.values import Preview, QueueRow, Stage
from annotator.tui.queue.preview_lines import LINES, preview_lines
from annotator.tui.queue.queue_columns import Filled, head_at, heads, heads_line
from annotator.tui.queue.queue_pages import Unseen
from annotator.tui.queue.queue_rows import RowPlace, queue_row
from annotator.tui.terminal.cells import width_of

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)
FULL = Filled(outlets=True, words=True, progress=True, people=True)
READY = QueueRow(
    id="a" * 64,
    title="Ferry vote slips to spring",
    outlet="Ansel Post",
    stage=Stage.READY,
    problem=None,
    language="en",
    received=NOW - timedelta(hours=1),
    entities=9,
    claims=3,
    total=12,
    open=12,
    reviewer=None,
    finished=None,
    started=None,
    words=412,
)
BEGUN = replace(READY, reviewer="ada", started=NOW)
DONE = replace(BEGUN, finished=NOW, open=0)


def cells(row: QueueRow, place: RowPlace | None = None) -> list[str]:
    """The texts of the cells of a row."""
    (line,) = queue_row(row, place or RowPlace(120, QueueOrder.NEWEST, FULL), NOW).lines
    return [cell.text for cell in line]


def named(filled: Filled, width: int = 120, order: QueueOrder = QueueOrder.NEWEST) -> list[str]:
    return [head.name for head in heads(width, order, filled)]


def test_columns_stand_only_where_something_fills_them() -> None:
    bare = replace(READY, outlet=None, words=0)
    assert named(Filled().after([bare])) == ["STATE", "TITLE", "ENT", "CLM", "ADDED"]
    assert named(Filled().after([bare, READY])) == [
        *("STATE", "TITLE", "OUTLET", "WORDS", "ENT", "CLM", "ADDED"),
    ]
    filled = Filled().after([BEGUN]).after([bare])  # a column that came stays
    assert named(filled)[-3:] == ["DONE", "WHO", "ADDED"]
    assert named(FULL, 80) == ["STATE", "TITLE", "ENT", "CLM", "DONE", "WHO"]
    assert "CONF" in named(FULL, 80, QueueOrder.MOST_CONFIDENT)


@given(
    st.integers(30, 300),
    st.sampled_from(list(QueueOrder)),
    st.builds(Filled, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
)
def test_a_click_on_a_head_finds_its_column(width: int, order: QueueOrder, filled: Filled) -> None:
    shown = heads(width, order, filled)
    line = heads_line(shown, order, width)
    drawn = "".join(piece[1] for piece in line.left)
    assert width_of(drawn) <= width - 1 or width < 60
    for head in shown:
        at = drawn.find(head.name)
        if at >= 0:
            assert head_at(shown, width, at) == head
    marked = [head for head in shown if head.shown(order) != head.name]
    assert len(marked) <= 1
    for head in shown:
        if head.orders:
            first = head.next_order(order)
            assert head.next_order(first) in head.orders
            assert head.next_order(head.next_order(first)) == first


@pytest.mark.parametrize(
    ("answer", "state"),
    [(Answer.ACCEPT, "finished"), (Answer.SKIP, "skipped"), (Answer.UNUSABLE, "unusable")],
)
def test_only_what_was_annotated_is_finished(answer: Answer, state: str) -> None:
    row = replace(DONE, answer=answer)
    assert cells(row)[0] == state
    assert ("━" in "".join(cells(row))) is (answer is Answer.ACCEPT)


@given(st.integers(1, 400), st.data())
def test_the_bar_is_full_only_if_nothing_is_open(total: int, data: st.DataObject) -> None:
    left = data.draw(st.integers(0, total))
    shown = "".join(cells(replace(BEGUN, total=total, open=left)))
    assert ("─" not in shown) is (left == 0)
    assert ("━" in shown) is (left < total)


def test_confidence_is_told_in_percent() -> None:
    place = RowPlace(120, QueueOrder.LEAST_CONFIDENT, FULL)
    assert "69 %" in cells(replace(READY, confidence=0.69), place)


def test_what_stands_below_another_says_why() -> None:
    below = RowPlace(120, QueueOrder.NEWEST, FULL, below=True)
    alike = replace(READY, alike=2, similarity=0.956)
    assert cells(alike, below)[1] == "└ ≈ 96 %"
    assert "≈2" in cells(alike)
    revised = replace(READY, replaces=7, similarity=0.9)
    assert cells(replace(revised, has_newer=True), below)[1] == "└"
    assert "⟳ new version" in cells(revised)
    wide = RowPlace(160, QueueOrder.NEWEST, FULL)
    assert "⟳ new version of 7 decided items" in cells(revised, wide)
    assert "⟳ older text" in cells(replace(READY, has_newer=True), wide)
    assert "✎2" in cells(replace(READY, notes=2))


def test_the_story_is_named_where_the_queue_is_not_grouped_by_it() -> None:
    told = replace(READY, story="The old trees")
    assert "§ The old trees" in cells(told, RowPlace(160, QueueOrder.NEWEST, FULL))
    assert "§ The old …" in cells(replace(told, title="Ferry vote slips " * 4))
    assert "§ The old trees" not in cells(told, RowPlace(120, QueueOrder.BY_STORY, FULL))


@given(
    st.text(alphabet="abßİ ﬀx", max_size=30),
    st.lists(st.text(alphabet="abßİx", min_size=1, max_size=4), max_size=3),
)
def test_words_that_are_sought_are_marked_in_the_title(title: str, words: list[str]) -> None:
    place = RowPlace(200, QueueOrder.NEWEST, Filled(), sought=tuple(words))
    (line,) = queue_row(replace(READY, title=title), place, NOW).lines
    of_title = line[1 : len(line) - 3]
    assert "".join(cell.text for cell in of_title) == title
    for cell in of_title:
        if cell.tone == "accent":
            assert any(cell.text.lower() in word.lower() for word in words)


def test_a_hit_far_to_the_right_is_not_cut_off() -> None:
    title = f"{'Ferry ' * 30}harbour"
    place = RowPlace(80, QueueOrder.NEWEST, Filled(), sought=("harbour",))
    (line,) = queue_row(replace(READY, title=title), place, NOW).lines
    before, hit, _ = line[1:4]
    assert (before.text[0], hit.text, hit.tone) == ("…", "harbour", "accent")
    assert len(before.text) + len(hit.text) < 60


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8), st.integers(0, 6))
def test_headings_stand_above_the_rows_of_their_groups(sizes: list[int], rest: int) -> None:
    places = [sum(sizes[:n]) for n in range(len(sizes) + 1)]
    total = places[-1] + rest
    lines = Unseen(headings=tuple(place + n for n, place in enumerate(places)))
    count = lines.lines(total)
    assert count == total + len(sizes) + (rest > 0)
    rows = [line for line in range(count) if lines.heading(line) is None]
    assert [lines.place(line) for line in rows] == [*range(total)]
    assert [lines.line(place) for place in range(total)] == rows
    headings = [lines.heading(line) for line in range(count) if line not in rows]
    assert headings == [*range(len(headings))]


PREVIEW = Preview(
    READY.id,
    "The ferry stays in port until spring. " * 30,
    Origin("a.txt", url="https://news.example/a", author="Ada Bell", published="2024-05-04"),
    ItemNumbers((("GPE", 24), ("PERSON", 9)), claims=9, junk=3, open=20, folded=4, unsure=2),
    notes=("check the spelling",),
    item_notes=("Who?", "When?"),
)


def said(preview: Preview, row: QueueRow = READY, width: int = 120) -> list[str]:
    lines = preview_lines(preview, row, width, 0.6)
    return ["".join(piece[1] for piece in line.left) for line in lines]


def test_the_preview_tells_text_items_notes_and_origin() -> None:
    first, second, items, notes, origin = said(PREVIEW)
    assert first.startswith("│ The ferry stays in port")
    assert second.endswith("…")
    assert "GPE 24  PERSON 9  9 claims  4 folded  3 junk lines  2 unsure (under 60 %)" in items
    assert "✎ “check the spelling”" in notes
    assert "✎ 2 notes on items: “Who?”" in notes
    assert "412 words  Ada Bell  published 2024-05-04  a.txt  https://news.example/a" in origin


def test_many_labels_leave_room_for_what_is_unsure() -> None:
    labels = tuple((f"LABEL{n}", 40 - n) for n in range(30))
    many = replace(PREVIEW, numbers=ItemNumbers(labels, claims=9, junk=3, unsure=2))
    items = said(many, width=100)[2]
    assert items.startswith("│ LABEL0 40  LABEL1 39")
    assert items.endswith("…  9 claims  3 junk lines  2 unsure (under 60 %)")
    assert width_of(items) <= 100


def test_the_preview_tells_nothing_of_items_that_are_not_to_be_seen() -> None:
    told = said(replace(PREVIEW, numbers=None, notes=(), item_notes=()))
    assert "opens without suggestions" in told[2]
    assert "GPE" not in "".join(told)


def test_the_preview_of_a_new_version_tells_what_comes_along() -> None:
    assert "7 decided items of yours come along" in said(PREVIEW, replace(READY, replaces=7))[4]
    assert "a newer text has come" in said(PREVIEW, replace(READY, has_newer=True))[4]


@given(st.text(max_size=900), st.integers(30, 300))
def test_the_preview_always_has_its_lines(lead: str, width: int) -> None:
    assert len(said(replace(PREVIEW, lead=lead), width=width)) == LINES
