"""Decides all names of the list of a search together: asks, decides, takes it back."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from enum import Enum
from functools import partial

from annotator.core.reviewing.listed_names import ListedName
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.search.found_rows import FoundHit
from annotator.tui.search.list_desk import ListDesk, ListOutcome
from annotator.tui.search.live_search import LiveSearch
from annotator.tui.search.search_line import Scope
from annotator.tui.widgets.letter_menu import Choice, LetterMenu, MenuPrompt, menu_of
from annotator.tui.widgets.prompts import Prompts

_DECIDED = "decided"


class _Deed(Enum):
    ACCEPT = "Accepted"
    REJECT = "Rejected"
    UNDO = "Undone:"


class ListDeciding:
    """The question about the list, and what follows from its answer.

    Only names that were on the screen are decided. `changed` draws the screen.
    """

    def __init__(
        self,
        screen: KeyScreen,
        setup: AppSetup,
        search: LiveSearch,
        changed: Callable[[], None],
    ) -> None:
        self.prompts = Prompts(changed)
        self._screen, self._search = screen, search
        self._desk = ListDesk(setup)
        self._shown: set[str] = set()

    def forget(self) -> None:
        """Another list is shown from now on."""
        self._shown.clear()

    def showed(self, hit: FoundHit | None) -> None:
        """A hit was drawn on the screen."""
        if hit is not None:
            self._shown.add(hit.key)

    def press(self, pressed: str, character: str | None) -> bool:
        """Pass a key to the question; returns whether one is open."""
        if self.prompts.current is None:
            return False
        self.prompts.press(pressed, character)
        return True

    def ask(self) -> None:
        """Ask what is to become of the names that were shown."""
        search = self._search
        if search.searched is None or search.searched.scope is not Scope.NAMES:
            self._screen.say("Only names are decided as a list: tab looks for words in names.")
            return
        every = list(search.found.every_hit())
        seen = [hit for hit in every if hit.key in self._shown]
        if not seen and not self._desk.can_undo:
            self._screen.say("There is nothing to decide.")
            return
        menu = _menu(len(seen), len(every) - len(seen), more=search.has_more)
        self.prompts.open(MenuPrompt(menu, partial(self._answer, seen), self._screen.say))

    def _answer(self, seen: list[FoundHit], deed: _Deed) -> None:
        self._screen.waiting.fetch(_DECIDED, partial(self._do, seen, deed))

    async def _do(self, seen: list[FoundHit], deed: _Deed) -> None:
        try:
            outcome = await asyncio.to_thread(self._outcome, seen, deed)
        except AnnotatorError as error:
            self._screen.say(f"{error.message} {error.hint}".strip())
            return
        if deed is _Deed.UNDO:
            await self._search.search_again()  # what was rejected is found again
        else:
            await self._search.look_again_at(outcome.articles)
        if self._screen.is_attached:
            self._screen.say(outcome.told(deed.value))

    def _outcome(self, seen: list[FoundHit], deed: _Deed) -> ListOutcome:
        if deed is _Deed.UNDO:
            return self._desk.undo()
        listed = defaultdict[str, set[ListedName]](set)
        for found in seen:
            listed[found.article.id].add((found.hit.span, found.hit.what))
        return self._desk.decide(listed, rejecting=deed is _Deed.REJECT)


def _menu(seen: int, unseen: int, *, more: bool) -> LetterMenu[_Deed]:
    """The question, with how many names were shown and how many were not."""
    undo = Choice("u", "undo the last list", _Deed.UNDO)
    if not seen:
        return menu_of("list", "No names are shown", (undo,))
    names = "The name shown" if seen == 1 else f"The {seen:,} names shown"
    further = "further ones are not read yet" if more else ""
    hidden = f"{unseen:,} not shown yet" if unseen else ""
    rest = ", ".join(part for part in (hidden, further) if part)
    title = f"{names}, where still open{f' ({rest}: they stay)' if rest else ''}"
    accept, reject = (
        Choice("a", "accept them", _Deed.ACCEPT),
        Choice("x", "reject them", _Deed.REJECT),
    )
    return menu_of("list", title, (accept, reject, undo))
