"""An app around one widget that keeps what it sends to the terminal, and articles to show in it."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path

from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from annotator.core.article import Span
from annotator.core.states import ItemState
from annotator.tui.article.render import Mark, MarkRole
from annotator.tui.theme.themes import themes

SCHEME = Path(__file__).parents[2] / "schema" / "labels.toml"
LABELS = {row["name"]: row["color"] for row in tomllib.loads(SCHEME.read_text())["label"]}
SENTENCE = (
    "harbour ferry board council quay winter crossing master told reporters that the of a "
    "Greyline Ansel Tamsin before Tuesday crowns vessels “honest” figures – said."
)


class Stage(App[None]):
    """Shows one widget; `sent` is the output for a terminal since it was last cleared."""

    CSS = "ArticleView, VirtualList { height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, make: Callable[[], Widget], *, theme: str = "dark") -> None:
        super().__init__()
        self._make = make
        self._wanted = theme
        self.sent: list[str] = []
        self.posted: list[object] = []

    def compose(self) -> ComposeResult:
        yield self._make()

    def on_mount(self) -> None:
        for theme in themes():
            self.register_theme(theme)
        self.theme = self._wanted

    def on_event_posted(self, event: object) -> None:
        self.posted.append(event)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.sent.append(renderable.render_segments(self.console))
        super()._display(screen, renderable)


def article(words: int, *, paragraphs: bool = True, seed: int = 7) -> str:
    """A text of so many words, in paragraphs of 60 or in one."""
    dice = random.Random(seed)
    vocabulary = SENTENCE.split()
    drawn = [dice.choice(vocabulary) for _ in range(words)]
    size = 60 if paragraphs else words
    return "\n\n".join(" ".join(drawn[at : at + size]) for at in range(0, words, size))


def marks_for(text: str, *, every: int = 8) -> list[Mark]:
    """An entity on every eighth word and a claim on every eightieth, some of them decided."""
    places, at = [], 0
    for line in text.split("\n"):
        begin = at
        for word in line.split(" "):
            if word:
                places.append(Span(begin, begin + len(word)))
            begin += len(word) + 1
        at += len(line) + 1
    statuses, labels = list(ItemState), list(LABELS)
    marks = [
        Mark(f"e{n}", MarkRole.ENTITY, span, labels[n % len(labels)], statuses[n % 2])
        for n, span in enumerate(places[::every])
    ]
    for n, first in enumerate(range(0, len(places) - 12, every * 10)):
        source, cue = places[first], places[first + 1]
        content = Span(places[first + 2].start, places[first + 9].end)
        if "\n" not in content.of(text):
            for role, span in (
                (MarkRole.SOURCE, source),
                (MarkRole.CUE, cue),
                (MarkRole.CONTENT, content),
            ):
                marks.append(Mark(f"c{n}", role, span, None, ItemState.OPEN))
    return marks
