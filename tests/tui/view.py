"""An article view alone in an app: shown, listened to, and read back line by line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from annotator.tui.article.article_view import GUTTER, ArticleView
from annotator.tui.article.render import Mark
from tests.tui.drawing import LABELS, Stage

STORY = (
    "Ferry vote slips to spring\n\n"
    "The harbour master told reporters on Tuesday that two ferries would not sail before the "
    "crossing opens, and that nobody on the quay had asked him.\n\n"
    "“We wait,” she said.\n"
)


class Listening(Stage):
    def on_article_view_caret_moved(self, message: ArticleView.CaretMoved) -> None:
        self.posted.append(message)

    def on_article_view_selection_made(self, message: ArticleView.SelectionMade) -> None:
        self.posted.append(message)

    def on_article_view_clicked(self, message: ArticleView.Clicked) -> None:
        self.posted.append(message)

    def last(self, kind: type) -> object:
        return [message for message in self.posted if isinstance(message, kind)][-1]


@asynccontextmanager
async def showing(
    text: str,
    marks: list[Mark] | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    theme: str = "dark",
) -> AsyncIterator[tuple[Listening, ArticleView, Pilot[None]]]:
    app = Listening(lambda: ArticleView(LABELS), theme=theme)
    async with app.run_test(size=size) as pilot:
        view = app.query_one(ArticleView)
        view.set_text(text, marks or [])
        view.focus()
        await pilot.pause()
        await pilot.pause()
        yield app, view, pilot


def drawn(view: ArticleView) -> list[str]:
    return [view.render_line(y).text for y in range(view.size.height)]


def cell_at(view: ArticleView, offset: int) -> tuple[int, int]:
    """The position of the character at `offset` in the view, in cells from its top left."""
    layout = view.scene.layout
    row = layout.line_of(offset) - view.scroll_offset.y
    return GUTTER + layout.cell_of(offset), row
