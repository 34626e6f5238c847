"""Pairs of claims of a story, as many as fit on the screen, tied by letters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from textual.app import ComposeResult

from annotator.core.across.board import Board
from annotator.core.across.mentions import Place
from annotator.core.across.pair_blocks import PairBlock, fitting, pair_blocks
from annotator.core.across.propositions import Pair
from annotator.core.claim_ties import Relation
from annotator.core.text.counted import many
from annotator.core.text.jumping import LETTERS
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.mode_keys import ModeKeys
from annotator.tui.stories.pair_page import SIGNS, PairLines, PairPage
from annotator.tui.stories.pairs_actions import PairsActions
from annotator.tui.stories.story_desk import StoryDesk
from annotator.tui.terminal.keyboard import Typed, now
from annotator.tui.widgets.bar import Bar, BarLine, hints
from annotator.tui.widgets.prompt_bar import PromptBar
from annotator.tui.widgets.prompts import Prompts

_TOLD = " letter: tied as its sign says   capital: the contrary   again: unrelated"
_CHOSEN = {
    Relation.SAME: "they say the same",
    Relation.CONTRADICTS: "they contradict each other",
    Relation.SUPPORTS: "one supports the other",
    Relation.UNRELATED: "they have nothing to do with each other",
}
_FRAME = 3
"""Lines above and below the pairs."""


@dataclass(frozen=True, slots=True)
class BoardBelow:
    """The board that the pairs are opened from: the claim there whose pairs come first, and what
    gets the board as it is when they are closed."""

    board: Board
    first: Place | None
    closed: Callable[[Board], None]


class PairsScreen(KeyScreen):
    """Over the board of a story. What is on the screen does not move until it is turned."""

    def __init__(self, setup: AppSetup, keymap: KeyMap, desk: StoryDesk, below: BoardBelow) -> None:
        super().__init__()
        self.keymap, self.desk, self.board = keymap, desk, below.board
        self.prompts = Prompts(self._show_lines)
        self.actions = PairsActions(self, setup)
        self.keys = ModeKeys(
            self, setup, keymap, Mode.PAIRS, self.prompts, self.actions, self._show_lines
        )
        self.at = 0
        self.chosen: Relation | None = None
        self.page = PairPage(())
        self._below = below
        self._turned: list[PairPage] = []
        self._number = -1
        self._shown_at = float("-inf")
        self._message = ""

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield Bar(id="told")
        yield Bar(id="pairs", on_panel=False)
        yield Bar(id="hints")
        yield PromptBar(id="prompt")

    def on_resize(self) -> None:
        """Fill the page anew: what no longer fits comes on the next one."""
        del self._turned[max(0, self._number) :]
        self._number = len(self._turned) - 1
        self.page, self.at = PairPage(()), 0
        self._shown_at = now()
        self.turn(1)
        if not self.page.blocks and self._turned:
            self._show_page(self._number)

    def close(self) -> None:
        super().close()
        self._below.closed(self.board)

    # Keys

    def take(self, typed: Typed) -> None:
        """Take a key or a paste; one that ties pairs only if it was pressed after they were
        shown."""
        if typed.pasted is None and typed.at <= self._shown_at and self._ties(typed.pressed):
            self.say(f"Ignored {typed.pressed}: pressed before these pairs were shown.")
        else:
            super().take(typed)

    def _ties(self, pressed: str) -> bool:
        action = self.keymap.action(Mode.PAIRS, pressed)
        is_letter = action is None and pressed.lower() in self.page.by_letter
        return self.prompts.current is None and (is_letter or action == "pairs_all")

    def press(self, pressed: str, character: str | None) -> None:
        """Handle a key of the prompt, of the table of keys, or the letter of a pair."""
        self._message = ""
        if self.keys.press(pressed, character):
            pass
        elif pressed.lower() in self.page.by_letter:
            self.actions.letter(pressed)
            self._show_lines()
        elif pressed.lower() in LETTERS:
            self.say(f"No pair has the letter {pressed}.")
        else:
            self.say(self.keys.says_nothing(pressed))

    def insert(self, words: str) -> bool:
        """Insert pasted text into the line being typed; returns whether there is one."""
        return self.prompts.insert(words)

    def meaning(self, typed: Typed) -> Meaning:
        return self.keys.meaning(typed)

    def say(self, message: str) -> None:
        self._message = message
        self._show_lines()

    # Pages

    def turn(self, by: int) -> None:
        """Show the page after or before; the one after the last is filled with what is open."""
        number = max(0, self._number + by)
        if number >= len(self._turned):
            blocks = self._filled(
                pair_blocks(self.board, self.shown_pairs(), first=self._starting())
            )
            if not blocks:
                self.say("No further pair is proposed.")
                return
            self._turned.append(PairPage(blocks))
        self._show_page(number)

    def _show_page(self, number: int) -> None:
        """Show a page that was turned to before; pairs for which there is no room now come on a
        later one."""
        self._turned[number] = PairPage(self._filled(self._turned[number].blocks))
        self._number = number
        self.page, self.at, self.chosen = self._turned[number], 0, None
        self._shown_at = now()
        self._show_lines()

    def show_found(self, found: PairBlock) -> None:
        """Show claims that were searched for, as a page of their own after this one."""
        self._turned.insert(self._number + 1, PairPage((found,)))
        self._show_page(self._number + 1)

    def _starting(self) -> Place | None:
        return None if self._turned else self._below.first

    def shown_pairs(self) -> set[Pair]:
        """The pairs of all pages so far."""
        blocks = chain.from_iterable(page.blocks for page in self._turned)
        return {tie.pair for block in blocks for tie in block.pairs}

    def _filled(self, blocks: Iterable[PairBlock]) -> tuple[PairBlock, ...]:
        room = max(1, self.size.height - _FRAME)
        return fitting(blocks, self._lines().height, lines=room, pairs=len(LETTERS))

    def is_whole(self) -> bool:
        """Whether all lines of the page are on the screen; if not, the reviewer is told."""
        lines = sum(1 for _ in self._lines().page(self.page, self.at))
        if lines <= self.size.height - _FRAME:
            return True
        self.say("There is no room to show these claims. Enlarge the terminal.")
        return False

    def _lines(self) -> PairLines:
        return PairLines(self.board, max(1, self.size.width))

    # Reading and drawing

    async def take_over(self, read: Callable[[], Board]) -> None:
        """Show the board that `read` returns, in a thread."""
        board = await asyncio.to_thread(read)
        if self.is_attached:
            self.board = board
            self._show_lines()

    def _show_lines(self) -> None:
        if not self.query("#hints"):
            return  # closed before it was shown
        width = self.size.width
        made = many(len(self.board.decided), "pair")
        title = (("strong", f" {self.desk.story.title}  "), ("muted", f"{made} decided"))
        right = (("accent", f" {self._message} "),) if self._message else ()
        self.query_one("#counts", Bar).show(BarLine(title, right))
        self.query_one("#told", Bar).show(BarLine((self._told(),)))
        self.query_one("#pairs", Bar).show(*self._lines().page(self.page, self.at))
        self.query_one("#hints", Bar).show(hints(self.keymap.hints(Mode.PAIRS), width))
        self.query_one(PromptBar).show_prompt(self.prompts.lines(width))

    def _told(self) -> tuple[str, str]:
        if self.chosen is None:
            return "muted", _TOLD
        return "accent", f" {SIGNS[self.chosen]} The next letter says: {_CHOSEN[self.chosen]}"
