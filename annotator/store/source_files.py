"""Source files: their states, articles, and rejections."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import sha256

from sqlalchemy import and_, delete, exists, select, update

from annotator.core.arrival import PIPED, Arrival, FileState
from annotator.store.arrivals import IsGone, store_arrivals, unsigned
from annotator.store.jobs.job_queue import defer
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks
from annotator.store.sql.notices import notify
from annotator.store.values import RejectedFile, TakenIn


class Files:
    """All handled files. Rejected files stay listed until they can be read or are removed.

    With a `host`, machines share the store: the files are those of this machine, stored with its
    name before their paths, and new articles get a job in the transaction that stores them.
    """

    def __init__(self, database: Database, host: str = "") -> None:
        self.database = database
        self.host = host
        self._before = f"{host}:" if host else ""

    def known(self) -> dict[str, FileState]:
        """All handled paths with the state of the file at that time, without those to retry."""
        c = t.source.c
        with self.database.reading() as connection:
            rows = connection.execute(
                select(c.path, c.inode, c.size, c.mtime_ns, c.ctime_ns).where(
                    ~c.retry, c.path.startswith(self._before, autoescape=True)
                )
            ).fetchall()
        return {
            path.removeprefix(self._before): FileState(unsigned(inode), size, mtime, ctime)
            for path, inode, size, mtime, ctime in rows
        }

    def take_in(self, arrivals: Sequence[Arrival], *, is_gone: IsGone | None = None) -> TakenIn:
        """Store the articles and states of files in one transaction.

        A known text is not stored again but gains the origin. A changed file, or a new text from a
        known page, creates a new article that supersedes the old one. The old one leaves the queue
        unless somebody has decided on it or another file holds it. `is_gone` tells whether the file
        at a path no longer exists.
        """
        if not arrivals:
            return TakenIn()
        if self.host:
            arrivals = [replace(one, path=self._stored(one.path)) for one in arrivals]
            is_gone = self._gone_here(is_gone)
        with self.database.writing(lock="intake") as connection:
            taken = store_arrivals(self.database, connection, arrivals, is_gone)
            if self.host:
                defer(connection, taken.new)
            notify(connection)
        return taken

    def _stored(self, path: str) -> str:
        return path if path.startswith(PIPED) else self._before + path

    def _gone_here(self, is_gone: IsGone | None) -> IsGone:
        """The same question about stored paths; nobody knows of the files of other machines."""

        def asked(path: str) -> bool:
            mine = is_gone is not None and path.startswith(self._before)
            return mine and is_gone is not None and is_gone(path.removeprefix(self._before))

        return asked

    def rejected(self, limit: int | None = None) -> tuple[RejectedFile, ...]:
        """Rejected files, the newest first; at most `limit`."""
        c = t.source.c
        with self.database.reading() as connection:
            rows = connection.execute(
                select(c.path, c.reason, c.hint, c.size, c.at, c.retry)
                .where(c.reason.is_not(None))
                .order_by(c.at.desc(), c.path)
                .limit(limit)
            ).fetchall()
        return tuple(
            RejectedFile(
                "standard input" if path.startswith(PIPED) else path.rpartition("/")[2],
                reason,
                hint or "",
                size,
                at,
                key=_key_of(path),
                again=retry,
                folder="" if path.startswith(PIPED) else path.rpartition("/")[0],
            )
            for path, reason, hint, size, at, retry in rows
        )

    def rejected_paths(self, *, to_retry: bool = False) -> tuple[str, ...]:
        """The paths (escaped) of rejected files: all, or those to be read again."""
        c = t.source.c
        query = select(c.path).where(
            c.reason.is_not(None), c.path.startswith(self._before, autoescape=True)
        )
        if to_retry:
            query = query.where(c.retry)
        with self.database.reading() as connection:
            # Sorted here: the database would read all files for it.
            paths = connection.execute(query).scalars()
            return tuple(sorted(path.removeprefix(self._before) for path in paths))

    def retry(self, keys: Collection[str] | None = None) -> int:
        """Request that rejected files be read again, all or those with these keys; returns how many
        were not requested already.

        A running watcher picks them up within seconds, otherwise the next one at its start.
        """
        c = t.source.c
        rejected = and_(c.reason.is_not(None), ~c.retry)
        again = update(t.source).values(retry=True)
        with self.database.writing() as connection:
            if keys is None:
                return int(connection.execute(again.where(rejected)).rowcount)
            paths = connection.execute(select(c.path).where(rejected)).scalars().all()
            wanted = [path for path in paths if _key_of(path) in keys]
            return sum(
                int(connection.execute(again.where(rejected, c.path.in_(some))).rowcount)
                for some in chunks(wanted)
            )

    def forget(self, paths: Collection[str]) -> None:
        """Remove files that no longer exist or are ignored now; their articles stay."""
        c = t.source.c
        holds = exists().where(t.source_article.c.path == c.path)
        calm = update(t.source).values(reason=None, hint=None, retry=True)
        with self.database.writing() as connection:
            for some in chunks(self._before + path for path in paths):
                gone = c.path.in_(some), c.reason.is_not(None)
                connection.execute(delete(t.source).where(*gone, ~holds))
                connection.execute(calm.where(*gone))


def _key_of(path: str) -> str:
    """The key of a path outside the store."""
    return sha256(path.encode()).hexdigest()[:16]
