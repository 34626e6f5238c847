"""The board of a story: propositions down, accounts across; ties of claims by keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult

from annotator.core.across.board import Board
from annotator.core.across.mentions import Place
from annotator.core.across.story_log import Story
from annotator.core.text.counted import many
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.mode_keys import ModeKeys
from annotator.tui.stories.board_actions import BoardActions
from annotator.tui.stories.board_offers import BoardOffers
from annotator.tui.stories.board_table import (
    LINES,
    BoardTable,
    BoardWindow,
    column_of,
    row_with,
)
from annotator.tui.stories.story_desk import StoryDesk
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.prompt_bar import PromptBar
from annotator.tui.widgets.prompts import Prompts
from annotator.tui.widgets.virtual_list import Row, VirtualList

_BOARD = "board"


class BoardScreen(KeyScreen):
    """A story as a table; the cursor is on a claim, another claim may be marked."""

    LEAVING_PASSES = frozenset((_BOARD,))
    opens_articles = True

    def __init__(self, setup: AppSetup, keymap: KeyMap, story: Story) -> None:
        super().__init__()
        self.keymap = keymap
        self.prompts = Prompts(self._show_lines)
        self.desk = StoryDesk(setup, story)
        self.offers: BoardOffers | None = None
        self.cursor: Place | None = None
        self.marked: Place | None = None
        self.listed = VirtualList(self._row, find=self._find, lines=LINES, id="board")
        self.actions = BoardActions(self, setup)
        self.keys = ModeKeys(
            self, setup, keymap, Mode.BOARD, self.prompts, self.actions, self._show_lines
        )
        self._first = 0
        self._message = ""

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield Bar(id="columns")
        yield self.listed
        yield Bar(id="offered")
        yield Bar(id="hints")
        yield PromptBar(id="prompt")

    def on_mount(self) -> None:
        self.listed.focus()
        self._show_lines()
        self.waiting.fetch(_BOARD, partial(self.take_over, self.desk.read))

    def on_resize(self) -> None:
        self.redraw()

    @property
    def board(self) -> Board | None:
        """The board, once it has been read."""
        return None if self.offers is None else self.offers.board

    def come_back(self, article: str, saved: Callable[[], object]) -> None:
        """The reviewer is back from `article`, which is read again after `saved` has returned."""

        def read() -> Board:
            saved()
            return self.desk.read_again(article)

        self.waiting.fetch(_BOARD, partial(self.take_over, read))

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

    # The cursor

    def move_to(self, place: Place) -> None:
        board = self.board
        row = None if board is None else row_with(board, place)
        if row is not None:
            self.cursor = place
            self.listed.move_to(row, tell=False)
            self.redraw()

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        board = self.board
        if board is None or not event.index < len(board.propositions):
            return
        accounts = board.propositions[event.index].accounts
        if self.cursor not in {one.place for one in accounts}:
            column = 0 if self.cursor is None else column_of(board, self.cursor)
            near = min(accounts, key=lambda one: abs(column_of(board, one.place) - column))
            self.cursor = near.place
            self.redraw()

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.takes_keys:
            self.keys.act("board_open")

    # Reading and drawing

    async def take_over(self, read: Callable[[], Board]) -> None:
        """Show what `read` returns, in a thread; the cursor stays on its claim."""
        board = await asyncio.to_thread(read)
        if self.is_attached:
            self.show_board(board)

    def show_board(self, board: Board) -> None:
        """Show the story as it is now; the cursor stays on its claim."""
        self.offers = BoardOffers(board) if self.offers is None else self.offers.after(board)
        if self.cursor not in board.accounts and board.propositions:
            self.cursor = board.propositions[0].accounts[0].place
        if self.marked not in board.accounts:
            self.marked = None
        row = None if self.cursor is None else row_with(board, self.cursor)
        self.listed.set_size(len(board.propositions), cursor=row or 0)
        self.redraw()

    def _table(self) -> BoardTable | None:
        board = self.board
        if board is None:
            return None
        column = 0 if self.cursor is None else column_of(board, self.cursor)
        width = max(1, self.listed.scrollable_content_region.width - 1)
        window = BoardWindow.around(column, of=len(board.columns), first=self._first, width=width)
        self._first = window.first
        return BoardTable(board, window, self.cursor, self.marked)

    def _row(self, index: int) -> Row | None:
        table = self._table()
        return None if table is None else table.row(index)

    def _find(self, _key: str) -> int | None:
        board = self.board
        return None if board is None or self.cursor is None else row_with(board, self.cursor)

    def redraw(self) -> None:
        self.listed.invalidate()
        self._show_lines()

    def _show_lines(self) -> None:
        if not self.query("#hints"):
            return  # closed before it was shown
        table, width = self._table(), self.size.width
        left = (("strong", f" {self.desk.story.title}  "), ("muted", self._counted()))
        right: tuple[Piece, ...] = (("accent", f" {self._message} "),) if self._message else ()
        self.query_one("#counts", Bar).show(BarLine(left, right))
        heads = () if table is None else table.heads()
        self.query_one("#columns", Bar).show(BarLine(heads))
        offered = self.query_one("#offered", Bar)
        lines = [] if self.offers is None else self.offers.lines(self.marked, self.cursor)
        offered.styles.height = len(lines)
        offered.show(*lines)
        self.query_one("#hints", Bar).show(hints(self.keymap.hints(Mode.BOARD), width))
        self.query_one(PromptBar).show_prompt(self.prompts.lines(width))

    def _counted(self) -> str:
        board = self.board
        if board is None:
            return "reading …"
        shared = sum(len(row.accounts) > 1 for row in board.propositions)
        conflicts = sum(bool(row.conflicts) for row in board.propositions)
        return (
            f"{many(len(board.columns), 'article')}, {many(shared, 'proposition')} in several "
            f"accounts, {conflicts:,} in conflict"
        )
