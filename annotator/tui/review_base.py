"""What every part of the review screen works with: the review, the focus, the widgets."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from functools import cached_property

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Span
from annotator.core.commands import Refusal, corrected, forbidden
from annotator.core.decisions import Change
from annotator.core.edits import Part, span_of
from annotator.core.item_filter import ItemFilter
from annotator.core.review import Held, Review, Status
from annotator.core.wording import named
from annotator.core.words import Words
from annotator.errors import AnnotatorError, ReviewError
from annotator.tui.article.article_view import ArticleView
from annotator.tui.article.marks import marks_of
from annotator.tui.keys import KeyMap
from annotator.tui.order import ItemOrder
from annotator.tui.repeats import Repeats
from annotator.tui.review.annotation_list import AnnotationList
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.session import Session
from annotator.tui.setup import AppSetup
from annotator.tui.strips import Choice, Strip
from annotator.tui.terminal.keyboard import Typed, now
from annotator.tui.widgets.bar import Bar


class ReviewBase(KeyScreen):
    """State and steps that moving, deciding, claims and strips share.

    The *focus* is one item, and of a claim perhaps one `part`; decisions act on it. `here` is the
    item that was last in focus, though it may be gone: steps count from it; `claim_id` the claim
    that was last in focus. `jumped` is where a jump has just led to. The caret is the view's.
    `base` is where a selection began, so that it can grow to both sides.
    """

    def __init__(self, setup: AppSetup, keymap: KeyMap) -> None:
        super().__init__()
        self.setup, self.keymap = setup, keymap
        self.session: Session | None = None
        self.words = Words("")
        self.order: ItemOrder | None = None
        self.whole: ItemOrder | None = None
        self.wanted: ItemFilter = bool
        self.focus_id: str | None = None
        self.here: str | None = None
        self.part: Part | None = None
        self.claim_id: str | None = None
        self.jumped: Span | None = None
        self.base: Span | None = None
        self.anchored = False
        self.characters = False
        self.unfolded = False
        self.by_confidence = False
        self.strip: Strip | None = None
        self.message = ""
        self.repeats = Repeats()
        self._chosen: Callable[[Choice], None] | None = None
        # What was taken last; which key was answered by a question, when, and about which item.
        self._typed = Typed(float("-inf"), "")
        self._asked, self._asked_at = "", float("-inf")
        self._brought: str | None = None
        self._bars: dict[str, Bar] = {}

    # What there is

    @property
    def is_there(self) -> bool:
        """Whether the widgets are there: what comes late may find the screen being taken down."""
        return self.is_attached and bool(self.children) and self.view.is_attached

    # Looked for once: every key asks for them a dozen times.

    @cached_property
    def view(self) -> ArticleView:
        return self.query_one(ArticleView)

    @cached_property
    def panel(self) -> AnnotationList:
        return self.query_one(AnnotationList)

    def bar(self, name: str) -> Bar:
        """The line of words with this name."""
        if name not in self._bars:
            self._bars[name] = self.query_one(f"#{name}", Bar)
        return self._bars[name]

    @property
    def open_session(self) -> Session:
        """The session; only asked for while an article is shown."""
        assert self.session is not None
        return self.session

    @property
    def review(self) -> Review:
        return self.open_session.review

    @property
    def text(self) -> str:
        return self.open_session.article.text

    @property
    def items(self) -> ItemOrder:
        """The items that n and p go through: all but what a filter leaves out."""
        assert self.order is not None
        return self.order

    @property
    def everything(self) -> ItemOrder:
        """All items, whatever is filtered out of `items`."""
        assert self.whole is not None
        return self.whole

    @property
    def held(self) -> Held | None:
        """What is held of the item in focus."""
        return self.review.held.get(self.focus_id) if self.focus_id else None

    @property
    def item(self) -> Item | None:
        """The item in focus."""
        return self.held.item if self.held else None

    @property
    def claim(self) -> Claim | None:
        """The claim in focus; says so where there is none.

        With words selected or jumped to, the focus may have left the claim on the way to what
        belongs to it: then it is the claim that was last in focus.
        """
        held = self.held
        on_the_way = self.view.selection is not None or self.jumped is not None
        if on_the_way and self.claim_id is not None and not isinstance(self.item, Claim):
            held = self.review.held.get(self.claim_id)
        if held and isinstance(held.item, Claim) and held.status is not Status.DROPPED:
            if held.item.id != self.focus_id:
                self.focus_on(held.item.id, caret=False)
            return held.item
        self.say("Focus a claim first: c makes one, n and p go to one.")
        return None

    # Steps

    def say(self, message: str) -> None:
        """Says something in the detail line until the next key."""
        self.message = message
        self.show_detail()

    def ask(self, message: str) -> None:
        """Says something that the same key, pressed again, answers."""
        self.say(message)
        self._asked, self._asked_at, self._brought = self._typed.pressed, now(), None

    def take(self, typed: Typed) -> None:
        """Takes a key or a paste; the same key again only once its question could be read."""
        if typed.pressed == self._asked and typed.at <= self._asked_at and typed.pasted is None:
            return
        self._typed, self._asked = typed, ""
        super().take(typed)

    def complain(self, error: AnnotatorError) -> None:
        """Shows what went wrong and what to do."""
        words = f"{error.message}\n{error.hint}" if error.hint else error.message
        self.app.notify(words, severity="error", markup=False, timeout=10)

    def decide(
        self,
        *changes: Change,
        go_on: bool = False,
        again: Callable[[], None] | None = None,
        at: Span | None = None,
        seen: bool = False,
    ) -> bool:
        """Makes one group of decisions; whether they were made.

        What the first of them decides on must be in view (`at`: this place of it), and is brought
        there if not, unless `seen` says that the whole article is meant. `go_on` moves on to what
        is open; `again` does the same elsewhere.
        """
        if not changes:
            return False
        if not (seen or self._is_in_view(changes[0], at)) or not self._may_stand(changes):
            return False
        try:
            decisions = self.open_session.press(*changes)
        except ReviewError as error:
            hint = (
                f" {self.keymap.shown('reopen')}: take it up again." if self.review.finished else ""
            )
            self.say(error.message + hint)
            return False
        if again is not None:
            self.repeats.add(decisions[0].group, again)
        self.changed(decision.target for decision in decisions)
        if go_on:
            self.go_on()
        return True

    def _is_in_view(self, change: Change, at: Span | None) -> bool:
        """Whether what is decided on can be seen; if not, it is brought into view, with a word."""
        item = change.before or change.after
        if not isinstance(item, Entity | Claim | Junk):
            return True
        # What is made anew is where the selection or the caret is, and may reach out of view.
        if change.before is None and self.view.shows_some_of(item.span):
            return True
        return self.can_be_seen(item, at)

    def can_be_seen(self, item: Item, at: Span | None = None) -> bool:
        """Whether an item (`at`: this place of it) is in view; if not, it is brought there."""
        where = at or item.span
        too_soon = item.id == self._brought and self._typed.at <= self._asked_at
        if self.view.shows_start_of(where) and not too_soon:
            return True
        self.view.scroll_to_span(where)
        self.ask(f"{named(item, self.text)} was out of view: the same key decides now.")
        self._brought = item.id
        return False

    def _may_stand(self, changes: Iterable[Change]) -> bool:
        refusal = forbidden(self.review, changes)
        if refusal is not None:
            self.say(refusal.said)
        return refusal is None

    def show_focus(self) -> None:
        """Brings the item in focus into view, for a strip that asks what becomes of it."""
        if self.item is not None and not self.view.shows_start_of(self.item.span):
            self.view.scroll_to_span(self.item.span)

    def correct_to(
        self,
        now: Item | None,
        *,
        at: Span | None = None,
        again: Callable[[], None] | None = None,
    ) -> bool:
        """The item in focus becomes `now`; says so where there is no such item."""
        changes = corrected(self.item, now) if self.item is not None else Refusal("No item.")
        if isinstance(changes, Refusal):
            self.say(changes.said)
            return False
        return not changes or self.decide(*changes, at=at, again=again)

    def changed(self, ids: Iterable[str | None]) -> None:
        """Draws again what became of these items."""
        changed = [id for id in dict.fromkeys(ids) if id is not None]
        self.everything.update(self.review, changed)
        if self.items is not self.everything:
            self.items.update(self.review, changed)
        for id in changed:
            self.draw_marks(id)
        self.panel.update_items(self.review, changed)
        if self.focus_id in changed:
            self.focus_on(self.focus_id, part=self.part, caret=False)
        self.show_header()
        self.show_detail()

    def draw_marks(self, id: str) -> None:
        marks = marks_of(
            self.review.held.get(id), unfolded=self.unfolded, focused=id == self.focus_id
        )
        self.view.replace_item(id, marks)

    def focus_on(self, id: str | None, *, part: Part | None = None, caret: bool = True) -> None:
        """Puts the focus on an item, or of a claim on one part, and the caret with it."""
        before = self.focus_id
        held = self.review.held.get(id) if id is not None else None
        self.here = id or self.here
        if held is None or (held.status is Status.DROPPED and held.suggested is None):
            id, held = None, None
        self.focus_id = id
        if held is not None and isinstance(held.item, Claim):
            self.claim_id = id
        self.part = part if held is not None else None
        if before is not None and before != id:
            self.draw_marks(before)
        if id is not None and id != before:
            self.draw_marks(id)
        self.panel.focus_on(id)
        if held is None:
            self.view.focus_item(None)
        else:
            where = span_of(held.item, self.part) if self.part else held.item.span
            self.view.focus_item(id, where if self.part else None)
            if caret:
                self.base, self.anchored = None, False
                self.view.select(None)
                self.view.move_caret(where.start, scroll=False)
                self.view.scroll_to_span(where)
        self.show_detail()

    def go_on(self) -> None:
        """Puts the focus on the next open item; where there is none, it says so and stays."""
        following = self.items.step(self.here, +1, open_only=True)
        if following is None:
            self.say(f"Nothing is open: {self.keymap.shown('finish')} finishes.")
        else:
            self.focus_on(following)

    def open_strip(self, strip: Strip, chosen: Callable[[Choice], None]) -> None:
        """Lets `strip` take the letters until one is chosen or it is closed."""
        self.strip, self._chosen = strip, chosen
        self.show_strip()

    def close_strip(self) -> None:
        if self.strip is not None:
            self.strip, self._chosen = None, None
            self.view.clear_hints()
            self.show_strip()

    def choose(self, letter: str) -> None:
        """Takes one letter for the open strip."""
        assert self.strip is not None
        choice, chosen = self.strip.by_letter.get(letter), self._chosen
        if choice is None or chosen is None:
            self.say(f"{letter} stands for nothing here; esc closes.")
            return
        self.close_strip()
        chosen(choice)

    # Parts that the screen itself draws

    @abstractmethod
    def show_header(self) -> None:
        """Shows which article this is and how far its review has come."""

    @abstractmethod
    def show_detail(self) -> None:
        """Shows what there is to know of the item in focus, or what was last said."""

    @abstractmethod
    def show_strip(self) -> None:
        """Shows the strip that takes the next letter, if one is open."""

    @abstractmethod
    def open_next_article(self) -> None:
        """Opens what comes next in the queue."""

    def new_id(self) -> str:
        return self.setup.clock.new_id()
