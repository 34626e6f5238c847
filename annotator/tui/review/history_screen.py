"""Everything that was done on an article, by whom and when; undoes back to a line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.core.journal.narrative import ToldPress, presses_in_order
from annotator.core.review import Review
from annotator.core.text.counted import many
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode, show_key
from annotator.tui.screens.list_frame import Act, AroundList, ListFrame, ShownRows
from annotator.tui.screens.list_screen import ListScreen
from annotator.tui.screens.waiting import begin
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.rows import Cell, Row

if TYPE_CHECKING:
    from annotator.tui.review.actions import Workbench

_WHEN, _WHO = 16, 12
OPEN, UNDO = f"{Mode.HISTORY}_open", f"{Mode.HISTORY}_undo"
_HINTS = (
    ((OPEN,), "go there"),
    ((UNDO,), "undo back to before this line"),
    (("history_close",), "back"),
)


class HistoryScreen(ListScreen):
    """One line for each key press, the latest at the end. One's own review is shown as it stands,
    with what is not written yet; those of others as far as one may see them."""

    def __init__(
        self, setup: AppSetup, keymap: KeyMap, work: Callable[[], Workbench | None]
    ) -> None:
        """`work` has the parts for the article that is open."""
        super().__init__(keymap, Mode.HISTORY)
        self.setup, self._work = setup, work
        self.presses: dict[str, ToldPress] = {}
        self._others: tuple[Review, ...] = ()
        self._hidden = 0
        self._asked = self._pressed = ""
        self.shown = ShownRows("history")
        widgets = self.shown.listed, Bar(id="told")
        self.frame = ListFrame(widgets, self._around, lambda _: self._choose())

    def on_mount(self) -> None:
        self._show(at_end=True)
        begin(self, self._read_others, group="others", exclusive=True)

    # Keys

    def press(self, pressed: str, character: str | None) -> None:
        self._pressed = pressed
        super().press(pressed, character)

    def own_act(self, action: str) -> Act | None:
        asked, self._asked = self._asked, ""
        if action == UNDO:
            return partial(self._undo, asked)
        return self._choose if action == OPEN else None

    @property
    def here(self) -> ToldPress | None:
        """The key press under the cursor."""
        return self.presses.get(self.listed.key or "")

    def _choose(self) -> None:
        """Go to the item, in the article below."""
        press, work = self.here, self._work()
        if press is None or work is None:
            return
        if press.item is None:
            self.say("This concerns the whole article.")
            return
        self.close()
        if press.item.id in work.state.listed.all_items:
            work.navigation.focus_on(press.item.id)
        else:
            work.finding.show(press.item.span)

    def _undo(self, asked: str) -> None:
        """Undo this key press and those after it; asks first if there are some."""
        press, work = self.here, self._work()
        if press is None or work is None:
            return
        if press.group not in {one.group for one in work.state.review.decisions}:
            self.say(f"{press.reviewer} decided this in another review; it is undone there alone.")
        elif press.undoes is None:
            undone = "This is undone already" if press.is_undone else "An undo cannot be undone"
            key = self.keys.keymap.first("redo")
            again = f"; {key} in the article does it again, right after an undo" if key else ""
            self.say(f"{undone}{again}.")
        elif press.undoes > 1 and asked != press.group:
            self._asked = press.group
            more = many(press.undoes - 1, "key press", "key presses")
            self.say(f"{show_key(self._pressed)} again undoes this and {more} after it.")
        else:
            work.state.session.count_key(1 if asked != press.group else 2)
            work.article.undo_back(press.undoes)
            self._show()
            self.say(f"Undone: {many(press.undoes, 'key press', 'key presses')}.")

    # Reading and drawing

    async def _read_others(self) -> None:
        work = self._work()
        if work is None:
            return
        own = work.state.review
        try:
            journal = await asyncio.to_thread(self.setup.store.journal.of, own.article)
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
            return
        self._others = tuple(
            one.review
            for one in journal.reviews
            if (one.review.reviewer, one.review.adjudicates) != (own.reviewer, own.adjudicates)
        )
        self._hidden = journal.hidden
        self._show(at_end=self.listed.cursor >= len(self.shown.rows) - 1)

    def _show(self, *, at_end: bool = False) -> None:
        work = self._work()
        if work is None:
            return
        reviews = (work.state.review, *self._others)
        text = work.state.text
        self.presses = {
            f"{place} {one.group}": one for place, one in enumerate(presses_in_order(reviews, text))
        }
        self.shown.show([_row(key, one) for key, one in self.presses.items()])
        if at_end and self.presses:
            self.listed.move_to(len(self.presses) - 1, tell=False)
        self.frame.show()

    def _around(self) -> AroundList:
        work = self._work()
        name = work.state.session.article.name if work is not None else ""
        counted = many(len(self.presses), "key press", "key presses")
        undone = sum(one.is_undone for one in self.presses.values())
        counted += f", {undone:,} undone" if undone else ""
        press = self.here
        told = f" {press.words}" if press is not None else ""
        if self._hidden:
            whose = many(self._hidden, "review")
            told = f" {whose} of others: not shown before you have finished yours. {told}"
        title = (("strong", " History "), ("muted", f" {name}"))
        why = "Nothing was done on this article yet."
        return AroundList(
            title, self.keys.hints(*_HINTS), counted, told=(BarLine((("muted", told),)),), empty=why
        )


def _row(key: str, one: ToldPress) -> Row:
    tone = "muted" if one.is_undone or one.undoes is None else "normal"
    return Row.of(
        key,
        Cell(f"{one.at:%m-%d %H:%M:%S}", "muted", _WHEN),
        Cell(one.reviewer, "info", _WHO),
        Cell(one.words, tone, strike=one.is_undone),
    )
