"""What the reviewer has had on the screen of one article."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotator.core.annotations import Item
from annotator.core.article import Span
from annotator.core.folds import Fold
from annotator.core.reviewing.seen_text import SeenText, seen_among


class ShownText:
    """Keeps what of the text was in view, and since when; `seconds` returns the time.

    Folded items are not drawn, so they are only seen in what was in view after they were unfolded.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._view: Span | None = None
        self._is_covered = False
        self._text = self._unfolded = SeenText()

    def show(self, view: Span | None) -> None:
        """This range of the text is drawn from now on; None while another screen covers it."""
        self._view = view
        self._tell()

    def cover(self, covered: bool) -> None:
        """Whether something lies over the text, which then counts for nothing."""
        if covered is not self._is_covered:
            self._is_covered = covered
            self._tell()

    def unfold(self) -> None:
        """Folded items are drawn from now on."""
        self._unfolded = SeenText()
        self._tell()

    def _tell(self) -> None:
        now, view = self._seconds(), None if self._is_covered else self._view
        self._text = self._text.showing(view, now)
        self._unfolded = self._unfolded.showing(view, now)

    def seen(self, items: Sequence[Item], fold: Fold) -> frozenset[str]:
        """The ids of the items that were on the screen long enough, with all of their pieces."""
        now = self._seconds()
        usual = [item for item in items if not fold.takes(item)]
        folded = [item for item in items if fold.takes(item)]
        return seen_among(usual, self._text, now) | seen_among(folded, self._unfolded, now)
