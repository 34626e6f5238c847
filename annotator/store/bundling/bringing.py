"""Brings articles and reviews of a bundle into a store: by id, so that twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from annotator.core.assignment import ReviewPlan
from annotator.core.bundled import ADJUDICATION, BundledArticle, BundledReview
from annotator.core.decisions import Decision, is_joined
from annotator.core.journal.chain import Opening
from annotator.core.review import Review
from annotator.core.reviewing.joined_logs import Clash, Joined, join
from annotator.errors import ReviewError
from annotator.store.bundling.along import free_of
from annotator.store.bundling.bundle_sets import BundleSets
from annotator.store.journal.chaining import opening_columns, suggestions_digest
from annotator.store.linking.near_duplicates import link
from annotator.store.listing.check_slots import are_checks
from annotator.store.reviewing.carried_decisions import forget_carried
from annotator.store.reviewing.recalled import unpin
from annotator.store.reviewing.reviews import write_decisions
from annotator.store.reviewing.stored_review import read_review
from annotator.store.reviewing.taking import count_reviews, is_no_adjudication, review_row
from annotator.store.searching.text_index import index_texts
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.sql.row_mapping import (
    DECISION_COLUMNS,
    article_to_row,
    count_items,
    decision_from_row,
    review_to_cache,
)
from annotator.store.tombstones import why_purged
from annotator.store.values import Stage

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BringTerms:
    """When a bundle comes in, whose reviews are taken from it (None: everybody's), how many reviews
    an article may have, and whether the bundle leaves its home or returns to it: reviews that are
    not begun come along only on the way out."""

    now: datetime
    reviewers: frozenset[str] | None
    plan: ReviewPlan
    is_outward: bool

    def takes(self, reviewer: str) -> bool:
        """Whether the reviews of this reviewer are taken."""
        return self.reviewers is None or reviewer in self.reviewers


@dataclass(frozen=True, slots=True)
class BundleConflict:
    """A conflict in one article: `kind` is `adjudicate` (others have reviewed it too: all reviews
    stand), `clash` (the same person decided differently on the same at two places: the later
    decision holds), `suggestions` (the review here was opened with other suggestions: `left` was
    not stored), `id` (decisions with ids of others, or changed: `left` was not stored)."""

    article: str
    reviewer: str
    kind: str
    others: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()
    left: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of one article of a bundle. `added` and `known` count decisions; `problem` says why
    nothing of it was stored; `untold` are reviewers who did not take it along from here."""

    article: str
    is_new: bool = False
    added: int = 0
    known: int = 0
    problem: str | None = None
    is_superseded: bool = False
    conflicts: tuple[BundleConflict, ...] = ()
    decided: tuple[tuple[str, int], ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether anything of it was new here."""
        return self.is_new or self.added > 0


def bring_article(connection: Connection, one: BundledArticle, terms: BringTerms) -> Brought:
    """Store an article of a bundle and its reviews, as far as they are new here."""
    id = one.article.id
    if purged := why_purged(connection, [id]):
        return Brought(id, problem=purged[id])
    c = t.article.c
    row = connection.execute(select(c.stage, c.number).where(c.id == id).with_for_update()).first()
    sets = BundleSets(connection, one)
    if row is None:
        _add_article(connection, one, sets)
    elif row.stage in (Stage.WAITING.value, Stage.FAILED.value):
        _make_ready(connection, one, sets)
    found = [
        bring(connection, one, review, sets, terms)
        for bring, wanted in ((_bring_review, False), (_bring_adjudication, True))
        for review in one.reviews
        if terms.takes(review.reviewer) and (review.kind == ADJUDICATION) is wanted
    ]
    return Brought(
        id,
        row is None,
        sum(brought.added for brought in found),
        sum(brought.known for brought in found),
        is_superseded=row is not None and row.stage == Stage.SUPERSEDED.value,
        conflicts=tuple(each for brought in found for each in brought.conflicts),
        decided=tuple(each for brought in found for each in brought.decided),
        untold=tuple(name for brought in found for name in brought.untold),
    )


def _add_article(connection: Connection, one: BundledArticle, sets: BundleSets) -> None:
    c = t.article.c
    number = (connection.execute(select(func.max(c.number))).scalar() or 0) + 1
    there = select(c.id).where(c.id == one.supersedes)
    values = article_to_row(one.article) | {
        "number": number,
        "place": number,
        "stage": Stage.READY.value,
        "received": one.received,
        "supersedes": connection.execute(there).scalar(),
    }
    connection.execute(insert(t.article), [values])
    index_texts(connection, [values])
    _make_ready(connection, one, sets)


def _make_ready(connection: Connection, one: BundledArticle, sets: BundleSets) -> None:
    """Give an article that has no suggestions here those of the bundle, and link it."""
    # Imported here because the screens load this module but never bring bundles in.
    from annotator.store.linking.minhash import bands_of

    place, c = sets.newest(), t.article.c
    if place is None:
        return
    items = one.sets[place].items
    sets.id_of(place)
    free = {"problem": None, "tries": 0, "leased_by": None, "leased_until": None}
    ready = {"stage": Stage.READY.value, **free, **count_items(items)}
    connection.execute(update(t.article).where(c.id == one.article.id).values(ready))
    link(connection, {one.article.id: bands_of(one.article.text, items)})


def _bring_review(
    connection: Connection,
    one: BundledArticle,
    review: BundledReview,
    sets: BundleSets,
    terms: BringTerms,
) -> Brought:
    """Store what is new of one review."""
    id, reviewer = one.article.id, review.reviewer
    row = review_row(connection, id, reviewer)
    if not review.decisions:
        if row is None and terms.is_outward:
            _begin(connection, one, review, sets, terms)
        return Brought(id)
    wrong = _with_wrong_ids(connection, row, review.decisions)
    if wrong:
        return Brought(id, conflicts=(BundleConflict(id, reviewer, "id", left=wrong),))
    is_expected = terms.is_outward or (row is not None and row.taken_at is not None)
    if row is None or row.last_seq == 0:
        row = _begin(connection, one, review, sets, terms)
    before = read_review(connection, row).review()
    try:
        joined = _joined(before, one.folded(review), terms.now)
    except ReviewError:
        left = tuple(each for each in review.decisions if not is_joined(each))
        return Brought(id, conflicts=(BundleConflict(id, reviewer, "suggestions", left=left),))
    if not joined.new:
        return Brought(id, known=joined.known)
    after, text = joined.review, one.article.text
    home = free_of(row) if after.finished else {}
    write_decisions(connection, row, before, after, text=text, **home)
    conflicts = [*_clashes(id, reviewer, joined), *_meetings(connection, id, reviewer, terms)]
    decided = ((reviewer, joined.added),)
    return Brought(
        id,
        added=joined.added,
        known=joined.known,
        conflicts=tuple(conflicts),
        decided=decided,
        untold=() if is_expected else (reviewer,),
    )


def _bring_adjudication(
    connection: Connection,
    one: BundledArticle,
    review: BundledReview,
    sets: BundleSets,
    terms: BringTerms,
) -> Brought:
    """Store what is new of one adjudication. It is the same one if it was opened by the same person
    at the same time with the same answers."""
    id, adjudicator = one.article.id, review.reviewer
    pinned = sets.row_of(review.suggested)
    assert pinned is not None  # checked on reading
    opening = opening_columns(
        Opening(id, adjudicator, ADJUDICATION, review.opened, suggestions_digest(pinned))
    )
    c = t.review.c
    same = select(t.review).where(c.article_id == id, c.opening == opening["opening"])
    row = connection.execute(same).first()
    wrong = _with_wrong_ids(connection, row, review.decisions)
    if wrong:
        return Brought(id, conflicts=(BundleConflict(id, adjudicator, "id", left=wrong),))
    if row is None:
        values = {
            **review_to_cache(one.folded(replace(review, decisions=()))),
            **opening,
            **{"article_id": id, "reviewer": adjudicator, "kind": ADJUDICATION},
            **{"opened_at": review.opened, "suggestion_set_id": pinned.id, "outdated": False},
        }
        connection.execute(insert(t.review).values(values))
        row = connection.execute(same).one()
    before = read_review(connection, row).review()
    joined = _joined(before, one.folded(review), terms.now)
    if not joined.new:
        return Brought(id, known=joined.known)
    write_decisions(connection, row, before, joined.review, text=one.article.text)
    compared = one.compared_by(review)
    assert compared is not None  # checked on reading
    outdated = {(each.reviewer, each.seq) for each in compared.reviews} != _finished(connection, id)
    connection.execute(update(t.review).where(c.id == row.id).values(outdated=outdated))
    return Brought(
        id,
        added=joined.added,
        known=joined.known,
        conflicts=tuple(_clashes(id, adjudicator, joined)),
        decided=((adjudicator, joined.added),),
    )


def _finished(connection: Connection, id: str) -> set[tuple[str, int]]:
    """The reviewers who have finished an article, with the numbers of their last decisions."""
    c = t.review.c
    rows = connection.execute(
        select(c.reviewer, c.last_seq).where(
            c.article_id == id, c.finished_at.is_not(None), is_no_adjudication()
        )
    )
    return {(reviewer, seq) for reviewer, seq in rows}


def _joined(before: Review, theirs: Review, now: datetime) -> Joined:
    """Both logs as one; raises ReviewError if they began with other suggestions."""
    here = {each.id for each in before.decisions}
    if all(each.id in here for each in theirs.decisions):
        return Joined(before, known=len(theirs.decisions))
    if before.suggestions != theirs.suggestions:
        raise ReviewError("The review was opened with other suggestions.")
    return join(before, theirs.decisions, at=now)


def _clashes(id: str, reviewer: str, joined: Joined) -> list[BundleConflict]:
    if not joined.clashes:
        return []
    return [BundleConflict(id, reviewer, "clash", clashes=joined.clashes)]


def _meetings(
    connection: Connection, id: str, reviewer: str, terms: BringTerms
) -> list[BundleConflict]:
    """The conflict that more people reviewed an article than were asked to, if so."""
    c = t.review.c
    theirs = select(c.reviewer).where(
        c.article_id == id, c.reviewer != reviewer, c.last_seq > 0, is_no_adjudication()
    )
    others = tuple(sorted(connection.execute(theirs).scalars()))
    is_check = bool(are_checks(connection, [id]))
    if len(others) < terms.plan.reviews_of(id, is_check=is_check):
        return []
    return [BundleConflict(id, reviewer, "adjudicate", others=others)]


def _begin(
    connection: Connection,
    one: BundledArticle,
    review: BundledReview,
    sets: BundleSets,
    terms: BringTerms,
) -> Row[Any]:
    """The row of a review that is opened as in the bundle; a row without decisions is renewed."""
    id, reviewer = one.article.id, review.reviewer
    old = review_row(connection, id, reviewer, lock=True)
    pinned = sets.row_of(review.suggested)
    digest = None if pinned is None else suggestions_digest(pinned)
    opening = Opening(id, reviewer, review.kind, review.opened, digest, review.assisted)
    values = {
        **review_to_cache(Review.of(id, reviewer, one.shown_to(review))),
        **opening_columns(opening),
        "assisted": review.assisted,
        "suggestion_set_id": None if pinned is None else pinned.id,
        "opened_at": review.opened,
    }
    if old is None or old.kind != review.kind:
        values["kind"] = review.kind
    if old is None:
        came = {"taken_at": terms.now} if terms.is_outward else {}
        connection.execute(
            insert(t.review).values(article_id=id, reviewer=reviewer, **values, **came)
        )
        count_reviews(connection, id, reviews=1)
    else:
        forget_carried(connection, old.id)
        connection.execute(update(t.review).where(t.review.c.id == old.id).values(values))
        if old.suggestion_set_id != values["suggestion_set_id"]:
            unpin(connection, old.suggestion_set_id)
    row = review_row(connection, id, reviewer)
    assert row is not None  # written just now
    return row


def _with_wrong_ids(
    connection: Connection, row: Row[Any] | None, decisions: Iterable[Decision]
) -> tuple[Decision, ...]:
    """All decisions if one has the id of a decision of another review, or of another one of this
    review; otherwise none."""
    every = {one.id: one for one in decisions}
    c, d = t.decision.c, (*DECISION_COLUMNS, t.decision.c.review_id)
    for some in chunks(every):
        for *stored, review_id in connection.execute(select(*d).where(c.id.in_(some))):
            theirs = every[stored[0]]
            there = decision_from_row(
                tuple(stored),  # type: ignore[arg-type]  # unpacked alike
                theirs.article,
                theirs.reviewer,
                adjudicates=theirs.adjudicates,
            )
            is_same = is_joined(theirs) or replace(theirs, seq=there.seq) == there
            if row is None or review_id != row.id or not is_same:
                return tuple(one for one in every.values() if not is_joined(one))
    return ()
