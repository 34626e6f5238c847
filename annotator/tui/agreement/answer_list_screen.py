"""Lists of one's own answers that were judged, each of which leads to its place in an article."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from annotator.core.article import Span
from annotator.tui.agreement.figure_keys import CLOSE, DOWN, OPEN, UP
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.list_frame import Act, AroundList, ListFrame, ShownRows
from annotator.tui.screens.list_screen import ROWS, ListScreen
from annotator.tui.screens.opening import open_place
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.rows import Row

_HINTS = (((OPEN,), "open there"), ((CLOSE,), "back"), ((DOWN, UP), "move"))


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Where an answer stands, and what is told of it while the cursor is on it."""

    article: str
    span: Span
    told: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """The rows of a list, the places of those that lead somewhere by key, what was counted, and why
    there are none."""

    rows: tuple[Row, ...] = ()
    places: Mapping[str, AnswerPlace] = field(default_factory=dict)
    counted: str = "reading …"
    why_empty: str = ""


@dataclass(frozen=True, slots=True)
class AnswerList:
    """What a list is called, its name in the style sheet, and what reads it, in a thread."""

    title: str
    id: str
    read: Callable[[], Answers]


class AnswerListScreen(ListScreen):
    """Reads its answers once it is shown, and opens articles at them."""

    opens_articles = True

    def __init__(self, setup: AppSetup, keymap: KeyMap, answers: AnswerList) -> None:
        super().__init__(keymap, Mode.FIGURES)
        self.setup = setup
        self._list, self._answers = answers, Answers()
        self._shown = ShownRows(answers.id)
        widgets = self._shown.listed, Bar(id="told")
        self.frame = ListFrame(widgets, self._around, lambda _: self._open())

    @property
    def _place(self) -> AnswerPlace | None:
        return self._answers.places.get(self.listed.key or "")

    def _around(self) -> AroundList:
        """The title with what was counted, what is told of the answer, and the keys."""
        answers, place = self._answers, self._place
        title = (("strong", f" {self._list.title}  "), ("muted", answers.counted))
        told = BarLine((("info", place.told if place is not None else ""),))
        return AroundList(
            title, self.keys.hints(*_HINTS), told=(told,), empty=self._answers.why_empty
        )

    def _open(self) -> None:
        place = self._place
        if place is not None:
            open_place(self, place.article, place.span)

    def on_mount(self) -> None:
        self.waiting.fetch(ROWS, self._read)

    async def _read(self) -> None:
        self._answers = await asyncio.to_thread(self._list.read)
        self._shown.show(self._answers.rows)
        self.frame.show()

    def come_back(self, _article: str, _saved: object) -> None:
        """The reviewer is back from an article."""

    def own_act(self, action: str) -> Act | None:
        return self._open if action == OPEN else None
