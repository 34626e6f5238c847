"""Stores imports: articles with suggestions or finished reviews, each as a whole or not at all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    Connection,
    Row,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from annotator.core.annotations import Item
from annotator.core.article import Article
from annotator.core.holds import counts
from annotator.core.joining import joined
from annotator.core.journal.chain import Opening
from annotator.core.records.suggesters import suggesters_to_list
from annotator.core.review import Review
from annotator.store.identities.mention_cache import names_identities, put_imported
from annotator.store.imported_content import folded, says_all
from annotator.store.journal.chaining import chained, opening_columns, suggestions_digest
from annotator.store.linking.near_duplicates import link
from annotator.store.listing.set_aside import set_aside_now
from annotator.store.reviewing.form_index import index_sets
from annotator.store.reviewing.stored_review import read_review
from annotator.store.reviewing.taking import is_no_adjudication
from annotator.store.roles.owner_functions import outdate_adjudications
from annotator.store.searching.text_index import index_texts
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks
from annotator.store.sql.row_mapping import (
    article_to_row,
    came_with_review,
    count_items,
    items_from_rows,
    items_to_rows,
    joined_origins,
    pipeline_of,
    review_to_cache,
    set_to_row,
)
from annotator.store.tombstones import why_purged
from annotator.store.values import IMPORT, ImportedReview, ImportedSuggestions, ImportOutcome, Stage

Plain = dict[str, Any]
_Entry = TypeVar("_Entry", ImportedReview, ImportedSuggestions)
_IMPORTED, _KNOWN = ImportOutcome("imported"), ImportOutcome("known")
_COUNTED: Plain = {name: bindparam(name) for name in ("entities", "claims", "total", "confidence")}
_SET_COUNTS = update(t.article).where(t.article.c.id == bindparam("of")).values(_COUNTED)
_MAKE_READY = _SET_COUNTS.values(
    stage=Stage.READY.value,
    problem=None,
    tries=0,
    leased_by=None,
    leased_until=None,
    language=func.coalesce(t.article.c.language, bindparam("detected")),
)


class Imports:
    """Stores suggestions and reviews made elsewhere."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def suggestions(
        self, entries: Sequence[ImportedSuggestions], *, now: datetime
    ) -> tuple[ImportOutcome, ...]:
        """Store suggestions with their articles in one transaction; returns the outcome of each, in
        order.

        New and waiting articles become ready. Suggestions of people are merged with those of other
        people and take precedence over a pipeline's. Refused if somebody has the article open or
        has decided on it; known if nothing is new.
        """
        if not entries:
            return ()
        with self.database.writing(lock="intake") as connection:
            return _outcomes(
                entries, lambda some: _Suggestions(self.database, connection, now)(some)
            )

    def reviews(
        self, entries: Sequence[ImportedReview], *, now: datetime
    ) -> tuple[ImportOutcome, ...]:
        """Store finished reviews with their articles in one transaction; returns the outcome of
        each, in order.

        Known if the reviewer's review here is equal; refused if it differs or is open. Raises
        ReviewError if decisions do not fit; then nothing is stored.
        """
        if not entries:
            return ()
        with self.database.writing(lock="intake") as connection:
            return _outcomes(entries, lambda some: _Reviews(self.database, connection, now)(some))


def _outcomes(entries: Sequence[_Entry], bring_in: Any) -> tuple[ImportOutcome, ...]:
    """The outcomes of the entries; entries on one article are handled one after the other."""
    fates: dict[int, ImportOutcome] = {}
    for some in _rounds(entries):
        fates |= zip(some, bring_in([entries[n] for n in some]), strict=True)
    return tuple(fates[n] for n in range(len(entries)))


def _rounds(entries: Sequence[_Entry]) -> Iterator[list[int]]:
    """The indices of the entries, in rounds in which each article occurs once."""
    seen: dict[str, int] = defaultdict(int)
    rounds: dict[int, list[int]] = defaultdict(list)
    for n, entry in enumerate(entries):
        rounds[seen[entry.article.id]].append(n)
        seen[entry.article.id] += 1
    yield from rounds.values()


