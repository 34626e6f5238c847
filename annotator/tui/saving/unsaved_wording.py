"""Unsaved decisions in words, for a line of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.tui.widgets.bar import Piece

if TYPE_CHECKING:
    from annotator.tui.saving.writer import Saved, Writer

RESCUE_FILES = "unsaved-….jsonl"


def unsaved_pieces(saved: Saved) -> list[Piece]:
    """The number of decisions that are not saved, and where they are meanwhile."""
    where = f", in {RESCUE_FILES}" if saved.kept else ""
    return [("bad", f"✗ {saved.waiting} not saved{where}")]


def unsaved(writer: Writer | None) -> tuple[Piece, ...]:
    """The number of unsaved and of late decisions; their article may be closed already."""
    pieces: list[Piece] = []
    if writer is not None and writer.saved.reason:
        pieces += [*unsaved_pieces(writer.saved), ("normal", " ")]
    if writer is not None and writer.saved.refused:
        pieces.append(("bad", f"✗ {writer.saved.refused} in {RESCUE_FILES} "))
    return tuple(pieces)
