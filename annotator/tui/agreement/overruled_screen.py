"""What adjudications decided against one's own answers: what was answered, what stands, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from textual.app import ComposeResult

from annotator.core.adjudicating.differences import DifferenceType
from annotator.core.adjudicating.overruled import Overruled, overruled
from annotator.tui.screens.list_screen import ROWS, Act, ListScreen
from annotator.tui.screens.opening import OPENED, PlaceChosen
from annotator.tui.setup import AppSetup
from annotator.tui.widgets.bar import Bar, BarLine, hints
from annotator.tui.widgets.virtual_list import Cell, Row, VirtualList

_MOST = 500
_TYPE = max(map(len, DifferenceType))
_HINTS = (("enter", "open there"), ("esc", "back"), ("j k", "move"))


class OverruledScreen(ListScreen):
    """The newest such decisions first, each below the title of its article."""

    opens_articles = True

    def __init__(self, setup: AppSetup) -> None:
        super().__init__()
        self.setup = setup
        self.found: dict[str, Overruled] = {}
        self._message = "reading …"

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield self.make_list("overruled")
        yield Bar(id="told")
        yield Bar(id="hints")

    def on_mount(self) -> None:
        self.listed.focus()
        self._show_lines()
        self.waiting.fetch(ROWS, self._read)

    def on_resize(self) -> None:
        self._show_lines()

    def come_back(self, _article: str, _saved: object) -> None:
        """The reviewer is back from an article."""

    def act_of(self, pressed: str) -> Act | None:
        return self._open if pressed == "enter" else super().act_of(pressed)

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.takes_keys:
            self._open()

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        self._show_lines()

    def _open(self) -> None:
        one = self.found.get(self.listed.key or "")
        if one is not None:
            self.waiting.awaits(OPENED)
            self.post_message(PlaceChosen(one.article, one.place))

    async def _read(self) -> None:
        found = await asyncio.to_thread(lambda: list(self._overruled()))
        if not self.is_attached:
            return
        self.rows = list(self._rows(found))
        self.listed.set_size(len(self.rows))
        many = f"{len(self.found):,}{' or more' if len(self.found) >= _MOST else ''}"
        noun = "answer was" if len(self.found) == 1 else "answers were"
        self._message = f"{many} of your {noun} decided against" if found else "nothing so far"
        self._show_lines()

    def _overruled(self) -> Iterator[Overruled]:
        """At most so many decisions, the newest adjudication first."""
        reviewer, count = self.setup.config.reviewer, 0
        store = self.setup.store
        for opened in store.adjudications.finished(concerning=reviewer, damaged=lambda _: None):
            assert opened.comparison is not None  # an adjudication
            for one in overruled(opened.article, opened.review, opened.comparison, reviewer):
                yield one
                count += 1
                if count >= _MOST:
                    return

    def _rows(self, found: list[Overruled]) -> Iterator[Row]:
        before = ""
        for number, one in enumerate(found):
            if one.article != before:
                before = one.article
                title = (Cell(one.title, "strong"), Cell(f"by {one.adjudicator}", "muted"))
                yield Row.of(f"article {number}", *title, heading=True)
            key = f"{number}"
            self.found[key] = one
            yield Row.of(
                key,
                Cell(one.type, "accent", width=_TYPE),
                Cell(one.answered, "muted", strike=True),
                Cell("→", "muted", width=1),
                Cell(one.stands),
            )

    def _show_lines(self) -> None:
        if not self.query("#told"):
            return
        title = (("strong", " Decided against your answers  "), ("muted", self._message))
        self.query_one("#counts", Bar).show(BarLine(title))
        one = self.found.get(self.listed.key or "") if self.listed.is_attached else None
        note = f" {one.adjudicator}: {one.note}" if one is not None and one.note else ""
        self.query_one("#told", Bar).show(BarLine((("info", note),)))
        self.query_one("#hints", Bar).show(hints(_HINTS, self.size.width))
