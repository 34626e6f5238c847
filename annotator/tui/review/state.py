"""The state of one review on the screen, made anew for each article, so that nothing is reset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from annotator.core.annotations import Item
from annotator.core.article import Span
from annotator.core.edits import Part
from annotator.core.labels import Label, Role
from annotator.core.review import Review, ReviewItem
from annotator.core.reviewing.item_filter import ItemTest, item_test
from annotator.core.speakers import Speakers
from annotator.core.states import ItemFilter
from annotator.core.text.words import Words
from annotator.tui.review.item_order import ItemOrder
from annotator.tui.review.repeats import Repeats
from annotator.tui.review.session import Session


@dataclass(slots=True)
class Habits:
    """What stays as it is from one article to the next."""

    by_character: bool = False
    repeats: Repeats = field(default_factory=Repeats)


@dataclass(frozen=True, slots=True)
class InFocus:
    """The item that decisions act on, and of a claim perhaps one part. `id` None: no item."""

    id: str | None = None
    part: Part | None = None


@dataclass(slots=True)
class Selecting:
    """How the selection grows: the unit at which it began, so that it can grow to both sides, and
    whether moves of the caret select."""

    base: Span | None = None
    anchored: bool = False


class Listed:
    """Which items are gone through, in which order.

    `whole` are all items in the order of the text, `order` those that `n` and `p` go through:
    without what the filter called `only` leaves out, the least confident first if `by_confidence`.
    """

    def __init__(self, review: Review, confidence: float) -> None:
        self.unfolded = False
        self.by_confidence = False
        self.only: ItemFilter | Label = ItemFilter.ALL
        self.lets_through: ItemTest = bool
        self._confidence = confidence
        self.whole = self.order = ItemOrder(review)

    @property
    def is_filtered(self) -> bool:
        return self.only is not ItemFilter.ALL

    @property
    def words(self) -> str:
        """What only is listed, in words."""
        return self.only.name if isinstance(self.only, Label) else self.only

    def filter(self, wanted: ItemFilter | Label) -> None:
        """Lists only the items of the filter `wanted` from the next `arrange` on."""
        self.only = wanted
        self.lets_through = item_test(wanted, self._confidence)

    def arrange(self, review: Review) -> None:
        """Puts the items in order anew."""
        self.whole = self.order = ItemOrder(review, unfolded=self.unfolded)
        if self.by_confidence or self.is_filtered:
            self.order = ItemOrder(
                review,
                self.lets_through,
                unfolded=self.unfolded,
                least_confident_first=self.by_confidence,
            )

    def update(self, review: Review, ids: Iterable[str]) -> None:
        """Takes over what became of these items."""
        changed = tuple(ids)
        self.whole.update(review, changed)
        if self.order is not self.whole:
            self.order.update(review, changed)


class ReviewState:
    """One article under somebody's hands.

    The item in focus is the one under the caret, and none where the caret is on plain text; only
    while words are selected it is the one that was there before. `here` is the item that was last
    in focus, though it may be gone: steps count from it, or from the caret where that `is_free`:
    moved by hand since. `last_claim` is the claim that was last chosen: what is selected after that
    can belong to it. `jumped` is where a jump has just led to. `is_confirmed` says of the action in
    hand that it has asked whether it is meant, and nothing else was done since. The caret
    and the selection are the view's.
    """

    def __init__(
        self, session: Session, habits: Habits, confidence: float, roles: Mapping[str, Role]
    ) -> None:
        self.session, self.habits, self.confidence = session, habits, confidence
        self._roles = roles
        self.words = Words(session.article.text)
        self.listed = Listed(session.review, confidence)
        self.focus = InFocus()
        self.here: str | None = None
        self.is_free = False
        self.last_claim = InFocus()
        self.jumped: Span | None = None
        self.selecting = Selecting()
        self.is_confirmed = False
        self._action = self._asked = ""

    def begin(self, action: str) -> None:
        """An action begins."""
        self.is_confirmed = action == self._asked
        self._action = action
        if not self.is_confirmed:
            self._asked = ""

    def ask(self) -> None:
        """The action that is being done asks whether it is meant."""
        self._asked = self._action

    @property
    def review(self) -> Review:
        return self.session.review

    @property
    def speakers(self) -> Speakers:
        """Who of the review can be the source of a claim."""
        return Speakers(self.review, self._roles)

    @property
    def text(self) -> str:
        return self.session.article.text

    @property
    def held(self) -> ReviewItem | None:
        """What is held of the item in focus."""
        return self.review.held.get(self.focus.id) if self.focus.id else None

    @property
    def item(self) -> Item | None:
        """The item in focus."""
        held = self.held
        return held.item if held else None
