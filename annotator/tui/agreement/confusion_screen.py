"""What met what: a matrix of the values of two reviewers, and the places behind each cell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from annotator.errors import AnnotatorError
from annotator.tui.agreement.agreement_reading import how_far
from annotator.tui.agreement.confusion_rows import MatrixView, cell_in_words
from annotator.tui.agreement.place_list import PlaceList
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.opening import OPENED, PlaceChosen
from annotator.tui.screens.waiting import begin
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from annotator.core.comparison.article_tallies import Names
    from annotator.core.comparison.confusions import ConfusionMatrix
    from annotator.tui.agreement.agreement_screen import AgreementScreen

_BACK = ("escape", "q")
_STEPS = {
    **dict.fromkeys(("up", "k"), (-1, 0)),
    **dict.fromkeys(("down", "j"), (1, 0)),
    **dict.fromkeys(("left", "h"), (0, -1)),
    **dict.fromkeys(("right", "l"), (0, 1)),
}
_MOVES = {"j": "down", "k": "up"}
_IN_MATRIX = (
    ("enter", "its places"),
    ("↑↓←→", "cell"),
    ("p P", "a pair"),
    ("tab", "labels, attributes"),
    ("esc", "back"),
)
_IN_PLACES = (("enter", "open there"), ("j k", "move"), ("esc", "back to the matrix"))


class ConfusionScreen(KeyScreen):
    """The matrix above, the places of the cell under the cursor below."""

    opens_articles = True

    def __init__(
        self, above: AgreementScreen, pair: Names | None, subject: str, value: str | None
    ) -> None:
        super().__init__()
        self.reading, self._above = above.reading, above
        self.pair, self.subject = pair, subject
        self.view = self._view_of(value)
        self.places = PlaceList(above.reading)
        self.is_in_places = False
        colors = above.setup.config.label_colors
        self.matrix = VirtualList(
            lambda index: self.view.line(index), find=self._line_of, colors=colors, id="matrix"
        )
        self._listed_matrix: ConfusionMatrix | None = None
        self._message = ""

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield Bar(id="columns")
        yield self.matrix
        yield Bar(id="told")
        yield self.places.listed
        yield Bar(id="hints")

    def on_mount(self) -> None:
        self._focus(places=False)
        # When it is known how many rows fit: the list would scroll to the cursor otherwise.
        self.call_after_refresh(self._show_matrix)

    def on_resize(self) -> None:
        self._show_matrix()

    # Keys

    def press(self, pressed: str, _character: str | None) -> None:
        """Move in the matrix or in its places, open one, choose another pair or subject."""
        self._message = ""
        if self.is_in_places:
            self._press_in_places(pressed)
        elif pressed in _BACK:
            self.close()
        elif pressed in _STEPS:
            down, right = _STEPS[pressed]
            self._go(self.view.at(self.view.row + down, self.view.column + right))
        elif pressed == "enter":
            self._enter_places()
        elif pressed in ("tab", "shift+tab"):
            self._next_subject(1 if pressed == "tab" else -1)
        elif pressed in ("p", "P"):
            self._next_pair(1 if pressed == "p" else -1)
        else:
            self._message = f"{pressed} does nothing here; the line below lists the keys."
        self._show_lines()

    def _press_in_places(self, pressed: str) -> None:
        if pressed in _BACK:
            self._focus(places=False)
        elif pressed == "enter":
            self._open()
        elif not self.places.listed.press(_MOVES.get(pressed, pressed)):
            self._message = f"{pressed} does nothing here; the line below lists the keys."

    def meaning(self, typed: Typed) -> Meaning:
        leaves = typed.pressed in _BACK and not self.is_in_places
        return Meaning.LEAVES if leaves else Meaning.OTHER

    def say(self, message: str) -> None:
        self._message = message
        self._show_lines()

    def come_back(self, _article: str, saved: Callable[[], object]) -> None:
        """The reviewer is back from an article: what changed is read again in the background."""
        begin(self, partial(self._read_again, saved), group="again", exclusive=True)

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        if event.widget is self.matrix and event.index != self.view.row:
            self._go(self.view.at(event.index, self.view.column))
        elif event.widget is self.places.listed and event.widget.has_focus:
            self._focus(places=True)

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if not self.takes_keys:
            return
        if event.widget is self.places.listed:
            self._open()
        else:
            self._enter_places()

    def _enter_places(self) -> None:
        if self.places.found:
            self._focus(places=True)
        else:
            self.say(self.places.why_nothing)

    def _focus(self, *, places: bool) -> None:
        self.is_in_places = places
        self.matrix.show_cursor(not places)
        self.places.listed.show_cursor(places)
        (self.places.listed if places else self.matrix).focus()
        self._show_lines()

    def _open(self) -> None:
        found = self.places.current
        if found is None:
            self.say(self.places.why_nothing)
        else:
            self.waiting.awaits(OPENED)
            self.post_message(PlaceChosen(found.place.article, found.hit.span))

    # What is shown

    def _next_subject(self, by: int) -> None:
        subjects = self.reading.confusions.subjects(self.pair)
        if self.subject in subjects:
            here = subjects.index(self.subject)
            self.subject = subjects[(here + by) % len(subjects)]
        self._go(self._view_of(None))

    def _next_pair(self, by: int) -> None:
        pairs = (None, *self.reading.confusions.pairs)
        here = pairs.index(self.pair) if self.pair in pairs else 0
        self.pair = pairs[(here + by) % len(pairs)]
        met = self.view.met
        self._go(self._view_of(met[0] if met else None))

    def _view_of(self, value: str | None) -> MatrixView:
        matrix = self.reading.confusions.matrix(self.pair, self.subject)
        return MatrixView(matrix).at_most_disputed(value if value in matrix.values else None)

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
        self._show_lines()
        begin(self, self._read_places, group="places", exclusive=True)

    async def _read_places(self) -> None:
        await self.places.read(self.pair, self.subject, self.view.met)
        if not self.places.found and self.is_in_places:
            self._focus(places=False)
        self._show_lines()

    async def _read_again(self, saved: Callable[[], object]) -> None:
        met = self.view.met
        try:
            await asyncio.to_thread(saved)
            more = await asyncio.to_thread(self.reading.begin)
            while more:
                more = await asyncio.to_thread(self.reading.read_some)
                self._show_lines()
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
            return
        view = self._view_of(None)
        if met is not None and set(met) <= set(view.values):
            view = view.at(view.values.index(met[0]), view.values.index(met[1]))
        self._go(view)
        self._above.look()

    # Drawing

    def _line_of(self, key: str) -> int | None:
        return self.view.values.index(key) if key in self.view.values else None

    def _show_lines(self) -> None:
        if not self.query("#told"):
            return
        whose = " and ".join(self.pair) if self.pair else "all reviewers"
        what = self.subject.replace("_", " ")
        left = (("strong", f" What met what: {what} "), ("info", f" {whose} "))
        ways = f"rows {self.pair[0]}, columns {self.pair[1]} " if self.pair else "both ways "
        far = ways if self.reading.is_over else f"{how_far(self.reading)} "
        right: tuple[Piece, ...] = (("muted", far),)
        if self._message:
            right = (("accent", f" {self._message} "),)
        self.query_one("#counts", Bar).show(BarLine(left, right))
        self.query_one("#columns", Bar).show(BarLine(self.view.heads()))
        self.query_one("#told", Bar).show(cell_in_words(self.view, self.pair, self.places.cell))
        rows = _IN_PLACES if self.is_in_places else _IN_MATRIX
        self.query_one("#hints", Bar).show(hints(rows, self.size.width))
