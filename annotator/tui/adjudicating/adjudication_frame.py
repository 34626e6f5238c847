"""The widgets of the adjudication screen, and what they show."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from annotator.core.review import Status
from annotator.tui.adjudicating.adjudication_desk import AdjudicationDesk
from annotator.tui.adjudicating.answer_panes import AnswerPanes
from annotator.tui.adjudicating.difference_rows import answer_lines, difference_row
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.review.status_lines import saved_pieces
from annotator.tui.saving.writer import Writer
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.prompt_bar import PromptBar
from annotator.tui.widgets.prompts import Prompts
from annotator.tui.widgets.virtual_list import Row, VirtualList

_MOST_ROWS, _WIDE = 10, 100


class AdjudicationFrame:
    """Shows the adjudication that `desk` returns, the message, and the prompt that is open."""

    def __init__(
        self,
        screen: Screen[None],
        setup: AppSetup,
        keymap: KeyMap,
        writer: Writer,
        desk: Callable[[], AdjudicationDesk | None],
    ) -> None:
        self.message = ""
        self.prompts = Prompts(self.show)
        self._screen, self._keymap, self._writer, self._desk = screen, keymap, writer, desk
        colors = setup.config.label_colors
        self.header, self.answers = Bar(id="header"), Bar(id="given", colors=colors)
        self.panes, self.hints = AnswerPanes(colors), Bar(id="hints")
        self.listed = VirtualList(self._row, find=self._find, colors=colors, id="differences")
        self.prompt = PromptBar(id="prompt", colors=colors)

    def begin(self) -> None:
        """Show an article that was just opened."""
        desk = self._desk()
        if desk is not None:
            count = len(desk.differences)
            self.listed.set_size(count, cursor=desk.here)
            self.listed.styles.height = max(1, min(count, _MOST_ROWS))
            self.redraw()

    def redraw(self) -> None:
        """Show the current state, rows and panes too."""
        desk = self._desk()
        if desk is not None and self.hints.is_attached:
            self.listed.invalidate()
            if desk.differences:
                self.listed.move_to(desk.here, tell=False)
            self.panes.show(desk.review, desk.comparison, desk.difference, desk.text)
        self.show()

    def show(self) -> None:
        """Show the current state in the lines around list and panes."""
        if not self.hints.is_attached:
            return
        desk, width = self._desk(), self._screen.size.width
        self.header.show(self._header(desk, width))
        lines = []
        if desk is not None and desk.difference is not None:
            lines = list(answer_lines(desk.review, desk.difference, desk.text))
        lines.append(BarLine((("accent", f" {self.message or self._told(desk)}"),)))
        self.answers.styles.height = len(lines)
        self.answers.show(*lines)
        self.hints.show(hints(self._keymap.hints(Mode.ADJUDICATION), width))
        self.prompt.show_prompt(self.prompts.lines(width))

    def _row(self, index: int) -> Row | None:
        desk = self._desk()
        if desk is None or not 0 <= index < len(desk.differences):
            return None
        width = self.listed.scrollable_content_region.width or self._screen.size.width
        return difference_row(desk.review, desk.differences[index], desk.text, width)

    def _find(self, key: str) -> int | None:
        desk = self._desk()
        keys = [] if desk is None else [" ".join(one.key) for one in desk.differences]
        return keys.index(key) if key in keys else None

    def _told(self, desk: AdjudicationDesk | None) -> str:
        """What there is to do, where no message says something else."""
        if desk is None:
            return "opening …"
        if desk.is_finished:
            return f"Finished; {self._keymap.shown('adjudicate_reopen')} reopens it."
        if desk.differences and not desk.open:
            key = self._keymap.shown("adjudicate_finish")
            return f"Everything is decided; {key} finishes and opens the next."
        return ""

    def _header(self, desk: AdjudicationDesk | None, width: int) -> BarLine:
        wide = width >= _WIDE
        left: list[Piece] = [("info", " annotator"), ("normal", "  adjudicate  ")]
        if desk is None:
            return BarLine(tuple(left))
        left = [*(left if wide else [("normal", " ")]), ("strong", desk.opened.article.name)]
        count, still = len(desk.differences), len(desk.open)
        noun = "difference" if count == 1 else "differences"
        told = f"{count} {noun}, {still} open"
        right: list[Piece] = [("accent" if still else "good", told), ("normal", "  ")]
        if wide:
            agreed = sum(one is Status.ACCEPTED for one in desk.comparison.settled.values())
            right.insert(0, ("muted", f"{agreed} agreed   "))
        right += saved_pieces(self._writer.saved, refused=desk.session.refused)
        return BarLine(tuple(left), (*right, ("accent", f"  {desk.review.reviewer} ")))
