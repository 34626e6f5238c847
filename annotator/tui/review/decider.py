"""The only way from a command to decisions: their item must be in view."""

from __future__ import annotations

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Span
from annotator.core.decisions import Change
from annotator.core.reviewing.alternatives import settled
from annotator.core.reviewing.commands import NotDone, corrected, forbidden
from annotator.core.reviewing.wording import named
from annotator.errors import ReviewError
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.questions import Questions
from annotator.tui.review.repeats import Again
from annotator.tui.review.state import ReviewState


class Decider:
    """Turns changes into decisions, and shows the result."""

    def __init__(
        self,
        state: ReviewState,
        page: Page,
        navigation: Navigation,
        questions: Questions,
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._questions = questions

    def decide(
        self,
        *changes: Change,
        focus_next_open: bool = False,
        again: Again | None = None,
        at: Span | None = None,
        seen: bool = False,
    ) -> bool:
        """Make one group of decisions; returns whether they were made. Open alternatives to what
        they keep are rejected with it.

        The item of the first one must be in view (`at`: this place of it), otherwise it is scrolled
        into view instead, unless `seen` says that the whole article is meant. `focus_next_open`
        moves on afterwards; `again` repeats the action elsewhere, None if that is not possible.
        """
        if not changes or not (seen or self._is_in_view(changes[0], at)):
            return False
        changes = settled(self._state.review, changes)
        refusal = forbidden(self._state.review, changes)
        refusal = refusal or self._press(changes, again, with_line=not focus_next_open)
        if refusal is not None:
            self._page.say(refusal.said)
            return False
        if focus_next_open:
            self._navigation.next_open()
        return True

    def correct_to(
        self, item: Item, now: Item | None, *, at: Span | None = None, again: Again | None = None
    ) -> bool:
        """Correct `item` to `now`; returns whether it is `now` afterwards. Shows a message if that
        is not possible."""
        changes = corrected(item, now)
        if isinstance(changes, NotDone):
            self._page.say(changes.said)
            return False
        return not changes or self.decide(*changes, at=at, again=again)

    def can_be_seen(self, item: Item, at: Span | None = None) -> bool:
        """Whether an item (`at`: this place of it) is in view; if not, scroll it into view."""
        where, view = at or item.span, self._page.view
        if view.shows_start_of(where) and self._questions.could_be_seen(item.id):
            return True
        view.scroll_to_span(where)
        words = named(item, self._state.text)
        self.ask(f"{words} was out of view: the same key decides now.", about=item.id)
        return False

    def ask(self, message: str, about: str | None = None, *, anew: bool = False) -> None:
        """Show a question that the same key, pressed again, answers; `anew` as in
        `Questions.ask`."""
        self._page.say(message)
        self._state.ask()
        self._questions.ask(about, anew=anew)

    def ask_by_menu(self) -> None:
        """The open menu asks about the whole article: keys typed before it could be read are no
        answer."""
        self._questions.ask_by_menu()

    def ignore_held_key(self) -> None:
        """Ignore the current key from here on until it is pressed anew."""
        self._questions.ask(anew=True)

    def _press(
        self, changes: tuple[Change, ...], again: Again | None, *, with_line: bool
    ) -> NotDone | None:
        """Make the decisions, unless one is invalid."""
        state = self._state
        try:
            decisions = state.session.press(*changes)
        except ReviewError as error:
            reopen = self._page.shown("reopen")
            hint = f" {reopen}: take it up again." if state.review.finished else ""
            return NotDone(error.message + hint)
        state.habits.repeats.add(decisions[0].group, again)
        targets = [decision.target for decision in decisions]
        self._navigation.changed(targets, with_line=with_line)
        return None

    def _is_in_view(self, change: Change, at: Span | None) -> bool:
        """Whether the target of a change is in view; if not, scroll to it with a message."""
        item = change.before or change.after
        if not isinstance(item, Entity | Claim | Junk):
            return True
        # A new item is at the selection or the caret, and may reach out of view.
        if change.before is None and self._page.view.shows_some_of(item.span):
            return True
        return self.can_be_seen(item, at)