class _Round(ABC, Generic[_Entry]):
    """Stores entries on different articles within one transaction."""

    def __init__(self, database: Database, connection: Connection, now: datetime) -> None:
        self.database, self.connection, self.now = database, connection, now
        self.known: dict[str, Plain] = {}
        self.reviews: dict[str, list[Row[Any]]] = defaultdict(list)

    def __call__(self, entries: Sequence[_Entry]) -> list[ImportOutcome]:
        ids = [entry.article.id for entry in entries]
        purged = why_purged(self.connection, ids)
        self._read(ids)
        fates = []
        taken = []
        for entry in entries:
            reason = purged.get(entry.article.id)
            fate = ImportOutcome("refused", reason) if reason else self.outcome(entry)
            fates.append(fate)
            if fate is _IMPORTED:
                taken.append(entry)
        if taken:
            self._write_articles([entry.article for entry in taken])
            self.write(taken)
            # No worker needs to take them.
            fresh = [entry for entry in taken if self._is_fresh(entry.article)]
            link(self.connection, {one.article.id: _bands(one) for one in fresh})
        return fates

    def _is_fresh(self, article: Article) -> bool:
        row = self.known.get(article.id)
        return row is None or row["stage"] == Stage.WAITING.value

    @abstractmethod
    def outcome(self, entry: _Entry) -> ImportOutcome:
        """The outcome for an entry, given the article and its reviews."""

    @abstractmethod
    def write(self, entries: Sequence[_Entry]) -> None:
        """Store suggestions and reviews of these entries; their articles are stored already."""

    def _read(self, ids: Sequence[str]) -> None:
        c, r = t.article.c, t.review.c
        for some in chunks(ids):
            rows = self.connection.execute(
                select(c.id, c.stage, c.origin, c.also_from)
                .where(c.id.in_(some))
                .order_by(c.id)
                .with_for_update()
            )
            self.known |= {row.id: dict(row._mapping) for row in rows}
        for some in chunks(self.known):
            reviews = select(t.review).where(r.article_id.in_(some), is_no_adjudication())
            for row in self.connection.execute(reviews):
                self.reviews[row.article_id].append(row)

    def _write_articles(self, articles: Iterable[Article]) -> None:
        number = self.connection.execute(select(func.max(t.article.c.number))).scalar() or 0
        new = []
        for article in articles:
            if article.id in self.known:
                self._add_origins(article)
                continue
            number += 1
            new.append(
                article_to_row(article)
                | {
                    "number": number,
                    "place": number,
                    "stage": Stage.READY.value,
                    "received": self.now,
                }
            )
        if new:
            self.connection.execute(insert(t.article), new)
            index_texts(self.connection, new)

    def _add_origins(self, article: Article) -> None:
        """Add new origins to a known article and return it to the queue."""
        row: Plain = self.known[article.id]
        further = joined_origins(row, article)
        changes: Plain = {}
        if len(further) > len(row["also_from"]):
            changes["also_from"] = further
        if row["stage"] == Stage.SUPERSEDED.value:
            changes["stage"] = Stage.READY.value
        if changes:
            of = t.article.c.id == article.id
            self.connection.execute(update(t.article).where(of).values(changes))

    def _put(self, table: Table, rows: Sequence[Plain]) -> dict[str, int]:
        """Store the rows, one for each article; returns their numbers by article."""
        self.connection.execute(insert(table), rows)
        c = table.c
        of = select(c.article_id, func.max(c.id)).group_by(c.article_id)
        found: dict[str, int] = {}
        for some in chunks(row["article_id"] for row in rows):
            for article_id, number in self.connection.execute(of.where(c.article_id.in_(some))):
                found[article_id] = number
        return found

    def _is_held(self, row: Row[Any]) -> bool:
        return counts(row.leased_until, self.now, row.lease_seconds)


class _Suggestions(_Round[ImportedSuggestions]):
    def _read(self, ids: Sequence[str]) -> None:
        super()._read(ids)
        c = t.suggestion_set.c
        self.sets: dict[str, list[Row[Any]]] = defaultdict(list)
        self.joined: dict[str, tuple[Item, ...]] = {}
        for some in chunks(self.known):
            held = select(t.suggestion_set).where(c.article_id.in_(some)).order_by(c.id)
            for row in self.connection.execute(held):
                self.sets[row.article_id].append(row)

    def outcome(self, entry: ImportedSuggestions) -> ImportOutcome:
        article = entry.article
        if self._is_known(entry):
            return _KNOWN
        for row in self.reviews[article.id]:
            if row.last_seq > 0:
                return ImportOutcome(
                    "refused", f"{row.reviewer} has decided on this article already"
                )
            if self._is_held(row):
                return ImportOutcome("refused", f"{row.reviewer} has this article open")
        return _IMPORTED

    def _is_known(self, entry: ImportedSuggestions) -> bool:
        """Whether the article has all of this already; merged suggestions are kept for `write`."""
        name, sets = entry.article.id, self.sets[entry.article.id]
        stage = self.known.get(name, {}).get("stage")
        if not entry.items and (sets or stage == Stage.WAITING.value):
            return True  # empty: nothing to add
        self.joined[name] = entry.items
        if sets and sets[-1].pipeline_name == IMPORT:
            there = items_from_rows(sets[-1].items)
            self.joined[name] = joined(there, entry.items, entry.who)
            return self.joined[name] == there
        return any(_is_set(row, entry) for row in sets)

    def write(self, entries: Sequence[ImportedSuggestions]) -> None:
        rows, counts = [], []
        for one in entries:
            items, sets = self.joined[one.article.id], self.sets[one.article.id]
            kept = pipeline_of(sets[-1]) if sets else None
            by_people = kept is not None and kept.name == IMPORT
            rows.append(
                set_to_row(one.article, items, kept if by_people else one.pipeline, self.now)
            )
            facts = {"of": one.article.id, "detected": one.article.language}
            counts.append(facts | count_items(items))
        self._put(t.suggestion_set, rows)
        index_sets(self.connection, rows)
        self.connection.execute(_MAKE_READY, counts)


