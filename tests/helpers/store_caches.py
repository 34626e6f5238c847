"""Rebuilds the caches in the tables from the primary data, and compares."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Table, delete, select, text, update

from annotator.core.opinions import merged
from annotator.core.text.lead import count_words, listed_as
from annotator.store.identities.identity_caches import (
    CACHES,
    keys_of_form,
    rebuild_identities,
)
from annotator.store.identities.mention_cache import rebuild_mentions
from annotator.store.listing.set_aside import DIFFER
from annotator.store.listing.state_counters import (
    COUNTED,
    PLACES_COUNTED,
    keeps_places,
    read_places,
    tally,
)
from annotator.store.reviewing.form_index import index_everything
from annotator.store.reviewing.remembering import remember_everything
from annotator.store.reviewing.second_opinions import opinions_beside
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import (
    ARTICLE_COLUMNS,
    article_from_row,
    count_items,
    items_from_rows,
    newest_suggestions,
    review_to_cache,
)
from annotator.store.store import Store
from annotator.store.stories.story_cache import CACHES as STORY_CACHES
from annotator.store.stories.story_cache import rebuild_stories
from annotator.store.values import ADJUDICATION
from tests.helpers.journals import problems


def assert_caches_are_right(store: Store) -> None:
    """Every count of an article and every fact a review keeps of its decisions, rebuilt; and the
    journal verified."""
    assert problems(store) == []
    assert kept(store) == rebuilt(store)
    assert_memory_is_right(store)
    assert_identities_are_right(store)
    assert_stories_are_right(store)
    with store.database.reading() as connection:
        tallied = connection.execute(select(tally).where(tally.c.articles != 0))
        counted = connection.execute(text(COUNTED))
        assert sorted(map(tuple, tallied)) == sorted(map(tuple, counted))
        if keeps_places(connection):
            places = connection.execute(text(PLACES_COUNTED))
            kept_places = [(b, n) for b, n in read_places(connection, up=True) if n]
            assert kept_places == sorted(map(tuple, places))


def kept(store: Store) -> dict[str, Any]:
    c, r = t.article.c, t.review.c
    counts = (c.reviews, c.finished, c.entities, c.claims, c.total, c.confidence)
    described = (c.set_aside, c.listed_as, c.words)
    facts = (r.last_seq, r.finished_at, r.answer, r.open, r.total, r.entities, r.claims, r.notes)
    how = (r.one_by_one, r.in_bulk)
    with store.database.reading() as connection:
        articles = connection.execute(select(c.id, *counts, *described))
        # Of several adjudications of one reviewer, the newest is compared.
        reviews = connection.execute(
            select(r.article_id, r.reviewer, r.kind, *facts, *how).order_by(r.id)
        )
        return {row[0]: dict(row._mapping) for row in articles} | {
            (row[0], row[1], row[2]): dict(row._mapping) for row in reviews
        }


def rebuilt(store: Store) -> dict[Any, Any]:
    with store.database.reading() as connection:
        stored = connection.execute(select(*ARTICLE_COLUMNS)).fetchall()
        articles = {row.id: article_from_row(row) for row in stored}
        ids = [*articles]
        sets = [newest_suggestions(connection, article_id) for article_id in ids]
        said = {row.article_id: opinions_beside(connection, row.id) for row in sets if row}
        r = t.review.c
        keys = connection.execute(select(r.article_id, r.reviewer, r.kind).distinct()).all()
    newest = {
        row.article_id: merged(
            items_from_rows(row.items), [one.opinion for one in said[row.article_id]]
        )
        for row in sets
        if row
    }
    found: dict[Any, Any] = {}
    for article_id in ids:
        counts = count_items(newest.get(article_id, ()))
        article = articles[article_id]
        named = {"listed_as": listed_as(article), "words": count_words(article.text)}
        found[article_id] = {"id": article_id, "reviews": 0, "finished": 0} | counts | named
        found[article_id]["set_aside"] = None
    answers: dict[str, set[str]] = {article_id: set() for article_id in ids}
    for article_id, reviewer, kind in keys:
        adjudicates = kind == ADJUDICATION
        # A store of its own, so that the fold is made from the log.
        reviews = Store(store.database).reviews
        review = reviews.get(article_id, reviewer, adjudicates=adjudicates).review
        found[article_id]["reviews"] += not adjudicates
        found[article_id]["finished"] += review.finished is not None and not adjudicates
        if review.finished is not None and not adjudicates:
            answers[article_id].add(review.answer.value)
        found[article_id, reviewer, kind] = {
            "article_id": article_id,
            "reviewer": reviewer,
            "kind": kind,
        } | review_to_cache(review)
    for article_id, said_of_it in answers.items():
        if said_of_it - {"accept"}:
            one = next(iter(said_of_it)) if len(said_of_it) == 1 else DIFFER
            found[article_id]["set_aside"] = one
    return found


def assert_stories_are_right(store: Store) -> None:
    """What holds of stories, and the place of each in the queue, made anew from the log."""
    places = select(t.article.c.id, t.article.c.story_place).order_by(t.article.c.id)
    with store.database.writing() as connection:
        before = connection.execute(places).fetchall()
        held = [connection.execute(_sorted(table)).fetchall() for table in STORY_CACHES]
        connection.execute(update(t.article).values(story_place=None))
        for table in STORY_CACHES:
            connection.execute(delete(table))
        rebuild_stories(connection)
        assert [connection.execute(_sorted(one)).fetchall() for one in STORY_CACHES] == held
        assert connection.execute(places).fetchall() == before


def assert_memory_is_right(store: Store) -> None:
    """What is remembered, made anew from the log."""
    tables = (t.memory_entry, t.memory_form)
    before = [_rows(store, table) for table in tables]
    with store.database.writing() as connection:
        remember_everything(connection)
    assert [_rows(store, table) for table in tables] == before


def assert_identities_are_right(store: Store) -> None:
    """What holds of identities, and their mentions in reviews, made anew from the logs; every form
    that names one is indexed."""
    tables = (*CACHES, t.identity_mention)
    before = [_rows(store, table) for table in tables]
    with store.database.writing() as connection:
        rebuild_identities(connection)
        rebuild_mentions(connection)
    assert [_rows(store, table) for table in tables] == before
    used = {row["form"] for row in _rows(store, t.identity_mention)}
    used |= {row["form"] for table in (t.identity, t.identity_form) for row in _rows(store, table)}
    keys = {(row["key"], row["form"]) for row in _rows(store, t.name_key)}
    assert keys >= {(key, form) for form in used - {""} for key in keys_of_form(form)}


def assert_index_is_right(store: Store) -> None:
    """Which sets hold which forms, indexed anew; in a store where each article has one set."""
    before = _rows(store, t.suggested_form)
    with store.database.writing() as connection:
        index_everything(connection)
    assert _rows(store, t.suggested_form) == before


def _sorted(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key)


def _rows(store: Store, table: Table) -> list[dict[str, Any]]:
    with store.database.reading() as connection:
        rows = connection.execute(_sorted(table))
        return [dict(row._mapping) for row in rows]
