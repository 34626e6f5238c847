"""Leases waiting articles to workers, and stores their suggestions or failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)

from annotator.core.holds import Hold
from annotator.core.opinions import merged
from annotator.core.record import PipelineId
from annotator.store.hold_conditions import is_free
from annotator.store.linking.near_duplicates import link
from annotator.store.reviewing.form_index import index_sets
from annotator.store.reviewing.second_opinions import opinions_to_rows, put_opinions
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks
from annotator.store.sql.notices import notify
from annotator.store.sql.row_mapping import count_items, items_to_rows
from annotator.store.values import IMPORT, Leased, Stage, Suggested

# Longer than any worker's lease; the actual duration is unknown when exhausted articles are given
# up.
_LONGEST_SECONDS = 3600.0
_FREE: dict[str, Any] = {"leased_by": None, "leased_until": None}
_MAKE_READY = (
    update(t.article)
    .where(t.article.c.id == bindparam("of"))
    .values(
        stage=Stage.READY.value,
        problem=None,
        tries=0,
        **_FREE,
        language=func.coalesce(bindparam("detected"), t.article.c.language),
        entities=bindparam("entities"),
        claims=bindparam("claims"),
        total=bindparam("total"),
        confidence=bindparam("confidence"),
    )
)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A row of `suggestion_set`, the changes of its article, and the opinions beside it."""

    row: dict[str, Any]
    facts: dict[str, Any]
    opinions: list[dict[str, Any]]

    @property
    def article(self) -> str:
        return str(self.row["article_id"])


