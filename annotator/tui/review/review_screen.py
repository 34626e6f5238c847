"""The review screen: one article with its items; every key is a decision or a move.

The screen passes keys to its parts: the open prompt, or else the action of the key. Articles are
shown one after the other in the same screen; each gets new parts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal

from annotator.tui.app_setup import AppSetup
from annotator.tui.article.article_view import ArticleView
from annotator.tui.keys import KeyMap, Mode, means_nothing
from annotator.tui.review.actions import Workbench
from annotator.tui.review.annotation_list import AnnotationList, HeadClicked
from annotator.tui.review.loader import Loader
from annotator.tui.review.mouse import Mouse
from annotator.tui.review.opening_words import opening_words
from annotator.tui.review.page import Page
from annotator.tui.review.questions import Questions
from annotator.tui.review.review_source import ReviewSource, ReviewStart
from annotator.tui.review.session import Session
from annotator.tui.review.situation import can, here_of
from annotator.tui.review.state import Habits, ReviewState
from annotator.tui.review.status import StatusLines
from annotator.tui.saving.writer import Writer
from annotator.tui.screens.layers import KeyScreen, Meaning, keyboard_app
from annotator.tui.terminal.keyboard import Typed

if TYPE_CHECKING:
    from annotator.store.values import OpenedReview


_MEANINGS = {"back": Meaning.LEAVES, "search": Meaning.SEARCHES, "palette": Meaning.SEARCHES}

_BESIDE, _CENTRED, _WIDEST = 96, 160, 180
_BREAKPOINTS = [(0, "-narrow"), (_BESIDE, "-wide"), (_WIDEST, "-widest")]
_LINE = 104
"""Cells of an article's longest line with its margin and the scroll bar."""


