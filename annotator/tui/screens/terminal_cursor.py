"""The terminal's own cursor stands where something is typed: screen readers, magnifiers and input
methods follow it."""

from __future__ import annotations

from typing import Any

from textual.geometry import Offset
from textual.screen import Screen

from annotator.tui.terminal.textual_internals import driver_of
from annotator.tui.widgets.bar import Bar


def place_cursor(screen: Screen[Any]) -> None:
    """Put the cursor, with the next frame, where something is typed on a screen; hide it without
    such a place."""
    cell, app = cursor_cell(screen), screen.app
    app.cursor_position = cell or Offset()
    show_cursor = getattr(driver_of(app), "show_cursor", None)
    if show_cursor is not None:
        show_cursor(cell is not None)


def cursor_cell(screen: Screen[Any]) -> Offset | None:
    """The cell at which text is typed, or else that of the caret in an article; None without."""
    for bar in Bar.typed_into:
        if bar.is_attached and bar.screen is screen and (cell := bar.typed_at) is not None:
            return cell
    # Of an article; the queue shows its first frame without loading what draws articles.
    lines = getattr(screen.focused, "lines", None)
    cell = getattr(lines, "caret_cell", None)
    return cell if isinstance(cell, Offset) else None