class Leases:
    """The part of the store that workers use."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def lease(
        self, worker: str, *, limit: int, seconds: float, now: datetime
    ) -> tuple[Leased, ...]:
        """Lease up to `limit` waiting articles, the oldest first, to this worker for `seconds`.

        An article tried before is leased alone, so that it affects no other if it kills the worker
        again.
        """
        c = t.article.c
        with self.database.writing() as connection:
            rows = connection.execute(
                select(c.id, c.text, c.tries)
                .where(
                    c.stage == Stage.WAITING.value,
                    is_free(c.leased_until, now, seconds),
                )
                .order_by(c.place, c.number)
                .limit(limit)
                .with_for_update(skip_locked=True)
            ).fetchall()
            rows = rows[:1] if rows and rows[0].tries else [row for row in rows if not row.tries]
            if rows:
                connection.execute(
                    update(t.article)
                    .where(c.id.in_([row.id for row in rows]))
                    .values(
                        leased_by=worker,
                        leased_until=now + timedelta(seconds=seconds),
                        tries=c.tries + 1,
                    )
                )
        return tuple(Leased(row.id, row.text, row.tries + 1) for row in rows)

    def lease_these(
        self, articles: Sequence[str], hold: Hold, *, tried: bool
    ) -> tuple[Leased, ...]:
        """Lease those of these articles that wait, and have been tried before or not."""
        c = t.article.c
        wanted = [c.id.in_(articles), c.stage == Stage.WAITING.value]
        wanted.append(c.tries > 0 if tried else c.tries == 0)
        if not hold.taken_over:
            wanted.append(is_free(c.leased_until, hold.now, hold.seconds))
        until = hold.now + timedelta(seconds=hold.seconds)
        with self.database.writing() as connection:
            self._lock(connection, and_(*wanted))
            rows = connection.execute(
                select(c.id, c.text, c.tries).where(*wanted).order_by(c.place, c.number)
            ).fetchall()
            if rows:
                connection.execute(
                    update(t.article)
                    .where(c.id.in_([row.id for row in rows]))
                    .values(leased_by=hold.worker, leased_until=until, tries=c.tries + 1)
                )
        return tuple(Leased(row.id, row.text, row.tries + 1) for row in rows)

    def tried(self, articles: Sequence[str]) -> tuple[str, ...]:
        """Those of these articles that wait after a try."""
        c = t.article.c
        waits = select(c.id).where(c.id.in_(articles), c.stage == Stage.WAITING.value, c.tries > 0)
        with self.database.reading() as connection:
            return tuple(connection.execute(waits.order_by(c.place, c.number)).scalars())

    def attach(
        self,
        worker: str,
        results: Sequence[Suggested],
        pipeline: PipelineId,
        *,
        now: datetime,
    ) -> int:
        """Store suggestions, make their articles ready and link near-duplicates; returns how many.

        Articles whose lease this worker has lost are skipped.
        """
        prepared = self._prepare(results, pipeline, now)
        bands = {result.article: result.bands for result in results}
        c = t.article.c
        stored = 0
        # Two workers at once would not see each other's articles and miss near-duplicates.
        with self.database.writing(lock="intake") as connection:
            for some in chunks(prepared):
                held = set(
                    connection.execute(
                        select(c.id)
                        .where(
                            c.id.in_([one.article for one in some]),
                            c.stage == Stage.WAITING.value,
                            c.leased_by == worker,
                        )
                        .order_by(c.id)
                        .with_for_update()
                    ).scalars()
                )
                rows = [one.row for one in some if one.article in held]
                opinions = {one.article: one.opinions for one in some if one.opinions}
                if not rows:
                    continue
                connection.execute(self.database.insert(t.suggestion_set), rows)
                sets = index_sets(connection, rows, opinions)
                put_opinions(connection, opinions, sets)
                connection.execute(_MAKE_READY, [one.facts for one in some if one.article in held])
                link(connection, {row["article_id"]: bands[row["article_id"]] for row in rows})
                stored += len(rows)
            notify(connection)
        return stored

    def fail(self, worker: str, article_id: str, reason: str, *, now: datetime) -> None:  # noqa: ARG002
        """Mark an article as failed, if this worker still holds it."""
        c = t.article.c
        with self.database.writing() as connection:
            connection.execute(
                update(t.article)
                .where(
                    c.id == article_id,
                    c.stage == Stage.WAITING.value,
                    c.leased_by == worker,
                )
                .values(stage=Stage.FAILED.value, problem=reason, **_FREE)
            )

    def give_up(self, worker: str, article_id: str, tries: int) -> None:
        """Mark an article as failed that has stopped its worker so often."""
        self.fail(worker, article_id, _exhausted(tries), now=self.database.now())

    def renew(self, worker: str, *, seconds: float, now: datetime) -> int:
        """Renew a worker's leases for `seconds`; returns how many."""
        c = t.article.c
        # Skip locked rows: they are about to be finished, and waiting could deadlock.
        held = (
            select(c.id)
            .where(c.leased_by == worker, c.stage == Stage.WAITING.value)
            .order_by(c.id)
            .with_for_update(skip_locked=True)
        )
        with self.database.writing() as connection:
            ids = connection.execute(held).scalars().all()
            if ids:
                connection.execute(
                    update(t.article)
                    .where(c.id.in_(ids))
                    .values(leased_until=now + timedelta(seconds=seconds))
                )
        return len(ids)

    def release(self, worker: str, *, tried: bool = True) -> int:
        """Release a worker's leases; returns how many.

        With `tried=False` this does not count as a try, since the worker never began.
        """
        c = t.article.c
        changes: dict[str, Any] = dict(_FREE)
        if not tried:
            changes["tries"] = c.tries - 1
        theirs = and_(c.leased_by == worker, c.stage == Stage.WAITING.value)
        with self.database.writing() as connection:
            self._lock(connection, theirs)
            done = connection.execute(update(t.article).where(theirs).values(changes))
        return int(done.rowcount)

    def fail_exhausted(self, max_tries: int, now: datetime) -> int:
        """Mark unleased articles as failed after `max_tries` tries; returns how many."""
        c = t.article.c
        exhausted = and_(
            c.stage == Stage.WAITING.value,
            c.tries >= max_tries,
            is_free(c.leased_until, now, _LONGEST_SECONDS),
        )
        with self.database.writing() as connection:
            self._lock(connection, exhausted)
            done = connection.execute(
                update(t.article)
                .where(exhausted)
                .values(
                    stage=Stage.FAILED.value,
                    problem=_exhausted(max_tries),
                    **_FREE,
                )
            )
        return int(done.rowcount)

    def suggest_again(self, article_ids: Sequence[str] | None = None) -> int:
        """Queue these articles for new suggestions (None: all except those with suggestions by
        people) unless somebody has decided on them; returns how many."""
        c, review, sets = t.article.c, t.review.c, t.suggestion_set.c
        opened = exists().where(
            review.article_id == c.id,
            or_(review.last_seq > 0, review.leased_until.is_not(None)),
        )
        wanted = and_(c.stage.in_([Stage.READY.value, Stage.FAILED.value]), ~opened)
        again = {"stage": Stage.WAITING.value, "tries": 0, "problem": None, **_FREE}
        changed = 0
        with self.database.writing() as connection:
            if article_ids is None:
                by_people = exists().where(
                    sets.article_id == c.id,
                    sets.pipeline_name == IMPORT,
                    cast(sets["items"], Text) != "[]",
                )
                wanted = and_(wanted, ~by_people)
                self._lock(connection, wanted)
                return int(
                    connection.execute(update(t.article).where(wanted).values(again)).rowcount
                )
            for some in chunks(sorted(article_ids)):
                self._lock(connection, and_(wanted, c.id.in_(some)))
                done = connection.execute(
                    update(t.article).where(wanted, c.id.in_(some)).values(again)
                )
                changed += int(done.rowcount)
        return changed

    def waiting(self) -> int:
        """The number of articles waiting for suggestions."""
        with self.database.reading() as connection:
            return connection.execute(
                select(func.count())
                .select_from(t.article)
                .where(t.article.c.stage == Stage.WAITING.value)
            ).scalar_one()

    def _lock(self, connection: Connection, wanted: ColumnElement[bool]) -> None:
        """Lock articles, always in the same order to avoid deadlocks."""
        if not self.database.is_sqlite:
            c = t.article.c
            connection.execute(select(c.id).where(wanted).order_by(c.id).with_for_update()).all()

    def _prepare(
        self, results: Sequence[Suggested], pipeline: PipelineId, now: datetime
    ) -> list[_Prepared]:
        """Everything to be written, prepared before taking the write lock."""
        c = t.article.c
        texts: dict[str, str] = {}
        with self.database.reading() as connection:
            for some in chunks(result.article for result in results):
                rows = connection.execute(select(c.id, c.text).where(c.id.in_(some)))
                texts.update((row.id, row.text) for row in rows)
        prepared = []
        for result in sorted(results, key=lambda result: result.article):
            if result.article not in texts:
                continue
            suggestions = {
                "article_id": result.article,
                "pipeline_name": pipeline.name,
                "pipeline_version": pipeline.version,
                "pipeline_hash": pipeline.hash,
                "at": now,
                "dropped": result.dropped,
                "items": items_to_rows(result.items, texts[result.article]),
            }
            facts = {"of": result.article, "detected": result.language}
            facts |= count_items(merged(result.items, [one.opinion for one in result.opinions]))
            opinions = opinions_to_rows(result.opinions, texts[result.article])
            prepared.append(_Prepared(suggestions, facts, opinions))
        return prepared


def _exhausted(tries: int) -> str:
    return f"The pipeline stopped {tries} times at this text."
