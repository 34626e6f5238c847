"""The review screen: one article, its items beside it; every key is a decision or a move.

Keys come in here, are looked up in the one table, and go to the method `do_ACTION` of the part that
has it: moving, deciding, claims, modes. Articles follow one another in the same screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.carry import was_carried
from annotator.errors import AnnotatorError
from annotator.tui import detail
from annotator.tui.article.article_view import ArticleView
from annotator.tui.keys import KeyMap, Mode, means_nothing
from annotator.tui.opening import Opening
from annotator.tui.review.annotation_list import AnnotationList
from annotator.tui.screens.layers import begin
from annotator.tui.session import Saved, Writer
from annotator.tui.setup import AppSetup
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import Bar, BarLine, hints

_HISTORY_PAUSE = 0.15
_HISTORIES_KEPT = 200
_Asked = tuple[str, str, int]
"""Some words, the item whose they are, and how many decisions had been made by then."""


class ReviewScreen(Opening):
    """Shows an article and works on its review until the reviewer goes back to the queue."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  # as Screen declares it
        (0, "-narrow"),
        (96, "-wide"),
        (180, "-widest"),
    ]

    def __init__(self, setup: AppSetup, keymap: KeyMap, writer: Writer, article: str) -> None:
        super().__init__(setup, keymap, writer, article)
        self._history: dict[_Asked, Mapping[str, int]] = {}
        self._history_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        colors = self.setup.label_colors
        yield Bar(id="header")
        with Horizontal(id="body"):
            yield ArticleView(colors, snap=self._snapped, id="article")
            yield AnnotationList(colors, id="panel")
        yield Bar(id="detail", colors=colors)
        yield Bar(id="labels", colors=colors)
        yield Bar(id="hints")
        with Vertical(id="overlay"):
            yield Bar(id="strip", colors=colors)

    def on_mount(self) -> None:
        self.query_one("#overlay").display = False
        self.view.focus()
        self.open(self.first_article)
        self.set_interval(max(1.0, self.setup.lease_seconds / 3), self.renew_hold)

    def on_resize(self) -> None:
        if self.session is not None:
            self.show_header()
            self.show_detail()
            self.show_strip()

    # Keys and mouse

    def insert(self, words: str) -> bool:
        """Puts what was pasted into the line that is being typed; whether there is one."""
        if self.entry is not None:
            self.take_pasted(words)
        return self.entry is not None

    def leaves(self, typed: Typed) -> bool:
        """Whether a key leaves the screen, as it is now."""
        return self._is_plain and self.keymap.action(Mode.REVIEW, typed.pressed) == "back"

    @property
    def _is_plain(self) -> bool:
        """Whether keys are looked up in the table, and are not letters for something open."""
        return self.strip is None and self.entry is None and not self.jumps

    def begins_a_search(self, typed: Typed) -> bool:
        """Whether what comes in one piece with this key, after it, is looked for and not done."""
        searches = ("search", "palette")
        return self._is_plain and self.keymap.action(Mode.REVIEW, typed.pressed) in searches

    def press(self, pressed: str, character: str | None) -> None:
        """Takes one key."""
        self.open_session.count_key()
        had_message, self.message = self.message, ""
        modes = self._modes_in_force()
        if self.entry is not None:
            self.take_typed(pressed, character)
        elif self.jumps:
            self._press_in_jump(pressed)
        elif self.strip is not None:
            self._press_in_strip(pressed)
        else:
            action = self.keymap.action(Mode.REVIEW, pressed)
            if action is None:
                self.say(means_nothing(pressed, self.keymap, Mode.REVIEW))
            else:
                self.act(action)
        if modes != self._modes_in_force():
            self.show_strip()
        if had_message and not self.message:
            self.show_detail()

    def _press_in_strip(self, pressed: str) -> None:
        if pressed == "escape":
            self.close_strip()
        elif len(pressed) == 1:
            self.choose(pressed)

    def _press_in_jump(self, pressed: str) -> None:
        if pressed == "escape":
            self.end_jump()
        elif len(pressed) == 1:
            self.take_jump_letter(pressed)

    def act(self, action: str) -> None:
        """Does one action of the table of keys."""
        if action != "finish":
            self.finishing = False
        if action != "accept_all":
            self.warned = False
        jumped = self.jumped
        if action.startswith("label_"):
            self.label_by_digit(action.removeprefix("label_"))
        else:
            getattr(self, f"do_{action}")()
        if self.jumped is jumped:
            self.jumped = None

    def on_article_view_clicked(self, event: ArticleView.Clicked) -> None:
        if not self._takes_mouse():
            return
        if event.shift:
            self.extend_to(event.offset)
        elif event.times == 1:
            self.base, self.anchored = None, False
            self._focus_under(event.offset)
            self.show_detail()
        else:
            whole = self.words.token_at if event.times == 2 else self.words.sentence_at
            self.select(whole(event.offset), caret=event.offset)

    def on_article_view_selection_made(self, event: ArticleView.SelectionMade) -> None:
        if self._takes_mouse():
            self.select(event.span)

    def on_annotation_list_wanted(self, event: AnnotationList.Wanted) -> None:
        if self._takes_mouse():
            self.focus_on(event.id)

    def _takes_mouse(self) -> bool:
        """Whether there is an article to click in; then the time counts, and messages go."""
        if self.session is None or self.opening:
            return False
        self.session.count_key(0)
        self.message = ""
        return True

    def _focus_under(self, offset: int) -> None:
        """The smallest item that stands under the mouse gets the focus; without one it stays."""
        under = [
            (span.end - span.start, id)
            for id in self.everything.ids
            for span in self.review.held[id].item.spans
            if span.start <= offset < span.end
        ]
        if under:
            self.focus_on(min(under)[1], caret=False)

    def _snapped(self, span: Span) -> Span:
        """What is dragged, as whole tokens unless characters were asked for."""
        return span if self.characters else self.words.snap(span)

    # Screen

    def do_panel(self) -> None:
        self.toggle_class("-panel-toggled")

    def do_close(self) -> None:
        if self.view.selection is not None:
            self.unselect()

    def do_back(self) -> None:
        article = self.open_session.article.id
        self.leave_article()
        self.leave_for_queue(article)

    def do_help(self) -> None:
        from annotator.tui.screens.help_screen import HelpScreen

        self.show_over(HelpScreen(self.setup, self.keymap, Mode.REVIEW))

    def do_earlier(self) -> None:
        from annotator.tui.review.earlier_screen import EarlierScreen

        self.show_over(EarlierScreen(self.setup, self.review))

    def do_palette(self) -> None:
        from annotator.tui.screens.palette_screen import PaletteScreen

        self.show_over(PaletteScreen(self.keymap, Mode.REVIEW, self.act))

    # What the lines around the article say

    def show_saved(self, _saved: Saved) -> None:
        """Shows how far the writer has come."""
        if self.session is not None and self.is_there:
            self.show_header()

    def show_header(self) -> None:
        review, total = self.review, len(self.everything)
        self.bar("header").show(
            detail.header(
                self.open_session.article,
                done=total - self.everything.open_count,
                total=total,
                answer=review.answer.value,
                finished=review.finished is not None,
                # As it is at this moment: what was just decided is not written yet.
                saved=self.writer.saved,
                refused=self.open_session.refused,
                reviewer=self.setup.reviewer,
                width=self.size.width,
                also=[one.outlet or one.title for one in self.open_session.alike],
                notes=[note.text for note in review.notes],
            )
        )

    def show_detail(self) -> None:
        if self.session is None or not self.is_there:
            return
        chosen, held = self.view.selection, self.held
        if chosen is not None:
            left = detail.of_selection(chosen, self.text, "1-0 l mark  c claim  s r parts")
        elif held is not None:
            left = detail.of_item(
                held,
                self.part,
                self.text,
                self._seen_before(),
                carried=was_carried(self.review, held.item.id),
            )
        else:
            left = (("muted", " no item in focus"),)
        right = (("accent", f" {self.message} "),) if self.message else ()
        self.bar("detail").show(BarLine(left, right))

    def show_strip(self) -> None:
        width = self.size.width
        digits = [self.keymap.shown(f"label_{digit}") for digit in "1234567890"]
        self.bar("labels").show(detail.labels(self.setup.scheme, digits, width))
        told = hints(self.keymap.hints(Mode.REVIEW), width)
        modes = [mode for mode, is_on in self._modes_in_force() if is_on]
        right = (("info", f" {', '.join(modes)} "),) if modes else ()
        self.bar("hints").show(BarLine(told.left, right))
        self._show_overlay(self._overlay_lines(width))

    def _modes_in_force(self) -> list[tuple[str, bool]]:
        return [
            ("by character", self.characters),
            ("anchored", self.anchored),
            ("least confident first", self.by_confidence),
            (f"only {self.filtered}", bool(self.filtered)),
        ]

    def _overlay_lines(self, width: int) -> list[BarLine]:
        if self.strip is not None:
            return self.strip.lines(width)
        if self.jumps:
            typed = f": {self.jump_typed}…" if self.jump_typed else ""
            told = f" jump: type the two letters of a word{typed}"
            return [BarLine((("accent", told),), (("muted", "esc closes "),))]
        if self.entry is not None:
            return self.entry_lines()
        return []

    def _show_overlay(self, lines: list[BarLine]) -> None:
        overlay = self.query_one("#overlay")
        overlay.display = bool(lines)
        if lines:
            strip = self.bar("strip")
            strip.styles.height = len(lines)
            strip.show(*lines)

    # What was said of the same words before

    def _seen_before(self) -> Mapping[str, int] | None:
        item = self.item
        if not isinstance(item, Entity):
            return None
        # A decision may be about these very words.
        asked = (item.span.of(self.text), item.id, len(self.review.decisions))
        if asked in self._history:
            return self._history[asked]
        # Asked for only where the reviewer rests, so that going through items costs nothing.
        if self._history_timer is not None:
            self._history_timer.stop()
        self._history_timer = self.set_timer(_HISTORY_PAUSE, lambda: self._ask_history(asked))
        return None

    def _ask_history(self, asked: _Asked) -> None:
        begin(self, partial(self._fetch_history, asked), group="history", exclusive=True)

    async def _fetch_history(self, asked: _Asked) -> None:
        words, item, _ = asked
        history, here = self.setup.store.statistics.history, self.review.article
        try:
            found = await asyncio.to_thread(history, words, besides=(here, item))
        except AnnotatorError:
            # The database's trouble is told by the mark of the writer; this is only a courtesy.
            return
        if len(self._history) >= _HISTORIES_KEPT:
            self._history.clear()
        self._history[asked] = found
        if found and self.is_there:
            self.show_detail()
