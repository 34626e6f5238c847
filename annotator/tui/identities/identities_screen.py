"""The identities: proposals and identities in a list, the mentions of the one under the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from annotator.core.across.identity_acts import Changes
from annotator.core.text.harmless import harmless_line
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.identities.identity_deeds import IdentityDeeds
from annotator.tui.identities.identity_entries import IdentityListEntry
from annotator.tui.identities.identity_loading import PAGE, LoadedIdentities
from annotator.tui.identities.mention_list import MentionList
from annotator.tui.keys import KeyMap, Mode, show_key
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.list_frame import Act
from annotator.tui.screens.list_keys import ListKeys
from annotator.tui.screens.opening import open_place
from annotator.tui.screens.waiting import begin
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.prompt_bar import PromptBar
from annotator.tui.widgets.prompts import Prompts
from annotator.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from annotator.store.identities.identity_store import MentionedIn

_PAUSE = 0.12
_PROGRESS = 0.25
_DECISION, _LIST = "decision", "identities"
OPEN, LISTS, FURTHER = "identities_open", "identities_lists", "identities_further"
_AGAIN = {"identities_undo": False, "identities_redo": True}
_HINTS = (
    (("identities_take",), "take"),
    (("identities_differ",), "different"),
    (("identities_merge",), "merge"),
    (("identities_close",), "back"),
    ((OPEN,), "open there"),
    (("identities_undo",), "undo"),
    ((LISTS,), "mentions"),
    (("identities_split",), "split"),
    (("identities_rename",), "rename"),
    (("identities_type",), "type"),
    (("identities_link",), "link"),
    (("identities_note",), "note"),
)


@dataclass(frozen=True, slots=True)
class OpenedFrom:
    """The review that the identities were opened from: its article, what shows a mention in it,
    and what is called when it is shown again."""

    article: str
    show: Callable[[MentionedIn], None]
    closed: Callable[[], None]


class IdentitiesScreen(KeyScreen):
    """Proposals and identities above, mentions below. `here` is the review that it was opened
    from, whose mentions alone can be shown then."""

    LEAVING_PASSES = frozenset((_LIST,))

    def __init__(self, setup: AppSetup, keymap: KeyMap, here: OpenedFrom | None = None) -> None:
        super().__init__()
        self.setup, self._here = setup, here
        self.keys = ListKeys(keymap, Mode.IDENTITIES)
        self.prompts = Prompts(self._show_lines)
        self.deeds = IdentityDeeds(self, setup, self.prompts)
        self.loaded = LoadedIdentities(setup)
        self.mentions = MentionList()
        self._message = ""
        self._has_moved = False
        colors = setup.config.label_colors
        self.listed = VirtualList(
            lambda index: self.loaded.entries.row(index, self.deeds.marked_id),
            find=lambda key: self.loaded.entries.place(key),
            colors=colors,
            id="identities",
        )

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield self.listed
        yield Bar(id="why")
        yield self.mentions.listed
        yield Bar(id="hints")
        yield PromptBar(id="prompt", colors=self.setup.config.label_colors)

    def on_mount(self) -> None:
        self.listed.focus()
        self.mentions.listed.show_cursor(False)
        self._show_lines()
        self.waiting.fetch(_LIST, partial(self._load, with_proposals=True))

    def on_resize(self) -> None:
        self.mentions.show(self.mentions.found)
        self._show_lines()

    @property
    def entry(self) -> IdentityListEntry | None:
        """The entry under the cursor."""
        return self.loaded.entries.at(self.listed.key)

    # Keys

    def press(self, pressed: str, character: str | None) -> None:
        """Decide on the entry under the cursor, move, open an article, or go back."""
        self._message, self._has_moved = "", True
        if self.prompts.current is not None:
            self.prompts.press(pressed, character)
        elif (act := self._act_of(self.keys.action(pressed))) is not None:
            act()
        else:
            self.say(f"{show_key(pressed)} does nothing here; the line below lists the keys.")
        self._show_lines()

    def _act_of(self, action: str) -> Act | None:
        if action in _AGAIN:
            again = _AGAIN[action]
            undo = partial(self.loaded.take_back, again=again)
            return partial(self._store, undo, "done again" if again else "undone")
        acts: dict[str, Act] = {
            OPEN: self._open,
            LISTS: partial(self.mentions.exchange_cursor, self.listed),
            FURTHER: self._propose_further,
            self.keys.close: self.close,
        }
        if action in acts:
            return acts[action]
        used = self.mentions.listed if self.mentions.has_cursor else self.listed
        return self.keys.move(action, used) or self.deeds.act_of(action)

    def _propose_further(self) -> None:
        self._message = self.loaded.want_further()
        if not self._message:
            begin(self, self._propose, group="proposals", exclusive=True)

    def close(self) -> None:
        super().close()
        if self._here is not None:
            self._here.closed()

    def insert(self, words: str) -> bool:
        return self.prompts.insert(words)

    def meaning(self, typed: Typed) -> Meaning:
        return self.keys.meaning(typed) if self.prompts.current is None else Meaning.OTHER

    def say(self, message: str) -> None:
        self._message = message
        self._show_lines()

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.takes_keys:
            self._open()

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        if event.widget is self.listed:
            begin(self, self._follow, group="mentions", exclusive=True)
            self._show_lines()

    def _open(self) -> None:
        found = self.mentions.current
        if found is None:
            self.say("There is no mention to open.")
        elif self._here is not None:
            if found.article == self._here.article:
                self.close()
                self._here.show(found)
            else:
                self.say("This is another article: leave the one you review first.")
        else:
            open_place(self, found.article, found.hit.span)

    def come_back(self, article: str, settle: Callable[[], object]) -> None:
        """The reviewer comes back from an article: what is tied may have changed."""
        del article

        async def look() -> None:
            await asyncio.to_thread(settle)
            await self._load(with_proposals=True)

        self.waiting.fetch(_LIST, look)

    # Decisions

    def decide(self, changes: Changes, said: str, *, gone: str | None = None) -> None:
        """Store changes and say what they are; the proposal with the key `gone` is decided on."""
        undo = self.keys.first("undo")
        told = f"{said}; {undo} undoes." if undo else f"{said}."
        self._store(partial(self.loaded.decide, changes), told, gone)

    def _store(self, work: Callable[[], object], said: str, gone: str | None = None) -> None:
        async def store() -> None:
            made = await asyncio.to_thread(work)
            self.loaded.drop(gone)
            await self._load(with_proposals=gone is None)
            self.say(said if made else "There is nothing to undo or redo.")

        self.waiting.fetch(_DECISION, store)

    # Loading

    async def _load(self, *, with_proposals: bool = False, further: bool = False) -> None:
        """Read the identities anew, or `further` ones; proposals follow in the background."""
        await (self.loaded.read_on() if further else self.loaded.load())
        self._list()
        if with_proposals:
            begin(self, self._propose, group="proposals", exclusive=True)

    async def _propose(self) -> None:
        progress = self.set_interval(_PROGRESS, self._show_lines)
        try:
            await self.loaded.propose()
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
        finally:
            progress.stop()
        self._list()

    def on_unmount(self) -> None:
        self.loaded.stop()

    def _list(self) -> None:
        if not self.is_attached:
            return
        # Until a key is pressed, the cursor stays at the top, whatever comes in above it.
        before = self.listed.key if self._has_moved else None
        place = self.loaded.entries.place(before) if before else None
        cursor = place if self._has_moved else 0
        self.listed.set_size(len(self.loaded.entries), cursor=cursor, lost=place is None)
        begin(self, self._follow, group="mentions", exclusive=True)
        self._show_lines()

    async def _follow(self) -> None:
        """Show the mentions of the entry under the cursor, once it rests there."""
        await asyncio.sleep(_PAUSE)
        entry = self.entry
        try:
            found = await self.loaded.mentions_of(entry)
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
            return
        if self.is_attached and self.entry == entry:
            self.mentions.show(found)
        if self.loaded.has_more and self.listed.cursor + PAGE // 2 >= len(self.loaded.entries):
            self.waiting.fetch(_LIST, partial(self._load, further=True))

    # Drawing

    def _show_lines(self) -> None:
        if not self.query("#counts"):
            return
        width = self.size.width
        right: tuple[Piece, ...] = (("muted", self.loaded.counted),)
        if self._message:
            right = (("accent", f" {self._message} "),)
        self.query_one("#counts", Bar).show(BarLine((("strong", " Identities"),), right))
        entry = self.entry
        why = harmless_line(entry.why) if entry is not None else ""
        self.query_one("#why", Bar).show(BarLine((("info", f" {why}"),)))
        self.query_one("#hints", Bar).show(hints(self.keys.hints(*_HINTS), width))
        self.listed.say_when_empty(self.loaded.why_empty)
        self.query_one(PromptBar).show_prompt(self.prompts.lines(width))


class IdentitiesOverQueue(IdentitiesScreen):
    """The same over the queue: articles opened from it lead back to it."""

    opens_articles = True
