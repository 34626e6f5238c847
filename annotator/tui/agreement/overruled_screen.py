"""What adjudications decided against one's own answers: what was answered, what stands, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from annotator.core.adjudicating.differences import DifferenceType
from annotator.core.adjudicating.overruled import Overruled, overruled
from annotator.tui.agreement.answer_list_screen import AnswerListScreen
from annotator.tui.keys import KeyMap
from annotator.tui.screens.list_frame import AroundList, ListFrame
from annotator.tui.screens.opening import open_place
from annotator.tui.setup import AppSetup
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.rows import Cell, Row

_MOST = 500
_TYPE = max(map(len, DifferenceType))


class OverruledScreen(AnswerListScreen):
    """The newest such decisions first, each below the title of its article."""

    def __init__(self, setup: AppSetup, keymap: KeyMap) -> None:
        super().__init__(setup, keymap, title="Decided against your answers", id="overruled")
        self.found: dict[str, Overruled] = {}
        widgets = self.shown.listed, Bar(id="told")
        self.frame = ListFrame(widgets, self._with_note, lambda _: self.choose())

    def _with_note(self) -> AroundList:
        one = self.found.get(self.listed.key or "")
        note = f" {one.adjudicator}: {one.note}" if one is not None and one.note else ""
        return self.around(BarLine((("info", note),)))

    def choose(self) -> None:
        one = self.found.get(self.listed.key or "")
        if one is not None:
            open_place(self, one.article, one.place)

    async def read(self) -> None:
        found = await asyncio.to_thread(lambda: list(self._overruled()))
        rows = list(self._rows(found))
        many = f"{len(self.found):,}{' or more' if len(self.found) >= _MOST else ''}"
        noun = "answer was" if len(self.found) == 1 else "answers were"
        self.counted = f"{many} of your {noun} decided against" if found else "nothing so far"
        self.why_empty = "No adjudication has decided against an answer of yours."
        self.shown.show(rows)
        self.frame.show()

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
