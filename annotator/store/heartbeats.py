"""The watcher's sign of life, for everybody who shows whether one is at work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from annotator.store import columns as t
from annotator.store.database import Database
from annotator.store.values import Heartbeat


class Heartbeats:
    """Keeps the last sign of life alone."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def beat(
        self,
        details: Mapping[str, int | float | str],
        now: datetime,
        pid: int,
        started: datetime,
    ) -> None:
        """The watcher's sign of life."""
        row = {"at": now, "pid": pid, "started": started, "details": dict(details)}
        put = self.database.insert(t.heartbeat).values(id=1, **row)
        with self.database.writing() as connection:
            connection.execute(put.on_conflict_do_update(index_elements=["id"], set_=row))

    def last(self) -> Heartbeat | None:
        """The watcher's last sign of life; None if there never was one."""
        with self.database.reading() as connection:
            row = connection.execute(select(t.heartbeat)).first()
        return None if row is None else Heartbeat(row.at, row.pid, row.started, row.details)
