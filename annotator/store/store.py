"""The store: takes and returns core values; everything it keeps is on the disk when it says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from annotator.errors import StoreError
from annotator.store import columns as t
from annotator.store.arrived import Arrived
from annotator.store.carrying import Carrying
from annotator.store.copying import back_up
from annotator.store.database import Database
from annotator.store.folds import Folds
from annotator.store.imports import Imports
from annotator.store.intake import Intake
from annotator.store.late import Late
from annotator.store.leases import Leases
from annotator.store.likeness import Likenesses
from annotator.store.patience import ONCE, Patience
from annotator.store.purging import Purging
from annotator.store.queue import Queue
from annotator.store.rejected import Rejected
from annotator.store.results import Results
from annotator.store.reviews import Reviews
from annotator.store.schema import bring_up_to_date
from annotator.store.stories import Stories
from annotator.store.values import Heartbeat


class Store(
    Intake,
    Rejected,
    Imports,
    Leases,
    Reviews,
    Late,
    Results,
    Queue,
    Arrived,
    Purging,
    Carrying,
    Likenesses,
    Stories,
):
    """One database. Any thread may call any method; each opens and closes its own connection."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.folds = Folds()

    @classmethod
    def open(cls, url: str, *, upgrade: bool = True, patience: Patience = ONCE) -> Store:
        """The store at an SQLAlchemy URL such as `sqlite:///annotator.db`, made if it is absent.

        An older one is upgraded; with `upgrade=False` it is SchemaOutdated, as a newer one always
        is. StoreError says why a database cannot be used; it also comes where one does not answer
        within our `patience`.
        """
        database = Database(url, patience=patience)
        try:
            bring_up_to_date(database, upgrade=upgrade)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @classmethod
    def migrate(cls, url: str) -> tuple[str | None, str]:
        """Bring a database to this version; its revision before (None: it was empty) and after."""
        database = Database(url)
        try:
            return bring_up_to_date(database)
        finally:
            database.close()

    def close(self) -> None:
        """Closes every connection; a store that is used again opens new ones."""
        self.database.close()

    def check(self) -> None:
        """DatabaseGone if a file of the database was taken away, and what was saved with it."""
        self.database.check()

    def now(self) -> datetime:
        """The time (UTC) by which holds are kept; where that is a server's, not this machine's."""
        return self.database.now()

    def data_version(self) -> int:
        """Changes when anybody has changed the database; compare it within one thread only."""
        return self.database.data_version()

    def backup(self, target: Path, *, replace: bool = False) -> None:
        """A consistent, checked copy of a SQLite store in one file, while others read and write it.

        StoreError if something stands at `target` already, unless it is to be replaced.
        """
        if self.database.file is None:
            raise StoreError(
                "A PostgreSQL database is copied by its own tools.", hint="Use pg_dump."
            )
        back_up(self.database.file, target, replace=replace)

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

    def heartbeat(self) -> Heartbeat | None:
        """The watcher's last sign of life; None if there never was one."""
        with self.database.reading() as connection:
            row = connection.execute(select(t.heartbeat)).first()
        return None if row is None else Heartbeat(row.at, row.pid, row.started, row.details)
