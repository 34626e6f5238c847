"""The mentions of one entry, in context, as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.tui.identities.identity_entries import mention_rows
from annotator.tui.widgets.virtual_list import Row, VirtualList

if TYPE_CHECKING:
    from annotator.store.identities.identity_store import MentionedIn


class MentionList:
    """The list, and what it shows."""

    def __init__(self) -> None:
        self.listed = VirtualList(self._row, id="mentions")
        self.has_cursor = False
        self.found: tuple[MentionedIn, ...] = ()
        self._rows: list[Row] = []

    def show(self, found: tuple[MentionedIn, ...]) -> None:
        """Show other mentions, or the same ones in another width."""
        self.found = found
        self._rows = mention_rows(found, self.listed.scrollable_content_region.width - 1)
        self.listed.set_size(len(self._rows), cursor=0, lost=True)

    def exchange_cursor(self, other: VirtualList) -> None:
        """Give the cursor that keys move to the other list, or take it back."""
        self.has_cursor = not self.has_cursor
        self.listed.show_cursor(self.has_cursor)
        other.show_cursor(not self.has_cursor)

    @property
    def current(self) -> MentionedIn | None:
        """The mention under the cursor; None if there is none."""
        names = {
            f"{one.article} {one.hit.span.start} {one.hit.span.end}": one for one in self.found
        }
        return names.get(self.listed.key or "", next(iter(self.found), None))

    def _row(self, index: int) -> Row | None:
        return self._rows[index] if index < len(self._rows) else None
