"""The widgets of a review: the text, the list of items, the lines around them, the prompt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from annotator.tui.article.article_view import ArticleView
from annotator.tui.review.annotation_list import AnnotationList
from annotator.tui.review.status import StatusLines
from annotator.tui.widgets.letter_menu import LetterMenu, MenuPrompt
from annotator.tui.widgets.prompts import Prompts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """The widgets of the review screen."""

    view: ArticleView
    panel: AnnotationList
    lines: StatusLines

    @property
    def prompts(self) -> Prompts:
        """The slot for a prompt."""
        return self.lines.prompts

    def say(self, message: str) -> None:
        """Show a message in the detail line until the next key."""
        self.lines.say(message)

    def shown(self, action: str) -> str:
        """The keys of an action, for display."""
        return self.lines.keymap.shown(action)

    def open_menu(
        self, menu: LetterMenu[T], chosen: Callable[[T], None], *, has_hints: bool = False
    ) -> None:
        """Open a menu, which does not cover what is in focus; `chosen` gets the value. With
        `has_hints`, hints in the text are removed when it closes."""

        def closed() -> None:
            if has_hints:
                self.view.clear_hints()
            self.view.lines.uncover(0)

        prompt = MenuPrompt(menu, chosen, self.say, closed)
        self.prompts.open(prompt)
        screen, view = self.view.screen.size, self.view.content_region
        top = screen.height - len(prompt.lines(screen.width))
        self.view.lines.uncover(max(0, view.bottom - top))
