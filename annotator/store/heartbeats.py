"""The watcher's heartbeat, for showing whether it runs."""

from __future__ import annotations

from sqlalchemy import select

from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database


class Heartbeats:
    """Stores the last heartbeat."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def beat(self, beat: Heartbeat) -> None:
        """Store a heartbeat."""
        details = beat.status.to_json()
        row = {"at": beat.at, "pid": beat.pid, "started": beat.started, "details": details}
        put = self.database.insert(t.heartbeat).values(id=1, **row)
        with self.database.writing() as connection:
            connection.execute(put.on_conflict_do_update(index_elements=["id"], set_=row))

    def last(self) -> Heartbeat | None:
        """The last heartbeat; None if no watcher ever ran."""
        with self.database.reading() as connection:
            row = connection.execute(select(t.heartbeat)).first()
        if row is None:
            return None
        return Heartbeat(row.at, row.pid, row.started, WatcherStatus.from_json(row.details))
