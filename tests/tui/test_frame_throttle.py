"""A frame waits until the previous one is sent, and then shows the current state."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from annotator.tui.terminal.frame_throttle import ThrottledScreen


class Line(App[None]):
    """An app on a line that may be busy; remembers what was drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.waits_for_terminal = False
        self.frames: list[str] = []

    def get_default_screen(self) -> Screen[None]:
        return Words()

    def _display(self, screen: Screen[None], renderable: object) -> None:
        if renderable is not None:
            self.frames.append(str(screen.query_one(Static).render()))


class Words(ThrottledScreen):
    def compose(self) -> ComposeResult:
        yield Static("none")


async def test_frames_wait_and_only_the_last_is_drawn() -> None:
    app = Line()
    async with app.run_test() as pilot:
        static = app.screen.query_one(Static)
        app.frames.clear()
        app.waits_for_terminal = True
        for words in ("one", "two", "three"):
            static.update(words)
            await pilot.pause(0.05)
        assert app.frames == []
        app.waits_for_terminal = False
        await pilot.pause(0.1)
        assert set(app.frames) == {"three"}


async def test_a_new_layout_waits_too() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.frames.clear()
        app.waits_for_terminal = True
        app.screen.query_one(Static).styles.height = 5
        await pilot.pause(0.05)
        await pilot.resize_terminal(60, 20)
        await pilot.pause(0.05)
        assert app.frames == []
        app.waits_for_terminal = False
        await pilot.pause(0.1)
        assert set(app.frames) == {"none"}
