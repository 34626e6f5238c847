"""How much is not saved yet, in words for a line of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.tui.widgets.bar import Piece

if TYPE_CHECKING:
    from annotator.tui.saving.writer import Saved, Writer

ASIDE = "unsaved-….jsonl"


def unsaved_pieces(saved: Saved) -> list[Piece]:
    """How many decisions the database does not take, and where they are meanwhile."""
    where = f", in {ASIDE}" if saved.kept else ""
    return [("bad", f"✗ {saved.waiting} not saved{where}")]


def unsaved(writer: Writer | None) -> tuple[Piece, ...]:
    """How much cannot be written now, or came too late: an article may have been left before."""
    pieces: list[Piece] = []
    if writer is not None and writer.saved.reason:
        pieces += [*unsaved_pieces(writer.saved), ("normal", " ")]
    if writer is not None and writer.saved.refused:
        pieces.append(("bad", f"✗ {writer.saved.refused} in {ASIDE} "))
    return tuple(pieces)
