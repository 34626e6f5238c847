"""Search in all articles: type words, see them in context, open an article at a hit."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from annotator.store.values import Stage
from annotator.tui.app_setup import AppSetup
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.opening import open_place
from annotator.tui.search.list_deciding import ListDeciding
from annotator.tui.search.live_search import Listeners, LiveSearch
from annotator.tui.search.search_line import Scope, SearchLine
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import CURSOR, Bar, BarLine, Piece, hints
from annotator.tui.widgets.prompt_bar import PromptBar
from annotator.tui.widgets.virtual_list import Row, VirtualList

_HINTS = (
    ("enter", "open there"),
    ("esc", "back"),
    ("tab", "sources, cues, names"),
    ("ctrl+l", "decide the list"),
    ("one + other", "in one paragraph"),
    ("↑ ↓", "move"),
    ("begin*", "words that begin so"),
)


class SearchScreen(KeyScreen):
    """A line to type, and below it the hits of all articles, the newest article first."""

    LEAVING_PASSES = frozenset(("found",))
    opens_articles = True

    def __init__(self, setup: AppSetup) -> None:
        super().__init__()
        self.setup = setup
        self.search = LiveSearch(
            self, setup.store, Listeners(self._show_found, self.say, self._is_near_end)
        )
        self.listed = VirtualList(
            self._row,
            find=lambda key: self.search.found.place(key),
            colors=setup.config.label_colors,
            id="hits",
        )
        self.deciding = ListDeciding(self, setup, self.search, self._show_lines)
        self._message = ""

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield Bar(id="typed")
        yield self.listed
        yield Bar(id="hints")
        yield PromptBar(id="prompt")

    def on_mount(self) -> None:
        self.listed.focus()
        self._show_lines()

    def on_resize(self) -> None:
        self._show_lines()

    # Keys

    def press(self, pressed: str, character: str | None) -> None:
        """Type, move in the list, open the hit under the cursor, or go back."""
        self._message = ""
        line = self.search.line
        if self.deciding.press(pressed, character):
            pass
        elif pressed == "escape":
            self.close()
        elif pressed in ("tab", "shift+tab"):
            self._change(line.in_next_scope(1 if pressed == "tab" else -1))
        elif pressed in ("up", "down", "pageup", "pagedown"):
            self.search.when_found(lambda: self.listed.press(pressed))
        elif pressed == "enter":
            self.search.when_found(self._open)
        elif pressed == "ctrl+l":
            self.search.when_found(self.deciding.ask)
        elif character and character.isprintable():
            self._change(line.insert(character))
        else:
            self._change(line.press(pressed))

    def insert(self, words: str) -> bool:
        """Insert pasted text into the line being typed."""
        if self.deciding.prompts.current is not None:
            return False
        self._change(self.search.line.insert(words))
        return True

    def meaning(self, typed: Typed) -> Meaning:
        leaves = typed.pressed == "escape" and self.deciding.prompts.current is None
        return Meaning.LEAVES if leaves else Meaning.OTHER

    def say(self, message: str) -> None:
        self._message = message
        self._show_lines()

    def come_back(self, article: str, saved: Callable[[], object]) -> None:
        """The reviewer is back from `article`: its hits are shown as they are after what was
        decided there; `saved` waits until that is stored."""
        self.search.look_again(article, saved)

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.takes_keys:
            self._open()

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        self.search.read_on()

    def _change(self, line: SearchLine) -> None:
        self.search.change(line)
        self._show_lines()

    def _open(self) -> None:
        found = self.search.found.hit(self.listed.key)
        if found is None:
            typed = self.search.line.text.strip()
            self.say("There is nothing to open." if typed else "Type words first.")
        elif found.article.stage is not Stage.READY:
            self.say("This article has no suggestions yet.")
        else:
            open_place(self, found.article.id, found.hit.span)

    # Drawing

    def _is_near_end(self) -> bool:
        return self.listed.cursor + self.listed.size.height >= len(self.search.found)

    def _row(self, index: int) -> Row | None:
        line = self.search.searched or self.search.line
        width = self.listed.scrollable_content_region.width - 1
        self.deciding.showed(self.search.found.at(index))
        return self.search.found.row(index, width, of_entities=line.scope is Scope.NAMES)

    def _show_found(self, begins: bool) -> None:
        count = len(self.search.found)
        if begins:
            self.deciding.forget()
            self.listed.set_size(count, cursor=0, lost=True)
        else:
            is_lost = self.search.found.place(self.listed.key or "") is None
            self.listed.set_size(count, lost=is_lost)
        self._show_lines()

    def _show_lines(self) -> None:
        if not self.query("#typed"):
            return
        width, line = self.size.width, self.search.line
        right: tuple[Piece, ...] = (("muted", counted(self.search)),)
        if self._message:
            right = (("accent", f" {self._message} "),)
        title = (("strong", " Find "), ("info", f" {line.scope.words} "))
        self.query_one("#counts", Bar).show(BarLine(title, right))
        before, after = line.around_cursor(width)
        typed = (("accent", " › "), ("strong", before), ("accent", CURSOR), ("strong", after))
        self.query_one("#typed", Bar).show(BarLine(typed))
        self.query_one("#hints", Bar).show(hints(_HINTS, width))
        self.listed.say_when_empty(why_empty(self.search))
        self.query_one(PromptBar).show_prompt(self.deciding.prompts.lines(width))


def why_empty(search: LiveSearch) -> str:
    """Why nothing is listed."""
    if not search.line.text.strip():
        return f"Type what to look for: {search.line.scope.words}."
    return "" if "searching" in counted(search) else "No article has these words there."


def counted(search: LiveSearch) -> str:
    """What has been found so far, in words."""
    hits, articles = search.found.hits, search.found.articles
    if not search.line.text.strip():
        return ""
    if not search.is_found or (not hits and search.has_more):
        return "searching … "
    if not hits:
        return "nothing found "
    more = " so far" if search.has_more else ""
    one, other = "hit" if hits == 1 else "hits", "article" if articles == 1 else "articles"
    return f"{hits:,} {one} in {articles:,} {other}{more} "
