"""Articles that several people have reviewed, and adjudications of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from annotator.core.adjudicating.choices import choose, close
from annotator.core.adjudicating.differences import ReviewDifference, differences
from annotator.core.annotations import Item
from annotator.core.decisions import Change, accept, finish
from annotator.core.item_matching import content_key
from annotator.core.review import Review, Status
from annotator.store.store import Store
from annotator.store.values import AdjudicationTerms, OpenedReview
from tests.helpers.building import HOLD, NOW, at, open_, press
from tests.helpers.strategies import stamped

ROOM = 9
"""How many reviews an article may have here."""


def reviewed_by(
    store: Store, article: str, who: str, *changes: Change, seconds: float = 0
) -> OpenedReview:
    """A finished review: these changes, one key each, and everything else accepted."""
    now = at(seconds)
    opened = open_(store, article, who, now=now, reviews_per_article=ROOM)
    for change in changes:
        opened = press(store, opened, change, now=now)
    rest = [accept(item) for item in opened.review.open_items()]
    end = finish(folded=(), showed_speakers=True)
    opened = press(store, opened, *rest, end, now=now)
    store.reviews.release(article, who)
    return opened


def adjudicate(
    store: Store,
    article: str,
    who: str = "zoe",
    *,
    seconds: float = 0,
    appointed: tuple[str, ...] = (),
    anew: bool = False,
) -> OpenedReview:
    """The opened adjudication of an article."""
    terms = AdjudicationTerms(at(seconds), HOLD, appointed, anew)
    return store.adjudications.open(article, who, terms)


def found_in(opened: OpenedReview) -> tuple[ReviewDifference, ...]:
    """The differences of an opened adjudication."""
    assert opened.comparison is not None
    return differences(opened.comparison)


def with_choice(
    store: Store, opened: OpenedReview, difference: ReviewDifference, number: int
) -> OpenedReview:
    """An adjudication after one choice, stored."""
    made = choose(opened.review, difference, number)
    return kept(opened, press(store, opened, *made, now=NOW))


def closed(store: Store, opened: OpenedReview) -> OpenedReview:
    """An adjudication after it was finished, stored."""
    assert opened.comparison is not None
    made = close(opened.review, opened.comparison)
    return kept(opened, press(store, opened, *made, now=NOW))


def adjudicated(store: Store, article: str, who: str = "zoe", *, number: int = 0) -> OpenedReview:
    """A finished adjudication in which the option with this number was chosen everywhere."""
    opened = adjudicate(store, article, who)
    for one in found_in(opened):
        opened = with_choice(store, opened, one, number)
    return closed(store, opened)


def kept(before: OpenedReview, after: OpenedReview) -> OpenedReview:
    """The review after a key press, with the comparison that it is about."""
    return OpenedReview(
        after.article,
        after.review,
        after.pipeline,
        after.started,
        before.kind,
        comparison=before.comparison,
    )


def decided(review: Review, made: Sequence[Change]) -> Review:
    """The review with these changes, made by one key, if there are any."""
    return review.decide(*stamped(made, review)) if made else review


def contents(review: Review) -> Counter[Item]:
    """What stands and was decided, by content."""
    return Counter(
        content_key(one.item) for one in review.held.values() if one.status is Status.ACCEPTED
    )
