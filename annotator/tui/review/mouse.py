"""The mouse in the text and in the list of items."""

from __future__ import annotations

from collections.abc import Callable

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Span
from annotator.core.states import ItemFilter
from annotator.tui.article.article_view import ArticleView
from annotator.tui.review.actions import Workbench
from annotator.tui.widgets.letter_menu import MenuPrompt

_KINDS: dict[type[Item], ItemFilter] = {
    Entity: ItemFilter.ENTITIES,
    Claim: ItemFilter.CLAIMS,
    Junk: ItemFilter.JUNK,
}


class Mouse:
    """Clicks and drags; `at_work` returns the current article, None if there is none."""

    def __init__(self, at_work: Callable[[], Workbench | None]) -> None:
        self._at_work = at_work

    def click(self, event: ArticleView.Clicked) -> None:
        work = self._taken()
        if work is None:
            return
        if event.shift:
            work.caret.extend_to(event.offset)
        elif event.times == 1:
            work.caret.put(event.offset, scroll=False)
        else:
            words = work.state.words
            whole = words.token_at if event.times == 2 else words.sentence_at
            work.caret.select(whole(event.offset), caret=event.offset)

    def drag(self, span: Span) -> None:
        work = self._taken()
        if work is not None:
            work.caret.select(span)

    def pick(self, item: str) -> None:
        work = self._taken()
        if work is not None:
            work.navigation.focus_on(item)

    def pick_kind(self, kind: type[Item]) -> None:
        """List only the items of a kind, or all again."""
        work = self._taken()
        if work is not None:
            listing, only = work.listing, _KINDS[kind]
            listing.list_only(ItemFilter.ALL if work.state.listed.only is only else only)
            work.page.lines.show_foot()

    def snapped(self, span: Span) -> Span:
        """The dragged range, widened to whole tokens unless in character mode."""
        work = self._at_work()
        if work is None or work.state.habits.by_character:
            return span
        return work.state.words.snap(span)

    def _taken(self) -> Workbench | None:
        """The current article for a click: counts the time, clears the message, and closes a menu,
        whose letters were for the item under the old caret."""
        work = self._at_work()
        if work is not None:
            if isinstance(work.page.prompts.current, MenuPrompt):
                work.page.prompts.close()
            work.state.session.count_key(0)
            work.page.lines.message = ""
        return work