class ReviewScreen(KeyScreen):
    """Shows an article and edits its review until the reviewer returns to the queue."""

    HORIZONTAL_BREAKPOINTS = _BREAKPOINTS

    def __init__(
        self,
        setup: AppSetup,
        keymap: KeyMap,
        writer: Writer,
        source: ReviewSource,
        entry: ReviewStart,
    ) -> None:
        super().__init__()
        self._guide = entry.guide
        self.setup, self.keymap = setup, keymap
        self._writer, self._entry = writer, entry
        colors = setup.config.label_colors
        self._mouse = Mouse(lambda: self.work if self.takes_keys else None)
        view = ArticleView(colors, snap=self._mouse.snapped, id="article")
        lines = StatusLines(self, setup, keymap, writer, view)
        self.page = Page(view, AnnotationList(colors, id="panel"), lines)
        self.loader = Loader(self, source, writer, self._show, self.act)
        self.work: Workbench | None = None
        self._habits = Habits()
        self._questions = Questions()

    def compose(self) -> ComposeResult:
        # Textual sets this class when the widgets are shown, and styles all of them again.
        width = self.app.size.width
        self.add_class(next(name for least, name in reversed(_BREAKPOINTS) if width >= least))
        lines = self.page.lines
        yield lines.header
        if self._guide is not None:
            yield self._guide.bar
        with Horizontal(id="body"):
            yield self.page.view
            yield self.page.panel
        yield lines.guideline
        yield lines.detail
        yield lines.labels
        yield lines.hints
        yield lines.prompt

    def on_mount(self) -> None:
        self.page.view.focus()
        appearance = keyboard_app(self).appearance
        if appearance is not None:
            self.page.view.tags.choose(appearance.tags)
        self.loader.begin(self._entry)
        self.set_interval(max(1.0, self.setup.config.lease_seconds / 3), self.loader.renew_hold)

    def on_resize(self) -> None:
        self.page.lines.show_all()
        self.centre_text()
        self.look_for_panel()

    def centre_text(self) -> None:
        """On a very wide screen, put the lines of the article in the middle of their space."""
        width, styles = self.size.width, self.page.view.styles
        panel = 0 if self.has_class("-panel-toggled") else 46 if width < _WIDEST else 72
        if width >= _CENTRED and width - panel > _LINE:
            styles.padding = (1, 0, 0, (width - panel - _LINE) // 2)
        else:
            styles.clear_rule("padding")
        if self._guide is not None:
            self._guide.show(self.size.width)

    def look_for_panel(self) -> None:
        """On a narrow screen the panel lies over the article: what is below it is not seen."""
        if self.work is not None:
            lies_over = self.size.width < _BESIDE and self.has_class("-panel-toggled")
            self.work.state.sight.cover(lies_over)

    def on_screen_suspend(self) -> None:
        if self.work is not None:
            self.work.state.sight.show(None)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.work is not None:
            self.work.state.sight.show(self.page.view.visible_range())

    def _show(self, opened: OpenedReview) -> Session:
        """Show an opened review, with the focus on its first open item."""
        session = Session(opened, self._writer, self.setup.clock, self.setup.sitting)
        state = ReviewState(session, self._habits, self.setup.config)
        page = self.page
        self.work = Workbench(state, page, self.setup, self._questions, self.loader)
        self.look_for_panel()
        page.prompts.close()
        page.view.set_text(state.text, self.work.navigation.all_marks())
        page.lines.show(state)
        self.work.listing.show()
        order = state.listed.order
        if self._entry.at is not None and self._entry.article == opened.article.id:
            self.work.finding.show(self._entry.at)
        else:
            first = order.step(None, +1, open_only=order.open_count > 0)
            self.work.navigation.focus_on(first)
        done = self.loader.just_done
        if self._guide is None:
            page.say(opening_words(opened, self.keymap, order.open_count, done))
        else:
            self._guide.shown(self.work, self.size.width)
        return session

    # Keys

    def take(self, typed: Typed) -> None:
        """Take a key or a paste, unless it decides on a whole article that was not visible yet, or
        answers a question that could not be read yet."""
        is_plain = self.page.prompts.current is None
        action = self.keymap.action(Mode.REVIEW, typed.pressed)
        if is_plain and self.loader.comes_too_early(typed, action):
            self.say(f"Ignored {typed.pressed}: pressed before the article was shown.")
        elif self._questions.take(typed):
            super().take(typed)

    def press(self, pressed: str, character: str | None) -> None:
        """Handle one key, if the guide has no objection."""
        guide = self._guide
        if (
            guide is None
            or self.page.prompts.current is not None
            or guide.takes(pressed, self.close)
        ):
            self._press(pressed, character)
        if guide is not None and self.work is not None and self.is_attached:
            guide.acted(self.work, self.size.width)

    def _press(self, pressed: str, character: str | None) -> None:
        work, lines = self.work, self.page.lines
        assert work is not None  # keys wait until an article is shown
        work.state.session.count_key()
        had_message, lines.message = lines.message, ""
        modes = lines.modes_in_force()
        if self.page.prompts.current is not None:
            self.page.prompts.press(pressed, character)
        else:
            action = self.keymap.action(Mode.REVIEW, pressed)
            if action is None:
                self.say(means_nothing(pressed, self.keymap, Mode.REVIEW))
            else:
                self.act(action)
        work.accepting.after_key(work.state)
        if modes != lines.modes_in_force():
            lines.show_prompt()
        if had_message and not lines.message:
            lines.show_detail()

    def act(self, action: str) -> None:
        """Run one action of the table of keys."""
        if action in SCREEN_ACTIONS:
            SCREEN_ACTIONS[action](self)
        elif self.work is not None:
            self.work.act(action)

    def can(self, action: str) -> bool:
        """Whether an action can do anything now."""
        if self.work is None:
            return action in SCREEN_ACTIONS
        if action == "undo" and self.loader.done_before is not None:
            return True
        state, selected = self.work.state, self.page.view.selection is not None
        return can(action, state, here_of(state, selected=selected))

    def insert(self, words: str) -> bool:
        """Insert pasted text into the line being typed; returns whether there is one."""
        return self.page.prompts.insert(words)

    def meaning(self, typed: Typed) -> Meaning:
        """The meaning of a key, unless a prompt takes it."""
        if self.page.prompts.current is not None:
            return Meaning.OTHER
        action = self.keymap.action(Mode.REVIEW, typed.pressed)
        return _MEANINGS.get(action or "", Meaning.OTHER)

    def say(self, message: str) -> None:
        self.page.say(message)

    # Mouse

    def on_article_view_clicked(self, event: ArticleView.Clicked) -> None:
        self._mouse.click(event)

    def on_article_view_selection_made(self, event: ArticleView.SelectionMade) -> None:
        self._mouse.drag(event.span)

    def on_items_head_clicked(self, event: HeadClicked) -> None:
        self._mouse.pick_kind(event.kind)

    def on_annotation_list_wanted(self, event: AnnotationList.Wanted) -> None:
        self._mouse.pick(event.id)


def _show_help(screen: ReviewScreen) -> None:
    from annotator.tui.screens.help_screen import HelpScreen

    screen.show_over(HelpScreen(screen.setup, screen.keymap, Mode.REVIEW))


def _show_palette(screen: ReviewScreen) -> None:
    from annotator.tui.screens.offers import Below
    from annotator.tui.screens.palette_prompt import open_palette

    prompts = screen.page.prompts
    open_palette(Below(screen, Mode.REVIEW, screen.keymap, prompts, screen.act, screen.can))


def _show_earlier(screen: ReviewScreen) -> None:
    from annotator.tui.review.carried_over_screen import CarriedOverScreen

    if screen.work is not None:
        screen.show_over(CarriedOverScreen(screen.setup, screen.keymap, screen.work.state.review))


def _show_history(screen: ReviewScreen) -> None:
    from annotator.tui.review.history_screen import HistoryScreen

    if screen.work is not None:
        screen.show_over(HistoryScreen(screen.setup, screen.keymap, lambda: screen.work))


def _show_identities(screen: ReviewScreen) -> None:
    from annotator.tui.identities.identities_screen import IdentitiesScreen, OpenedFrom

    work = screen.work
    if work is None:
        return
    state = work.state

    async def renew() -> None:
        """What was decided there holds for the open article too."""
        around = screen.setup.store.identities.around
        own = state.session.article
        found = await asyncio.to_thread(around, own.id, own.text, state.review.entities)
        state.names.renew(found)
        if screen.is_attached:
            screen.page.lines.show_detail()

    here = OpenedFrom(
        state.review.article,
        lambda found: work.finding.show(found.hit.span),
        lambda: screen.waiting.fetch("names", renew),
    )
    screen.show_over(IdentitiesScreen(screen.setup, screen.keymap, here))


def _toggle_panel(screen: ReviewScreen) -> None:
    screen.toggle_class("-panel-toggled")
    screen.centre_text()
    screen.look_for_panel()


def _toggle_tags(screen: ReviewScreen) -> None:
    tags = screen.page.view.tags
    tags.choose(not tags.is_on)
    appearance = keyboard_app(screen).appearance
    if appearance is not None:
        appearance.keep_tags(tags.is_on)
    key = screen.keymap.shown("tags")
    screen.say(f"Tags are shown; {key} hides them." if tags.is_on else "Tags are hidden.")


def _leave(screen: ReviewScreen) -> None:
    screen.loader.leave()


SCREEN_ACTIONS: Mapping[str, Callable[[ReviewScreen], None]] = {
    "help": _show_help,
    "palette": _show_palette,
    "history": _show_history,
    "earlier": _show_earlier,
    "identities": _show_identities,
    "panel": _toggle_panel,
    "tags": _toggle_tags,
    "back": _leave,
}
"""The actions of the screen itself, apart from those of the article."""
