"""The lines around the article: header, detail, labels, hints, and the prompt in the bottom bar."""

from __future__ import annotations

from textual.screen import Screen

from annotator.core.annotations import Claim, Entity, Item
from annotator.core.review import ReviewItem, Status
from annotator.core.reviewing.alternatives import who_says
from annotator.core.reviewing.item_filter import is_unsure
from annotator.core.reviewing.presses import How, decided_how
from annotator.core.reviewing.projection import was_carried
from annotator.core.reviewing.wording import done, named
from annotator.core.speakers import speaker_of
from annotator.core.states import ItemOrdering
from annotator.tui.app_setup import AppSetup
from annotator.tui.article.article_view import ArticleView
from annotator.tui.keys import KeyMap
from annotator.tui.review import status_lines
from annotator.tui.review.foot import Feet
from annotator.tui.review.guideline_bar import GuidelineBar
from annotator.tui.review.seen_before import SeenBefore
from annotator.tui.review.situation import can, here_of
from annotator.tui.review.state import ReviewState
from annotator.tui.saving.writer import Saved, Writer
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.prompt_bar import PromptBar
from annotator.tui.widgets.prompts import Prompts

_NARROW = 96


class StatusLines:
    """The lines for the current article, `state`; empty without one."""

    def __init__(
        self,
        screen: Screen[None],
        setup: AppSetup,
        keymap: KeyMap,
        writer: Writer,
        view: ArticleView,
    ) -> None:
        self._screen, self._setup, self._writer, self._view = screen, setup, writer, view
        self.keymap, self._feet = keymap, Feet(keymap)
        self.state: ReviewState | None = None
        self.message = ""
        self._saved: tuple[Saved, bool] | None = None
        self.prompts = Prompts(self.show_prompt)
        self.seen_before = SeenBefore(screen, setup.store, self.show_detail)
        colors = setup.config.label_colors
        self.header = Bar(id="header")
        self.detail = Bar(id="detail", colors=colors)
        self.guideline = GuidelineBar(setup.config.guidelines, colors)
        self.labels = Bar(id="labels", colors=colors)
        self.hints = Bar(id="hints")
        self.prompt = PromptBar(id="prompt", colors=colors)

    def show(self, state: ReviewState) -> None:
        """Show another article."""
        self.state, self.message = state, ""
        self.show_all()

    def show_all(self) -> None:
        """Redraw every line, for example for a new width."""
        self.show_header()
        self.show_detail()
        self.show_prompt()

    def toggle_guideline(self) -> None:
        """Show or hide what the guidelines say on the item at hand."""
        self.guideline.toggle(self._screen.size.height)
        self.show_detail()

    def say(self, message: str) -> None:
        """Show a message in the detail line until the next key."""
        self.message = message
        self.show_detail()

    def show_header(self) -> None:
        """Show the article's title and the progress of its review."""
        if self.state is None or not self.header.is_attached:
            return
        session, order = self.state.session, self.state.listed.all_items
        # The current state: the last decision may not be written yet.
        saved, width = self._writer.saved, self._screen.size.width
        self._saved = saved, session.refused
        self.header.show(status_lines.header(session, order, saved=saved, width=width))

    def show_saved(self) -> None:
        """Show how far saving is, unless the header tells it already."""
        state = self.state
        if state is None or (self._writer.saved, state.session.refused) != self._saved:
            self.show_header()

    def show_detail(self) -> None:
        """Show the focused item, or the last message."""
        state = self.state
        if state is None or not self.detail.is_attached:
            return
        chosen, held = self._view.selection, state.held
        if chosen is not None:
            left = status_lines.of_selection(chosen, state.text, self._meant_claim(state))
        elif held is not None:
            left = status_lines.of_item(held, state.focus.part, self._around(state, held))
        else:
            word = state.words.token_at(self._view.caret)
            left = status_lines.of_plain_text(word, state.text)
        said = ("accent", f" {self.message} ") if self.message else ("muted", self._last_act(state))
        self.detail.show(BarLine(left, (said,)))
        self.guideline.show_on(state.item, state.focus.part, self._screen.size.width)
        self.show_foot()

    def _around(self, state: ReviewState, held: ReviewItem) -> status_lines.Around:
        return status_lines.Around(
            state.text,
            self.seen_before.of(state),
            carried=was_carried(state.review, held.item.id),
            in_bulk=decided_how(state.review, (held.item.id,))[How.IN_BULK] > 0,
            unsure=held.status is Status.OPEN and is_unsure(held.item, state.confidence),
            who=self._who(state, held.item),
            identity=self._identity(state, held.item),
            speaker=self._speaker(state, held.item),
        )

    @staticmethod
    def _speaker(state: ReviewState, item: Item) -> str:
        """The name of who speaks in a claim; empty if nobody is known to."""
        speaker = speaker_of(item, state.review) if isinstance(item, Claim) else None
        return "" if speaker is None else speaker.span.of(state.text)

    @staticmethod
    def _who(state: ReviewState, item: Item) -> str:
        """Which pipelines suggested an item, and what others suggest."""
        if not isinstance(item, Entity):
            return ""
        return who_says(item, state.alternatives, state.text)

    def _identity(self, state: ReviewState, item: Item) -> str:
        """Whom or what an entity names, or named before."""
        if not isinstance(item, Entity):
            return ""
        own = state.names.of(item, state.review, state.text)
        before = state.names.known_before(item, state.text)
        return status_lines.of_identity(item, own, before, self.keymap.shown("same_identity"))

    def _meant_claim(self, state: ReviewState) -> str:
        """The claim that the selection can belong to, and the keys for that."""
        held = state.held if state.held and isinstance(state.held.item, Claim) else None
        held = held or state.review.held.get(state.last_claim.id or "")
        if held is None or held.status is Status.REJECTED:
            return ""
        parts = " ".join(self.keymap.shown(one) for one in ("source", "cue", "further_piece"))
        return f"{parts} parts of {named(held.item, state.text, 30)}"

    def _last_act(self, state: ReviewState) -> str:
        """The action that undo would withdraw; empty if there is none, or if a narrow screen needs
        the space for the keys of a selection."""
        undoable, width = state.review.undoable, self._screen.size.width
        if not undoable or (width < _NARROW and self._view.selection is not None):
            return ""
        limit = max(12, width // 5)
        return f" {done(undoable, state.text, limit)}, {self.keymap.shown('undo')} undoes "

    def show_prompt(self) -> None:
        """Show labels, hints, and the open prompt, if any."""
        if self.state is None or not self.hints.is_attached:
            return
        width = self._screen.size.width
        digits = [self.keymap.shown(f"label_{digit}") for digit in "1234567890"]
        self.labels.show(status_lines.labels(self._setup.config.scheme, digits, width))
        self.show_foot()
        self.prompt.show_prompt(self.prompts.lines(width))

    def show_foot(self) -> None:
        """Show the keys for what is here."""
        state = self.state
        if state is None or not self.hints.is_attached:
            return
        here = here_of(state, selected=self._view.selection is not None)
        self.hints.show(
            self._feet.line(
                here,
                self._screen.size.width,
                can=lambda action: can(action, state, here),
                modes=self.modes_in_force(),
            )
        )

    def modes_in_force(self) -> list[str]:
        """The modes that change the meaning of keys, in words."""
        if self.state is None:
            return []
        listed = self.state.listed
        modes = (
            ("unassisted", not self.state.session.assisted),
            ("by character", self.state.habits.by_character),
            ("anchored", self.state.selecting.is_extending),
            (f"{listed.by} first", listed.by is not ItemOrdering.TEXT),
            (f"only {listed.words}", listed.is_filtered),
        )
        return [mode for mode, is_on in modes if is_on]
