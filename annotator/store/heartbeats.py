"""The watcher's sign of life, for everybody who shows whether one is at work."""

from __future__ import annotations

from sqlalchemy import select

from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.store import columns as t
from annotator.store.database import Database


class Heartbeats:
    """Keeps the last sign of life alone."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def beat(self, beat: Heartbeat) -> None:
        """The watcher's sign of life."""
        details = beat.status.to_json()
        row = {"at": beat.at, "pid": beat.pid, "started": beat.started, "details": details}
        put = self.database.insert(t.heartbeat).values(id=1, **row)
        with self.database.writing() as connection:
            connection.execute(put.on_conflict_do_update(index_elements=["id"], set_=row))

    def last(self) -> Heartbeat | None:
        """The watcher's last sign of life; None if there never was one."""
        with self.database.reading() as connection:
            row = connection.execute(select(t.heartbeat)).first()
        if row is None:
            return None
        return Heartbeat(row.at, row.pid, row.started, WatcherStatus.from_json(row.details))
