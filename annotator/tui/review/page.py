"""What shows a review: the text, the items beside it, the lines around it, and the prompt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from annotator.tui.article.article_view import ArticleView
from annotator.tui.review.annotation_list import AnnotationList
from annotator.tui.review.prompts import LetterMenu, Prompts
from annotator.tui.review.status import StatusLines
from annotator.tui.strips import Choice, Strip


@dataclass(frozen=True, slots=True)
class Page:
    """The widgets of the review screen, and `copy`, which puts words on the clipboard."""

    view: ArticleView
    panel: AnnotationList
    lines: StatusLines
    copy: Callable[[str], None]

    @property
    def prompts(self) -> Prompts:
        """The place for a prompt."""
        return self.lines.prompts

    def say(self, message: str) -> None:
        """Says something in the detail line until the next key."""
        self.lines.say(message)

    def shown(self, action: str) -> str:
        """The keys of an action as they are printed."""
        return self.lines.keymap.shown(action)

    def open_menu(
        self, strip: Strip, chosen: Callable[[Choice], None], hints: ArticleView | None = None
    ) -> None:
        """Has a letter chosen; `hints` is where letters stand in the text as long as it is open."""
        self.prompts.open(LetterMenu(strip, chosen, self.say, hints))
