"""What met what: a matrix of the values of two reviewers, and the places behind each cell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError
from annotator.tui.agreement.agreement_reading import how_far
from annotator.tui.agreement.confusion_rows import MatrixView, cell_in_words
from annotator.tui.agreement.figure_keys import (
    CLOSE,
    DOWN,
    LEFT,
    NEXT_PAIR,
    NEXT_SUBJECT,
    OPEN,
    PREVIOUS_PAIR,
    PREVIOUS_SUBJECT,
    RIGHT,
    UP,
)
from annotator.tui.agreement.place_list import PlaceList
from annotator.tui.screens.layers import Meaning
from annotator.tui.screens.list_frame import Act, AroundList, ListFrame
from annotator.tui.screens.list_screen import ListScreen
from annotator.tui.screens.opening import open_place
from annotator.tui.screens.waiting import begin
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from annotator.core.comparison.article_tallies import Names
    from annotator.core.comparison.confusions import ConfusionMatrix
    from annotator.tui.agreement.agreement_screen import AgreementScreen

_STEPS = {UP: (-1, 0), DOWN: (1, 0), LEFT: (0, -1), RIGHT: (0, 1)}
_PAIRS = {NEXT_PAIR: 1, PREVIOUS_PAIR: -1}
_SUBJECTS = {NEXT_SUBJECT: 1, PREVIOUS_SUBJECT: -1}
_IN_MATRIX = (
    ((OPEN,), "its places"),
    ((UP, DOWN, LEFT, RIGHT), "cell"),
    ((NEXT_PAIR, PREVIOUS_PAIR), "a pair"),
    ((NEXT_SUBJECT,), "labels, attributes"),
    ((CLOSE,), "back"),
)
_IN_PLACES = (((OPEN,), "open there"), ((DOWN, UP), "move"), ((CLOSE,), "back to the matrix"))


class ConfusionScreen(ListScreen):
    """The matrix above, the places of the cell under the cursor below."""

    opens_articles = True

    def __init__(
        self, above: AgreementScreen, pair: Names | None, subject: str, value: str | None
    ) -> None:
        super().__init__(above.keys.keymap, above.keys.mode)
        self.reading, self._above = above.reading, above
        self.pair, self.subject = pair, subject
        self.view = _view_of(self.reading.confusions.matrix(pair, subject), value)
        self.places = PlaceList(above.reading)
        self.is_in_places = False
        colors = above.setup.config.label_colors
        self.matrix = VirtualList(
            lambda index: self.view.line(index),
            find=lambda key: self.view.place(key),
            colors=colors,
            id="matrix",
        )
        self._listed_matrix: ConfusionMatrix | None = None
        widgets = Bar(id="columns"), self.matrix, Bar(id="told"), self.places.listed
        self.frame = ListFrame(widgets, self._around, self._choose, self._moved)

    @property
    def listed(self) -> VirtualList:
        return self.places.listed if self.is_in_places else self.matrix

    def _around(self) -> AroundList:
        whose = " and ".join(self.pair) if self.pair else "all reviewers"
        what = self.subject.replace("_", " ")
        ways = f"rows {self.pair[0]}, columns {self.pair[1]}" if self.pair else "both ways"
        return AroundList(
            (("strong", f" What met what: {what} "), ("info", f" {whose} ")),
            self.keys.hints(*(_IN_PLACES if self.is_in_places else _IN_MATRIX)),
            ways if self.reading.is_over else how_far(self.reading),
            BarLine(self.view.heads()),
            (cell_in_words(self.view, self.pair, self.places.cell),),
        )

    def on_mount(self) -> None:
        self._focus(places=False)
        # When it is known how many rows fit: the list would scroll to the cursor otherwise.
        self.call_after_refresh(self._show_matrix)

    def on_resize(self) -> None:
        self._show_matrix()

    # Keys

    def own_act(self, action: str) -> Act | None:
        if action == OPEN:
            return partial(self._choose, self.listed)
        if self.is_in_places:
            return partial(self._focus, places=False) if action == CLOSE else None
        if action in _STEPS:
            return partial(self._go, self.view.moved(*_STEPS[action]))
        if action in _SUBJECTS:
            return partial(self._next_subject, _SUBJECTS[action])
        if action in _PAIRS:
            return partial(self._next_pair, _PAIRS[action])
        return None

    def meaning(self, typed: Typed) -> Meaning:
        return Meaning.OTHER if self.is_in_places else self.keys.meaning(typed)

    def come_back(self, _article: str, saved: Callable[[], object]) -> None:
        """The reviewer is back from an article: what changed is read again in the background."""
        begin(self, partial(self._read_again, saved), group="again", exclusive=True)

    def _moved(self, event: VirtualList.Highlighted) -> None:
        if event.widget is self.matrix and event.index != self.view.row:
            self._go(self.view.at(event.index, self.view.column))
        elif event.widget is self.places.listed and event.widget.has_focus:
            self._focus(places=True)

    def _choose(self, listed: VirtualList) -> None:
        found = self.places.current
        if found is None:
            self.say(self.places.why_nothing)
        elif listed is self.matrix:
            self._focus(places=True)
        else:
            open_place(self, found.place.article, found.hit.span)

    def _focus(self, *, places: bool) -> None:
        self.is_in_places = places
        self.matrix.show_cursor(not places)
        self.places.listed.show_cursor(places)
        self.listed.focus()
        self.frame.show()

    # What is shown

    def _next_subject(self, by: int) -> None:
        subjects = self.reading.confusions.subjects(self.pair)
        if self.subject in subjects:
            here = subjects.index(self.subject)
            self.subject = subjects[(here + by) % len(subjects)]
        self._go(_view_of(self.reading.confusions.matrix(self.pair, self.subject)))

    def _next_pair(self, by: int) -> None:
        pairs = (None, *self.reading.confusions.pairs)
        here = pairs.index(self.pair) if self.pair in pairs else 0
        self.pair = pairs[(here + by) % len(pairs)]
        matrix = self.reading.confusions.matrix(self.pair, self.subject)
        self._go(_view_of(matrix, self.view.met[0] if self.view.met else None))

    def _go(self, view: MatrixView) -> None:
        self.view = replace(view, room=self.view.room).at(view.row, view.column)
        self._show_matrix()

    def _show_matrix(self) -> None:
        if not self.matrix.is_attached:
            return
        room = self.matrix.scrollable_content_region.width - 1
        if room != self.view.room:
            # The columns from the first one on, as far as the cursor lets them.
            self.view = replace(self.view, room=room, first=0)
            self.view = self.view.at(self.view.row, self.view.column)
        if self.view.matrix is not self._listed_matrix:
            # From the top on: the list would keep the row of the old cursor in its place.
            self._listed_matrix = self.view.matrix
            self.matrix.set_size(len(self.view.values), cursor=0, lost=True)
        self.matrix.move_to(self.view.row, tell=False)
        self.matrix.invalidate()
        self.places.is_read = False
        self.frame.show()
        begin(self, self._read_places, group="places", exclusive=True)

    async def _read_places(self) -> None:
        await self.places.read(self.pair, self.subject, self.view.met)
        if not self.places.found and self.is_in_places:
            self._focus(places=False)
        self.frame.show()

    async def _read_again(self, saved: Callable[[], object]) -> None:
        met = self.view.met
        try:
            await asyncio.to_thread(saved)
            more = await asyncio.to_thread(self.reading.begin)
            while more:
                more = await asyncio.to_thread(self.reading.read_some)
                self.frame.show()
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
            return
        view = _view_of(self.reading.confusions.matrix(self.pair, self.subject))
        if met is not None and set(met) <= set(view.values):
            view = view.at(view.values.index(met[0]), view.values.index(met[1]))
        self._go(view)
        self._above.look()


def _view_of(matrix: ConfusionMatrix, value: str | None = None) -> MatrixView:
    """The matrix, the cursor on its most disputed cell, in the row of `value` if it is there."""
    return MatrixView(matrix).at_most_disputed(value if value in matrix.values else None)
