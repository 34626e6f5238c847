"""Bundles between stores, in short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from annotator.core.annotations import Entity
from annotator.core.assignment import ONE_REVIEW
from annotator.core.decisions import Change, DecisionGroup, to_decisions
from annotator.core.labels import Label, LabelScheme
from annotator.export.bundle_out import BundleMade, BundleOrder, write_bundle
from annotator.formats.bundle_file import opened_bundle
from annotator.importing.bundle_in import BundleResult, bring_in, survey
from annotator.store.bundling.bringing import BringTerms
from annotator.store.store import Store
from tests.helpers.building import NOW, at, open_

SCHEME = LabelScheme("labels", "1", (Label("PERSON", "p", "#000000", "Somebody."),))
WEEK = timedelta(days=7)


def out(
    store: Store, file: Path, *ids: str, who: Sequence[str] = ("bob",), now: datetime = NOW
) -> BundleMade:
    order = BundleOrder(ids, tuple(who), SCHEME, ONE_REVIEW, now, WEEK)
    return write_bundle(store, file, order)


def bring(store: Store, file: Path, *who: str) -> BundleResult:
    with opened_bundle(file) as bundle:
        head = survey(bundle).head
        names = frozenset(who) or None
        terms = BringTerms(NOW, names, ONE_REVIEW, is_outward=head.until is not None)
        return bring_in(store, bundle, terms)


def work(store: Store, id: str, who: str, *changes: Change, later: float = 0.0) -> None:
    """Open a review, make one key press, release it."""
    opened = open_(store, id, who, now=at(later), reviews_per_article=9)
    name = f"{store.database.name} {who} {later}"
    group = DecisionGroup(name, id, who, at(later), opened.review.next_seq)
    made = to_decisions(changes, group, ids=(f"{name} {n}" for n in count()))
    store.reviews.append(made, text=opened.article.text)
    store.reviews.release(id, who)


def items(store: Store, id: str, who: str) -> Sequence[Entity]:
    found = store.reviews.get(id, who).review.items
    return [item for item in found if isinstance(item, Entity)]
