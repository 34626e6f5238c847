"""Files and their articles on the way in: one transaction for what was seen and what it held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, exists, func, select, update

from annotator.core.article import Article, Origin
from annotator.store import columns as t
from annotator.store.database import Database, chunks
from annotator.store.rows import article_to_row
from annotator.store.values import Arrival, FileKey, RejectedFile, Stage, TakenIn

Plain = dict[str, Any]


class Intake:
    """The part of the store that takes files in."""

    database: Database

    def known_files(self) -> dict[str, FileKey]:
        """Every path ever handled, with the state of the file it had then."""
        c = t.source.c
        with self.database.reading() as connection:
            rows = connection.execute(
                select(c.path, c.inode, c.size, c.mtime_ns, c.ctime_ns)
            ).fetchall()
        return {
            path: FileKey(_unsigned(inode), size, mtime, ctime)
            for path, inode, size, mtime, ctime in rows
        }

    def take_in(self, arrivals: Sequence[Arrival]) -> TakenIn:
        """Store what files held, and that they were seen, at once or not at all.

        A known text is not stored again but gains the origin. A file whose text has changed brings
        a new article that supersedes the one before, which leaves the queue unless somebody has
        decided on it.
        """
        if not arrivals:
            return TakenIn()
        with self.database.writing(lock="intake") as connection:
            return _Batch(self.database, connection).take_in(arrivals)

    def supersedes(self, article_id: str) -> str | None:
        """The id of the article whose place this one took in its file; None if it took none."""
        c = t.article.c
        with self.database.reading() as connection:
            return connection.execute(select(c.supersedes).where(c.id == article_id)).scalar()

    def rejected_files(self) -> tuple[RejectedFile, ...]:
        """Files that did not become articles, the newest first."""
        c = t.source.c
        with self.database.reading() as connection:
            rows = connection.execute(
                select(c.path, c.reason, c.hint, c.size, c.at)
                .where(c.reason.is_not(None))
                .order_by(c.at.desc(), c.path)
            ).fetchall()
        return tuple(
            RejectedFile(path.rpartition("/")[2], reason, hint or "", size, at)
            for path, reason, hint, size, at in rows
        )

    def retry_rejected(self) -> int:
        """Let the next scan read every rejected file again; returns how many there are."""
        with self.database.writing() as connection:
            # A key that no file has.
            done = connection.execute(
                update(t.source).where(t.source.c.reason.is_not(None)).values(inode=-1)
            )
        return int(done.rowcount)


class _Batch:
    """One batch of arrivals within its transaction."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self.database, self.connection = database, connection
        self.known: dict[str, Plain] = {}
        self.new: dict[str, Plain] = {}
        self.changed: set[str] = set()
        self.replaced: dict[str, Arrival] = {}

    def take_in(self, arrivals: Sequence[Arrival]) -> TakenIn:
        self._put_sources(arrivals)
        self._read_known(article.id for arrival in arrivals for article in arrival.articles)
        links = self._read_links(arrival.path for arrival in arrivals if arrival.articles)
        number = self.connection.execute(select(func.max(t.article.c.number))).scalar() or 0
        known = rejected = 0
        touched = set()
        for arrival in arrivals:
            for article in arrival.articles:
                known += not self._add(article, arrival, number + len(self.new) + 1)
            rejected += arrival.rejection is not None
            if arrival.articles:
                links[arrival.path] = self._relink(arrival, links[arrival.path])
                touched.add(arrival.path)
        self._write_articles()
        self._write_links({path: links[path] for path in touched})
        self._supersede()
        return TakenIn(len(self.new), known, rejected, tuple(self.new))

    def _put_sources(self, arrivals: Sequence[Arrival]) -> None:
        rows = [
            {
                "path": arrival.path,
                **asdict(arrival.key),
                "inode": _signed(arrival.key.inode),
                "at": arrival.at,
                "reason": arrival.rejection.reason if arrival.rejection else None,
                "hint": arrival.rejection.hint if arrival.rejection else None,
            }
            for arrival in arrivals
        ]
        put = self.database.insert(t.source)
        columns = ("inode", "size", "mtime_ns", "ctime_ns", "at", "reason", "hint")
        put = put.on_conflict_do_update(
            index_elements=["path"], set_={name: put.excluded[name] for name in columns}
        )
        self.connection.execute(put, rows)

    def _read_known(self, ids: Iterable[str]) -> None:
        c = t.article.c
        for some in chunks(dict.fromkeys(ids)):
            rows = self.connection.execute(
                select(c.id, c.stage, c.origin, c.also_from)
                .where(c.id.in_(some))
                .order_by(c.id)
                .with_for_update()
            )
            for row in rows:
                self.known[row.id] = dict(row._mapping)

    def _read_links(self, paths: Iterable[str]) -> dict[str, dict[str, str]]:
        c = t.source_article.c
        links: dict[str, dict[str, str]] = defaultdict(dict)
        for some in chunks(dict.fromkeys(paths)):
            rows = self.connection.execute(
                select(c.path, c.part, c.article_id).where(c.path.in_(some))
            )
            for path, part, article_id in rows:
                links[path][part] = article_id
        return links

    def _add(self, article: Article, arrival: Arrival, number: int) -> bool:
        """Whether the text is new; if not, its article gains the origin and is alive again."""
        row = self.known.get(article.id)
        if row is None:
            row = article_to_row(article) | {
                "number": number,
                "place": number,
                "stage": Stage.WAITING.value,
                "received": arrival.at,
                "supersedes": None,
            }
            self.known[article.id] = self.new[article.id] = row
            return True
        origins = [row["origin"], *row["also_from"]]
        for origin in (article.origin, *article.also_from):
            if not any(_same_place(origin, other) for other in origins):
                origins.append(asdict(origin))
                row["also_from"] = origins[1:]
                self.changed.add(article.id)
        if row["stage"] == Stage.SUPERSEDED.value:
            # The file went back to an earlier text.
            row["stage"] = "revived"
            self.changed.add(article.id)
        return False

    def _relink(self, arrival: Arrival, before: dict[str, str]) -> dict[str, str]:
        """Which article each part of the file holds now; notes what was replaced by what."""
        now = {
            article.origin.part or (str(n) if n else ""): article.id
            for n, article in enumerate(arrival.articles)
        }
        still = set(now.values())
        for part, article_id in now.items():
            old = before.get(part)
            if old is None or old in still:
                continue
            self.replaced[old] = arrival
            if article_id in self.new and self.new[article_id]["supersedes"] is None:
                self.new[article_id]["supersedes"] = old
        return now

    def _write_articles(self) -> None:
        if self.new:
            put = self.database.insert(t.article).on_conflict_do_nothing()
            self.connection.execute(put, list(self.new.values()))
        for article_id in sorted(self.changed - set(self.new)):
            row = self.known[article_id]
            changes: Plain = {"also_from": row["also_from"]}
            if row["stage"] == "revived":
                has_set = exists().where(t.suggestion_set.c.article_id == article_id)
                ready = self.connection.execute(select(has_set)).scalar()
                changes["stage"] = (Stage.READY if ready else Stage.WAITING).value
            self.connection.execute(
                update(t.article).where(t.article.c.id == article_id).values(changes)
            )

    def _write_links(self, links: dict[str, dict[str, str]]) -> None:
        for paths in chunks(links):
            self.connection.execute(
                delete(t.source_article).where(t.source_article.c.path.in_(paths))
            )
        rows = [
            {"path": path, "part": part, "article_id": article_id}
            for path, parts in links.items()
            for part, article_id in parts.items()
        ]
        if rows:
            self.connection.execute(self.database.insert(t.source_article), rows)

    def _supersede(self) -> None:
        """Take replaced articles out of the queue that no file holds and nobody works on."""
        c, links, review = t.article.c, t.source_article.c, t.review.c
        for old, arrival in self.replaced.items():
            held = exists().where(links.article_id == c.id)
            in_work = exists().where(
                review.article_id == c.id,
                (review.last_seq > 0) | (review.leased_until > arrival.at),
            )
            self.connection.execute(
                update(t.article)
                .where(c.id == old, ~held, ~in_work)
                .values(stage=Stage.SUPERSEDED.value, leased_by=None, leased_until=None)
            )


def _same_place(origin: Origin, other: Plain) -> bool:
    return (origin.name, origin.url) == (other.get("name"), other.get("url"))


def _signed(number: int) -> int:
    """File systems count inodes without a sign, databases do not."""
    return number - 2**64 if number >= 2**63 else number


def _unsigned(number: int) -> int:
    return number + 2**64 if number < -1 else number
