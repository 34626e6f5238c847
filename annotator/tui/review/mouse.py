"""What the mouse does in the text and in the list of items."""

from __future__ import annotations

from collections.abc import Callable

from annotator.core.article import Span
from annotator.tui.article.article_view import ArticleView
from annotator.tui.review.actions import Workbench
from annotator.tui.widgets.letter_menu import MenuPrompt


class Mouse:
    """Clicks and drags; `at_work` gives the article to click in, None where there is none now."""

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

    def snapped(self, span: Span) -> Span:
        """What is dragged, as whole tokens unless characters were asked for."""
        work = self._at_work()
        if work is None or work.state.habits.by_character:
            return span
        return work.state.words.snap(span)

    def _taken(self) -> Workbench | None:
        """The article to click in; the time counts, messages go, and so does a menu: its letters
        were meant for what was under the caret before."""
        work = self._at_work()
        if work is not None:
            if isinstance(work.page.prompts.current, MenuPrompt):
                work.page.prompts.close()
            work.state.session.count_key(0)
            work.page.lines.message = ""
        return work
