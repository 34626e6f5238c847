"""Base of the lists of one's own answers that were judged, each at its place in an article."""

from __future__ import annotations

from annotator.tui.agreement.figure_keys import CLOSE, DOWN, OPEN, UP
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.layers import Meaning
from annotator.tui.screens.list_frame import Act, AroundList, ShownRows
from annotator.tui.screens.list_keys import ListKeys
from annotator.tui.screens.list_screen import ROWS, ListScreen
from annotator.tui.setup import AppSetup
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import BarLine

_HINTS = (((OPEN,), "open there"), ((CLOSE,), "back"), ((DOWN, UP), "move"))


class AnswerListScreen(ListScreen):
    """Reads its rows once it is shown; its own class says what they are and where each leads."""

    opens_articles = True

    def __init__(self, setup: AppSetup, keymap: KeyMap, *, title: str, id: str) -> None:
        super().__init__()
        self.setup, self.keys = setup, ListKeys(keymap, Mode.FIGURES)
        self.counted, self.why_empty = "reading …", ""
        self.shown = ShownRows(id)
        self._title = title

    async def read(self) -> None:
        """Read the answers and show them."""
        raise NotImplementedError

    def choose(self) -> None:
        """Open the article at the row under the cursor."""
        raise NotImplementedError

    def around(self, *told: BarLine) -> AroundList:
        """The title with what was counted, and the keys."""
        title = (("strong", f" {self._title}  "), ("muted", self.counted))
        return AroundList(title, self.keys.hints(*_HINTS), told=told, empty=self.why_empty)

    def on_mount(self) -> None:
        self.waiting.fetch(ROWS, self.read)

    def come_back(self, _article: str, _saved: object) -> None:
        """The reviewer is back from an article."""

    def act_of(self, pressed: str) -> Act | None:
        if self.keys.action(pressed) == OPEN:
            return self.choose
        return self.keys.act(pressed, self, self.listed)

    def meaning(self, typed: Typed) -> Meaning:
        return self.keys.meaning(typed)
