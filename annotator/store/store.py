"""The store: takes and returns core values; what a method wrote is on the disk when it returns."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from annotator.errors import StoreError
from annotator.store.articles import Articles
from annotator.store.database import Database
from annotator.store.finished_reviews import FinishedReviews
from annotator.store.heartbeats import Heartbeats
from annotator.store.imports import Imports
from annotator.store.leases import Leases
from annotator.store.patience import ONCE, Patience
from annotator.store.purging import Purge
from annotator.store.queue import Queue
from annotator.store.review_cache import ReviewCache
from annotator.store.reviews import Reviews
from annotator.store.schema import bring_up_to_date
from annotator.store.source_files import Files
from annotator.store.sqlite_backup import back_up
from annotator.store.statistics import Statistics


class Store:
    """One database, by who asks. Any thread may call anything; each call uses its own connection.

    `files` and `work` serve the watcher and its workers, `queue`, `articles` and `reviews` the
    screens, `imports` and `finished` what comes in from elsewhere and goes out.
    """

    def __init__(self, database: Database) -> None:
        folds = ReviewCache()
        self.database = database
        self.files = Files(database)
        self.work = Leases(database)
        self.watcher = Heartbeats(database)
        self.articles = Articles(database)
        self.reviews = Reviews(database, folds)
        self.queue = Queue(database)
        self.finished = FinishedReviews(database)
        self.statistics = Statistics(database)
        self.imports = Imports(database)
        self.purge = Purge(database, folds)

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
