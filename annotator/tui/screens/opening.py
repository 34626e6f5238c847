"""Asks for an article to be opened at a place in it, over the screen that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from annotator.core.article import Span
    from annotator.tui.screens.layers import KeyScreen

OPENED = "article"
"""What keys of the screen that asks wait for: the article to be shown."""


class PlaceChosen(Message, namespace="opener"):
    """An article is to be opened at a place in it."""

    def __init__(self, article: str, span: Span) -> None:
        super().__init__()
        self.article, self.span = article, span


def open_place(screen: KeyScreen, article: str, span: Span) -> None:
    """Have an article opened at a place over `screen`, whose keys wait for it."""
    screen.waiting.awaits(OPENED)
    screen.post_message(PlaceChosen(article, span))
