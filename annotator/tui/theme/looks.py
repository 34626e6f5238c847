"""The properties that determine how characters of an article are drawn, apart from colours."""

from __future__ import annotations

from typing import NamedTuple

from annotator.core.states import ItemState

NOTED = '"'
"""The sign of an item with a note."""


class Look(NamedTuple):
    """The properties of a run of characters; `focus` is 0, 1, or 2 for the part. They are `unsure`
    where all claims on them are, and `tied` if they are who speaks in the focused claim."""

    label: str | None = None
    entity: ItemState | None = None
    content: int = 0
    content_status: ItemState | None = None
    cue: ItemState | None = None
    source: ItemState | None = None
    junk: ItemState | None = None
    focus: int = 0
    unsure: bool = False
    tied: bool = False
    hit: bool = False
    selected: bool = False
    caret: bool = False


class Gutter(NamedTuple):
    """The margin of a line: a bar for claim content (thin if all of it is unsure) or junk, a dot
    for open items, another sign for items with a note."""

    bar: ItemState | None = None
    junk: bool = False
    open: bool = False
    unsure: bool = False
    focus: bool = False
    noted: bool = False