class _Reviews(_Round[ImportedReview]):
    def _read(self, ids: Sequence[str]) -> None:
        super()._read(ids)
        self.with_suggestions: set[str] = set()
        c = t.suggestion_set.c
        for some in chunks(self.known):
            held = select(c.article_id).where(c.article_id.in_(some), ~came_with_review())
            self.with_suggestions.update(self.connection.execute(held).scalars())

    def outcome(self, entry: ImportedReview) -> ImportOutcome:
        mine = self._mine(entry)
        if mine is None:
            return _IMPORTED
        if mine.last_seq == 0:
            held = ImportOutcome("refused", f"{mine.reviewer} has this article open")
            return held if self._is_held(mine) else _IMPORTED
        there = read_review(self.connection, mine).review()
        names = {decision.id for decision in there.decisions}
        if entry.decisions[-1].id in names or says_all(there, entry):
            return _KNOWN
        return ImportOutcome(
            "refused",
            f"{mine.reviewer} has decided differently on this article, which was not changed",
        )

    def write(self, entries: Sequence[ImportedReview]) -> None:
        # A review without decisions does not count.
        empty = [mine.id for entry in entries if (mine := self._mine(entry)) is not None]
        for table, of in ((t.carried, t.carried.c.review_id), (t.review, t.review.c.id)):
            for some in chunks(empty):
                self.connection.execute(delete(table).where(of.in_(some)))
        suggested = [
            set_to_row(one.article, one.suggestions, one.pipeline, self.now)
            | {"suggesters": suggesters_to_list(one.suggesters) or None, "base_id": None}
            for one in entries
        ]
        sets = self._put(t.suggestion_set, suggested)
        rows, logs = [], []
        for one, pinned in zip(entries, suggested, strict=True):
            begun = opening_columns(_opening(one, pinned))
            log, head = chained(one.decisions, one.article.text, begun["chain"])
            rows.append(
                _review_row(one, folded(one), sets[one.article.id]) | begun | {"chain": head}
            )
            logs.append(log)
        reviews = self._put(t.review, rows)
        log = [
            row | {"review_id": reviews[one.article.id]}
            for one, log in zip(entries, logs, strict=True)
            for row in log
        ]
        self.connection.execute(insert(t.decision), log)
        for one in filter(names_identities, entries):
            put_imported(self.connection, reviews[one.article.id], folded(one), one)
        self._count(entries)

    def _mine(self, entry: ImportedReview) -> Row[Any] | None:
        reviewer = entry.decisions[0].reviewer
        rows = self.reviews[entry.article.id]
        return next((row for row in rows if row.reviewer == reviewer), None)

    def _count(self, entries: Sequence[ImportedReview]) -> None:
        c = t.article.c
        one_more = (
            update(t.article)
            .where(c.id == bindparam("of"))
            .values(reviews=c.reviews + bindparam("new"), finished=c.finished + 1)
            .values(set_aside=set_aside_now())
        )
        news = [{"of": one.article.id, "new": int(self._mine(one) is None)} for one in entries]
        self.connection.execute(one_more, news)
        outdate_adjudications(self.connection, [one.article.id for one in entries])
        started = [
            {"of": one.article.id, **count_items(one.suggestions)}
            for one in entries
            if one.pipeline is not None and one.article.id not in self.with_suggestions
        ]
        if started:
            self.connection.execute(_SET_COUNTS, started)


def _bands(entry: ImportedReview | ImportedSuggestions) -> tuple[int, ...]:
    # Imported here because the screens load this module but never import files.
    from annotator.store.linking.minhash import bands_of

    items = entry.items if isinstance(entry, ImportedSuggestions) else entry.suggestions
    return bands_of(entry.article.text, items)


def _is_set(row: Row[Any], entry: ImportedSuggestions) -> bool:
    return pipeline_of(row) == entry.pipeline and list(row.items) == items_to_rows(
        entry.items, entry.article.text
    )


def _review_row(entry: ImportedReview, review: Review, set_id: int) -> Plain:
    return {
        **review_to_cache(review),
        "article_id": review.article,
        "reviewer": review.reviewer,
        "suggestion_set_id": set_id,
        "opened_at": entry.started,
        "lease_seconds": 0.0,
        "kind": IMPORT,
        "assisted": _is_assisted(entry),
    }


def _opening(entry: ImportedReview, suggested: Plain) -> Opening:
    reviewer = entry.decisions[0].reviewer
    digest = suggestions_digest(suggested)
    assisted = _is_assisted(entry)
    return Opening(entry.article.id, reviewer, IMPORT, entry.started, digest, assisted)


def _is_assisted(entry: ImportedReview) -> bool:
    return entry.assisted or bool(entry.suggestions)
