"""Statistics over the queue: one view after the other, each for all reviewers or for one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from annotator.core.article import Span
from annotator.core.statistics.standing_notes import StandingNote
from annotator.core.statistics.work_done import Unit
from annotator.core.text.counted import many
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.list_frame import Act, AroundList, ListFrame, ShownRows
from annotator.tui.screens.list_screen import ListScreen
from annotator.tui.screens.opening import open_place
from annotator.tui.screens.waiting import begin
from annotator.tui.statistics.statistics_reading import MOST_NOTES, StatisticsReading
from annotator.tui.statistics.statistics_rows import ShownFigures, View, WantedFigures, shown
from annotator.tui.widgets.bar import Bar, BarLine, Piece
from annotator.tui.widgets.rows import Cell

_ROOMY = 100
OPEN, AGREEMENT, UNIT, SEEN = (
    f"{Mode.STATISTICS}_{action}" for action in ("open", "agreement", "unit", "seen")
)
VIEWS = {"statistics_next_view": 1, "statistics_previous_view": -1}
REVIEWERS = {"statistics_reviewer": 1, "statistics_reviewer_back": -1}
_OF_VIEWS = {
    View.SPEED: ((UNIT,), "days, weeks"),
    View.SUGGESTIONS: ((SEEN,), "seen, unseen"),
    View.SCORES: ((SEEN,), "seen, unseen"),
    View.HARDEST: ((OPEN,), "open it"),
    View.NOTES: ((OPEN,), "open there"),
}
_HINTS = (
    (("statistics_next_view",), "next view"),
    (tuple(REVIEWERS), "a reviewer"),
    ((AGREEMENT,), "agreement"),
    (("statistics_close",), "back"),
)


class StatisticsScreen(ListScreen):
    """Figures of all reviews, read in the background; `agreement` opens the screen of that."""

    opens_articles = True

    def __init__(
        self,
        setup: AppSetup,
        reading: StatisticsReading,
        keymap: KeyMap,
        agreement: Callable[[], object],
    ) -> None:
        super().__init__(keymap, Mode.STATISTICS)
        self.setup, self.reading = setup, reading
        self.wanted = WantedFigures()
        self.is_reading = True
        self._agreement = agreement
        self._shown = ShownFigures((), (), "", {})
        self.shown = ShownRows("statistics", colors=setup.config.label_colors)
        widgets = Bar(id="columns"), self.shown.listed, Bar(id="told")
        self.frame = ListFrame(widgets, self._around, lambda _: self._choose())

    def on_mount(self) -> None:
        begin(self, partial(self._read, None), group="read", exclusive=True)

    def on_resize(self) -> None:
        self._show()

    def come_back(self, _article: str, saved: Callable[[], object]) -> None:
        """The reviewer is back from an article: what has changed is read again."""
        begin(self, partial(self._read, saved), group="read", exclusive=True)

    # Keys

    def own_act(self, action: str) -> Act | None:
        if action in VIEWS:
            return partial(self._next_view, VIEWS[action])
        if action in REVIEWERS:
            return partial(self._next_reviewer, REVIEWERS[action])
        if action == UNIT and self.wanted.view is View.SPEED:
            unit = Unit.WEEK if self.wanted.unit is Unit.DAY else Unit.DAY
            return partial(self._want, replace(self.wanted, unit=unit))
        if action == SEEN and self.wanted.view in (View.SUGGESTIONS, View.SCORES):
            return partial(self._want, replace(self.wanted, seen=not self.wanted.seen))
        if action == AGREEMENT:
            return self._agreement
        return self._choose if action == OPEN else None

    def _next_view(self, by: int) -> None:
        views = tuple(View)
        here = views.index(self.wanted.view)
        self._want(replace(self.wanted, view=views[(here + by) % len(views)]))

    def _next_reviewer(self, by: int) -> None:
        names = (None, *self.reading.totals.reviewers)
        here = names.index(self.wanted.reviewer) if self.wanted.reviewer in names else 0
        self._want(replace(self.wanted, reviewer=names[(here + by) % len(names)]))

    def _want(self, wanted: WantedFigures) -> None:
        self.wanted = wanted
        self._show(from_top=True)

    def _choose(self) -> None:
        place = self._shown.places.get(self.listed.key or "")
        if place is not None:
            span = place.span if isinstance(place, StandingNote) else Span(0, 1)
            open_place(self, place.article, span)
        elif self.wanted.view in (View.HARDEST, View.NOTES):
            self.say("Still reading." if self.is_reading else "There is nothing to open.")

    # Reading

    async def _read(self, saved: Callable[[], object] | None) -> None:
        self.is_reading = True
        try:
            if saved is not None:
                await asyncio.to_thread(saved)
            more = await asyncio.to_thread(self.reading.begin)
            while more:
                self.frame.show()
                before = self.reading.totals
                more = await asyncio.to_thread(self.reading.read_some)
                if self.reading.totals is not before:
                    self._show()
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
        finally:
            self.is_reading = False
            self._show()

    # Drawing

    def _show(self, *, from_top: bool = False) -> None:
        if not self.shown.listed.is_attached:
            return
        reading, width = self.reading, self.listed.scrollable_content_region.width
        self._shown = shown(self.wanted, reading.totals, reading.names, reading.notes, width)
        self.shown.rows = self._shown.rows
        if from_top:
            self.listed.set_size(len(self.shown.rows), cursor=0, lost=True)
        else:
            self.listed.set_size(len(self.shown.rows))
        self.frame.show()

    def _around(self) -> AroundList:
        pieces: list[Piece] = [("strong", " Statistics ")]
        apart = "  " if self.size.width >= _ROOMY else " "
        pieces += [
            ("key" if view is self.wanted.view else "muted", f"{apart}{view.value}")
            for view in View
        ]
        pieces.append(("info", f" {apart}{self.wanted.reviewer or 'all reviewers'} "))
        about = self._shown.about
        if self.wanted.view in (View.SUGGESTIONS, View.SCORES):
            about = f"suggestions {'seen' if self.wanted.seen else 'not seen'}; {about}"
        hints = self.keys.hints(_OF_VIEWS[self.wanted.view], *_HINTS)
        heads = BarLine(_as_pieces(self._shown.heads)) if self.shown.rows else BarLine()
        told = (BarLine((("muted", f" {about}"),)),) if self.shown.rows else ()
        return AroundList(
            tuple(pieces), hints, self._counted(), heads, told, empty=self._why_empty()
        )

    def _why_empty(self) -> str:
        if self.is_reading:
            return "The reviews are being read."
        if self.wanted.view is View.NOTES:
            key = self.keys.keymap.first("note")
            return f"No notes yet: in an article {key} writes one." if key else "No notes yet."
        return "Nothing to count yet: the first figures come with the first finished review."

    def _counted(self) -> str:
        """How far the reading is, or how much there is."""
        reading = self.reading
        if self.is_reading and not reading.is_over:
            of = f": {reading.done:,} of {many(reading.total, 'review')}" if reading.total else " …"
            return f"reading{of}"
        if self.wanted.view is View.NOTES:
            count = len(reading.notes)
            return f"{many(count, 'note')}{' or more' if count >= MOST_NOTES else ''}"
        if not self.shown.rows:
            return "nothing to count yet"
        return many(reading.total, "review")


def _as_pieces(cells: tuple[Cell, ...]) -> tuple[Piece, ...]:
    """Heads of columns as a line, in the places of the cells below."""
    return tuple(
        (cell.tone, f" {cell.text:{'>' if cell.align_right else '<'}{cell.width or 0}}")
        for cell in cells
    )
