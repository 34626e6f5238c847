"""Inconsistencies after kills: in files, articles, suggestions, decisions."""

from __future__ import annotations

import json
import sqlite3
import uuid
from datetime import UTC, datetime
from pathlib import Path

from annotator.core.article import identity_of
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import DecisionGroup, to_decisions
from annotator.core.review import Review
from annotator.inbox.files import escaped
from annotator.store.linking.minhash import bands_of
from annotator.store.sql.row_mapping import items_from_rows
from annotator.store.store import Store
from tests.e2e.crash_parts import REVIEWER, url_of


def complaints(
    folder: Path,
    paths: set[str],
    texts: set[str],
    rejected: set[str],
    *,
    passing: set[str] | frozenset[str] = frozenset(),
    earlier: set[str] | frozenset[str] = frozenset(),
) -> list[str]:
    """What is not as it must be once everything has come to rest; empty if all is well.

    `passing` are texts that may be there or not, `earlier` some that an older version took in.
    """
    store = Store.open(url_of(folder))
    known = set(store.files.known())
    refused = {file.name for file in store.files.rejected()}
    store.close()
    with sqlite3.connect(folder / "annotator.db") as database:
        articles = database.execute("SELECT id, stage, problem FROM article").fetchall()
        sets, recalled = _suggestion_sets(database)
        other_bands = _with_other_bands(database)
        integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
    ids, wanted = {row[0] for row in articles}, {identity_of(text) for text in texts | earlier}
    maybe = {identity_of(text) for text in passing}
    checks = {
        "files without a row": {escaped(path) for path in paths} - known,
        "rejected, but should not be": refused - rejected,
        "not rejected, but should be": rejected - refused,
        "lost": wanted - ids,
        "halves or strangers": ids - wanted - maybe,
        "not ready": {
            f"{one} is {stage}: {problem}"
            for one, stage, problem in articles
            if stage != "ready" and (one in wanted or stage == "failed")
        },
        "without suggestions": wanted - set(sets),
        "suggested for twice": {one for one in sets if sets.count(one) > 1},
        "recalled from no suggestions": recalled - set(sets),
        "with other bands": other_bands - {identity_of(text) for text in earlier},
        "damage": {integrity} - {"ok"},
    }
    return [f"{what}: {sorted(which)}" for what, which in checks.items() if which]


def _suggestion_sets(database: sqlite3.Connection) -> tuple[list[str], set[str]]:
    """The article of each set that the pipeline made, and the articles of sets built on one.

    A set built on another holds what the memory of decisions added when the article was opened.
    """
    made = "SELECT article_id FROM suggestion_set WHERE base_id IS NULL"
    recalled = "SELECT article_id FROM suggestion_set WHERE base_id IS NOT NULL"
    return (
        [row[0] for row in database.execute(made)],
        {row[0] for row in database.execute(recalled)},
    )


def _with_other_bands(database: sqlite3.Connection) -> set[str]:
    """Ready articles whose bands are not those of their text without its junk: all or none."""
    kept: dict[str, set[int]] = {}
    for article, band in database.execute("SELECT article_id, band FROM shingle_band"):
        kept.setdefault(article, set()).add(band)
    ready = database.execute(
        "SELECT a.id, a.text, s.items FROM article a JOIN suggestion_set s ON s.article_id = a.id "
        "WHERE a.stage = 'ready'"
    )
    return {
        article
        for article, text, items in ready
        if set(bands_of(text, items_from_rows(json.loads(items)))) != kept.get(article, set())
    }


def decisions_lost(store: Store, acknowledged: list[list[str]]) -> list[str]:
    """Every acknowledged decision is there in its order, and undo goes all the way back."""
    wrong = []
    told_of: dict[str, list[str]] = {}
    for article, decision in acknowledged:
        told_of.setdefault(article, []).append(decision)
    for article, told in told_of.items():
        opened = store.reviews.get(article, REVIEWER)
        stored = [decision.id for decision in opened.review.decisions]
        if [decision for decision in stored if decision in set(told)] != told:
            wrong.append(f"decisions lost: of {article}")
        if undone(store, article).items != opened.review.suggestions:
            wrong.append(f"undo does not go all the way back: {article}")
    return wrong


def undone(store: Store, article: str) -> Review:
    """The review after undo has been pressed until nothing is left to take back."""
    now = datetime.now(UTC)
    opened = store.reviews.open(article, REVIEWER, now=now, lease_seconds=600, plan=ReviewPlan(9))
    review = opened.review
    while undo := review.undo():
        decisions = to_decisions(
            (undo,),
            DecisionGroup(
                id=uuid.uuid4().hex,
                article=article,
                reviewer=REVIEWER,
                at=datetime.now(UTC),
                first_seq=review.next_seq,
            ),
            ids=(uuid.uuid4().hex,),
        )
        store.reviews.append(decisions, text=opened.article.text)
        review = review.decide(*decisions)
    return store.reviews.get(article, REVIEWER).review
