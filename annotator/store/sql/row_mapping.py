"""Maps core values to rows and back; the only place that knows the layout of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Exists, Row, Select, bindparam, exists, select

from annotator.core.addresses import page_of
from annotator.core.annotations import Claim, Entity, Item, is_known_wrong
from annotator.core.article import Article, Origin
from annotator.core.assignment import overlap_draw
from annotator.core.decisions import Decision, Kind
from annotator.core.record import PipelineId
from annotator.core.records.codec import (
    item_from_dict,
    item_to_dict,
    outcome_from_dict,
    outcome_to_dict,
)
from annotator.core.records.suggesters import SuggesterId, suggesters_from_list
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.reviewing.presses import How, changed_items, decided_how
from annotator.store.sql import columns as t
from annotator.store.sql.aliases import alias_of

# Longer strings are not names, and do not fit into an index.
SURFACE_LENGTH = 200
ARTICLE_COLUMNS: tuple[Column[Any], ...] = (
    t.article.c.id,
    t.article.c.text,
    t.article.c.title,
    t.article.c.language,
    t.article.c.origin,
    t.article.c.also_from,
    t.article.c.meta,
)
DECISION_COLUMNS: tuple[Column[Any], ...] = (
    t.decision.c.id,
    t.decision.c.seq,
    t.decision.c.at,
    t.decision.c.group,
    t.decision.c.kind,
    t.decision.c.target,
    t.decision.c["keys"],
    t.decision.c.seconds,
    t.decision.c.before,
    t.decision.c.after,
)
_KINDS = {kind.value: kind for kind in Kind}
Plain = dict[str, Any]
_COUNTED = ("total", "open", "entities", "claims", "notes")
_HOW = {How.ONE_BY_ONE: "one_by_one", How.IN_BULK: "in_bulk"}


def article_from_row(row: Row[*tuple[Any, ...]]) -> Article:
    """The article in a row; raises ValueError if its text does not match its id."""
    article = Article(
        row.text,
        title=row.title,
        language=row.language,
        origin=Origin(**row.origin),
        also_from=tuple(Origin(**origin) for origin in row.also_from),
        meta=row.meta,
    )
    if article.id != row.id:
        raise ValueError("the text does not match its id")
    return article


def article_to_row(article: Article) -> Plain:
    """The columns that come from the article itself."""
    # The screens start without it: only what is taken in is described.
    from annotator.core.text.lead import count_words, listed_as

    return {
        "id": article.id,
        "text": article.text,
        "title": article.title,
        "language": article.language,
        "outlet": (article.origin.outlet or "")[:SURFACE_LENGTH] or None,
        "url": page_of_article(article),
        "origin": asdict(article.origin),
        "also_from": [asdict(origin) for origin in article.also_from],
        "meta": dict(article.meta),
        "draw": overlap_draw(article.id),
        "listed_as": listed_as(article),
        "words": count_words(article.text),
    }


def page_of_article(article: Article) -> str | None:
    """The page of an article, by which revisions are recognised."""
    return page_of(article.origin.url)


def joined_origins(row: Mapping[str, Any], article: Article) -> list[Plain]:
    """`also_from` after the text of a row came in again as `article`: each origin (file name and
    URL) once, the earliest first."""
    origins = [row["origin"], *row["also_from"]]
    places = {(origin.get("name"), origin.get("url")) for origin in origins}
    for origin in (article.origin, *article.also_from):
        if (origin.name, origin.url) not in places:
            places.add((origin.name, origin.url))
            origins.append(asdict(origin))
    return origins[1:]


def items_to_rows(items: Iterable[Item], text: str) -> list[Plain]:
    """Items in stored form: as in a record, in their order."""
    return [item_to_dict(item, text) for item in items]


def set_to_row(
    article: Article, items: Iterable[Item], pipeline: PipelineId | None, at: datetime
) -> Plain:
    """A row of `suggestion_set`; the name of its pipeline is empty if unknown."""
    return {
        "at": at,
        "dropped": 0,
        "article_id": article.id,
        "pipeline_name": pipeline.name if pipeline else "",
        "pipeline_version": pipeline.version if pipeline else "",
        "pipeline_hash": pipeline.hash if pipeline else "",
        "items": items_to_rows(items, article.text),
    }


def items_from_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    """The inverse of `items_to_rows`."""
    return tuple(item_from_dict(row, where=f"suggestion {n}") for n, row in enumerate(rows))


def count_items(items: Sequence[Item]) -> Plain:
    """The cached columns of an article's newest suggestions: counts and the mean score, null
    without scores."""
    scores = [item.score for item in items if item.score is not None]
    return {
        "confidence": round(sum(scores) / len(scores), 4) if scores else None,
        "entities": sum(isinstance(item, Entity) for item in items),
        "claims": sum(isinstance(item, Claim) for item in items),
        "total": len(items),
    }


def review_to_cache(review: Review) -> Plain:
    """The cached columns of a review; all can be rebuilt from its decisions."""
    counts = dict.fromkeys(_COUNTED, 0)
    for held in review.held.values():
        _count(counts, held, 1)
    counts["notes"] += len(review.notes)
    return _of_the_whole(review) | counts | _how_counts(review, review.held)


def cache_after(row: Row[Any], before: Review, review: Review) -> Plain:
    """The same, updated from `row` of the review `before`: only changed items are counted."""
    counts = {name: getattr(row, name) for name in _COUNTED}
    changed = changed_items(before, review)
    for id in changed:
        _count(counts, before.held.get(id), -1)
        _count(counts, review.held.get(id), 1)
    counts["notes"] += len(review.notes) - len(before.notes)
    was, now = _how_counts(before, changed), _how_counts(review, changed)
    how = {name: getattr(row, name) + now[name] - was[name] for name in now}
    return _of_the_whole(review) | counts | how


def _how_counts(review: Review, ids: Iterable[str]) -> Plain:
    """How many of these items were decided one by one, and how many in bulk."""
    how = decided_how(review, ids)
    return {name: how[one] for one, name in _HOW.items()}


def _of_the_whole(review: Review) -> Plain:
    return {
        "last_seq": review.next_seq - 1,
        "finished_at": review.finished,
        "answer": review.answer.value,
    }


def _count(counts: Plain, held: ReviewItem | None, by: int) -> None:
    """Add `by` to the counters of an item. Whether a claim is folded away does not matter: that
    is a setting; entities known to be wrong are not counted while they are open."""
    if held is None:
        return
    is_open = held.status is Status.OPEN
    if not (is_open and is_known_wrong(held.item)):
        counts["open"] += by * is_open
        counts["total"] += by
    counts["notes"] += by * (held.item.note is not None)
    if held.status is not Status.REJECTED:
        if isinstance(held.item, Entity):
            counts["entities"] += by
        elif isinstance(held.item, Claim):
            counts["claims"] += by


def decision_to_row(decision: Decision, text: str) -> Plain:
    """A row of `decision` without its number, review and chain value."""
    surface, label = _surface(decision, text)
    return {
        "id": decision.id,
        "seq": decision.seq,
        "at": decision.at,
        "group": decision.group,
        "kind": decision.kind.value,
        "target": decision.target,
        "keys": decision.keys,
        "seconds": decision.seconds,
        "surface": surface,
        "label": label,
        "before": outcome_to_dict(decision.before, text),
        "after": outcome_to_dict(decision.after, text),
    }


def decision_from_row(
    row: Row[*tuple[Any, ...]], article_id: str, reviewer: str, *, adjudicates: bool = False
) -> Decision:
    """The decision in a row of DECISION_COLUMNS."""
    # Reviews have many decisions: unpacking is much faster than access by name.
    id_, seq, at, group, kind, target, keys, seconds, before, after = row
    return Decision(
        id_,
        article_id,
        reviewer,
        at,
        seq,
        group,
        _KINDS[kind],
        target,
        None if before is None else item_from_dict(before, where="before"),
        None if after is None else outcome_from_dict(after),
        keys,
        seconds,
        adjudicates=adjudicates,
    )


def newest_suggestions(connection: Connection, article_id: str) -> Row[Any] | None:
    """The suggestions of pipelines or people for the article, if any.

    Those of an imported review are used only if there are no others, and never if the import does
    not name a pipeline: then they are that reviewer's answers.
    """
    return connection.execute(_newest(), {"article": article_id}).first()


@cache
def _newest() -> Select[Any]:
    """Built once: building a statement takes longer than executing it."""
    sets = t.suggestion_set
    c = sets.c
    return (
        select(sets)
        .where(c.article_id == bindparam("article"), c.pipeline_name != "", c.base_id.is_(None))
        .order_by(came_with_review(), c.id.desc())
        .limit(1)
    )


def came_with_review() -> Exists:
    """Whether a suggestion set came with an imported review."""
    sets, imported = t.suggestion_set.c, alias_of(t.review, "imported").c
    return exists().where(
        imported.article_id == sets.article_id,
        imported.suggestion_set_id == sets.id,
        imported.kind == "import",
    )


def pipeline_of(row: Row[Any] | None) -> PipelineId | None:
    """The pipeline of a suggestion set; None if there is no set or its pipeline is unknown."""
    if row is None or not row.pipeline_name:
        return None
    return PipelineId(row.pipeline_name, row.pipeline_version, row.pipeline_hash)


def suggesters_of(row: Row[Any] | None) -> tuple[SuggesterId, ...]:
    """The suggesters whose opinions a suggestion set was made from."""
    if row is None or not row.suggesters:
        return ()
    return suggesters_from_list(row.suggesters)


def _surface(decision: Decision, text: str) -> tuple[str | None, str | None]:
    """The string and label that a decision gives an entity, if any."""
    if decision.kind in (Kind.ADD, Kind.CORRECT):
        entity: object = decision.after
    elif decision.kind in (Kind.ACCEPT, Kind.REJECT):
        entity = decision.before
    else:
        return None, None
    if not isinstance(entity, Entity):
        return None, None
    return entity.span.of(text)[:SURFACE_LENGTH], entity.label
