"""The stories, and what is proposed as one: accept, rename, take articles out and in, undo."""

from __future__ import annotations

import asyncio
from functools import partial

from textual.app import ComposeResult

from annotator.core.text.counted import many
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.mode_keys import ModeKeys
from annotator.tui.screens.waiting import begin
from annotator.tui.stories.listed_stories import ListedStory
from annotator.tui.stories.stories_actions import StoriesActions
from annotator.tui.stories.stories_loading import PAGE, LoadedStories
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.prompt_bar import PromptBar
from annotator.tui.widgets.prompts import Prompts
from annotator.tui.widgets.virtual_list import Row, VirtualList

ROWS = "rows"
"""What keys wait for: the stories."""
_NAMED = 6
"""Articles of a story whose names are shown below the list."""


class StoriesScreen(KeyScreen):
    """Stories by when they were made, below what is proposed; `article` (id and title) is the one
    that can be put into a story."""

    LEAVING_PASSES = frozenset((ROWS,))

    def __init__(
        self, setup: AppSetup, keymap: KeyMap, article: tuple[str, str] | None = None
    ) -> None:
        super().__init__()
        self.setup, self.keymap, self.article = setup, keymap, article
        self.prompts = Prompts(self._show_lines)
        self.actions = StoriesActions(self, setup)
        self.keys = ModeKeys(
            self, setup, keymap, Mode.STORIES, self.prompts, self.actions, self._show_lines
        )
        self._listed: list[ListedStory] = []
        self.listed = VirtualList(self._row, find=self._find, id="stories")
        self.loaded = LoadedStories(setup)
        self.names: dict[str, str] = {}
        self._message = ""

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield self.listed
        yield Bar(id="told")
        yield Bar(id="hints")
        yield PromptBar(id="prompt")

    def on_mount(self) -> None:
        self.listed.focus()
        self._show_lines()
        self.waiting.fetch(ROWS, self.read)

    def on_resize(self) -> None:
        self._show_lines()

    @property
    def here(self) -> ListedStory | None:
        """The line under the cursor."""
        return next((one for one in self._listed if one.key == self.listed.key), None)

    # Keys

    def press(self, pressed: str, character: str | None) -> None:
        """Handle a key of the prompt, or of the table of keys."""
        self._message = ""
        if not self.keys.press(pressed, character):
            self.say(self.keys.says_nothing(pressed))

    def insert(self, words: str) -> bool:
        """Insert pasted text into the line being typed; returns whether there is one."""
        return self.prompts.insert(words)

    def meaning(self, typed: Typed) -> Meaning:
        return self.keys.meaning(typed)

    def say(self, message: str) -> None:
        self._message = message
        self._show_lines()

    # The list

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.takes_keys and self.prompts.current is None:
            self.keys.act("stories_open")

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        self._ask_names()
        if self.loaded.has_more and event.index + PAGE // 2 >= len(self._listed):
            self.waiting.fetch(ROWS, self._read_on)

    # Reading and drawing

    async def read(self) -> None:
        """Show the stories; proposals follow, since articles are read for them."""
        await self.loaded.load()
        self._show_rows()
        begin(self, self._propose, group="propose", exclusive=True)

    async def _read_on(self) -> None:
        if self.loaded.has_more:
            await self.loaded.read_on()
            self._show_rows()

    async def _propose(self) -> None:
        try:
            await self.loaded.propose()
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
            return
        self._show_rows()

    def _row(self, index: int) -> Row | None:
        return self._listed[index].row if 0 <= index < len(self._listed) else None

    def _find(self, key: str) -> int | None:
        return next((n for n, one in enumerate(self._listed) if one.key == key), None)

    def _show_rows(self) -> None:
        if not self.is_attached:
            return
        self._listed = self.loaded.listed
        self.listed.set_size(len(self._listed))
        self._ask_names()
        self._show_lines()

    def _ask_names(self) -> None:
        """Read the names of the articles of the line under the cursor, once."""
        here = self.here
        if here is not None and not set(here.story.articles[:26]) <= self.names.keys():
            begin(self, partial(self._read_names, here.story.articles[:26]), group="names")
        self._show_lines()

    async def _read_names(self, ids: tuple[str, ...]) -> None:
        try:
            self.names |= await asyncio.to_thread(self.setup.store.stories.names, ids)
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
        self._show_lines()

    def _show_lines(self) -> None:
        if not self.query("#hints"):
            return  # closed before it was shown
        width = self.size.width
        left = (("strong", " Stories  "), ("muted", self._counted()))
        right: tuple[Piece, ...] = (("accent", f" {self._message} "),) if self._message else ()
        self.query_one("#counts", Bar).show(BarLine(left, right))
        self.query_one("#hints", Bar).show(hints(self.keymap.hints(Mode.STORIES), width))
        self.listed.say_when_empty(self._why_empty())
        told = self.query_one("#told", Bar)
        lines = self._named_articles()
        told.display = bool(lines)
        told.styles.height = len(lines)
        told.show(*lines)
        self.query_one(PromptBar).show_prompt(self.prompts.lines(width))

    def _counted(self) -> str:
        told = many(self.loaded.count, "story", "stories")
        if self.loaded.proposals is None:
            return f"{told}, looking for further ones …"
        return f"{told}, {sum(one.proposed is not None for one in self._listed):,} proposed"

    def _why_empty(self) -> str:
        if self.loaded.proposals is None:
            return "Articles on one event are being looked for."
        return "No story yet, and no articles seem to be on one event."

    def _named_articles(self) -> list[BarLine]:
        here = self.here
        if here is None:
            return []
        ids = here.story.articles
        lines = [
            BarLine((("muted", " · "), ("normal", self.names.get(id, "…")))) for id in ids[:_NAMED]
        ]
        if len(ids) > _NAMED:
            lines.append(BarLine((("muted", f"   and {len(ids) - _NAMED:,} more"),)))
        return lines
