"""The store: takes and returns core values; writes are durable when a method returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.memory.recall import BY_DEFAULT, Recalling
from annotator.errors import StoreError
from annotator.store.articles import Articles
from annotator.store.forms import Forms
from annotator.store.heartbeats import Heartbeats
from annotator.store.identities.identity_store import IdentityStore
from annotator.store.imports import Imports
from annotator.store.leases import Leases
from annotator.store.listing.article_previews import Previews
from annotator.store.listing.assignments import Assignments
from annotator.store.listing.queue import Queue
from annotator.store.purging import Purge
from annotator.store.reviewing.finished_reviews import FinishedReviews
from annotator.store.reviewing.review_cache import ReviewCache
from annotator.store.reviewing.reviews import Reviews
from annotator.store.reviewing.sight import Sight
from annotator.store.searching.search import Search
from annotator.store.searching.text_index import Progress
from annotator.store.source_files import Files
from annotator.store.sql.database import Database
from annotator.store.sql.notices import Listener, listener
from annotator.store.sql.patience import ONCE, Patience
from annotator.store.sql.schema import bring_up_to_date
from annotator.store.sql.sqlite_backup import back_up
from annotator.store.stories.story_store import StoryStore

if TYPE_CHECKING:
    from annotator.store.adjudicating.adjudications import Adjudications
    from annotator.store.bundling.bundles import Bundles
    from annotator.store.gold_checks import GoldChecks
    from annotator.store.journal.article_journal import ArticleJournal
    from annotator.store.journal.checking import Checks
    from annotator.store.statistics import Statistics


class Store:
    """One database, as objects for its users.

    Thread-safe: each call uses its own connection. `files` and `work` serve the watcher and its
    workers, `queue`, `assignments`, `articles` and `reviews` the screens, `imports` and `finished`
    imports and exports. `sight` says for whom search, boards and identities are read, so that
    nobody sees the answers of others too early; by default for nobody, who sees everything.
    """

    def __init__(self, database: Database, recalling: Recalling | None = BY_DEFAULT) -> None:
        cache, sight = ReviewCache(), Sight()
        self.database, self.sight = database, sight
        self.files = Files(database)
        self.work = Leases(database)
        self.watcher = Heartbeats(database)
        self.articles = Articles(database)
        self.reviews = Reviews(database, cache, recalling)
        self.forms = Forms(database, sight, recalling)
        self.queue = Queue(database)
        self.previews = Previews(database, sight)
        self.assignments = Assignments(database)
        self.finished = FinishedReviews(database)
        self.imports = Imports(database)
        self.purge = Purge(database, cache)
        self.search = Search(database, sight)
        self.identities = IdentityStore(database, sight)
        self.stories = StoryStore(database, sight)
        self._cache, self._recalling = cache, recalling

    @classmethod
    def open(
        cls,
        url: str,
        *,
        upgrade: bool = True,
        patience: Patience = ONCE,
        recalling: Recalling | None = BY_DEFAULT,
    ) -> Store:
        """The store at an SQLAlchemy URL such as `sqlite:///annotator.db`, created if absent.

        An older database is upgraded; with `upgrade=False` it raises SchemaOutdated, as a newer one
        always does. `recalling` says how memory makes suggestions better; None: not at all. Raises
        StoreError if the database cannot be used or does not answer within
        `patience`.
        """
        database = Database(url, patience=patience)
        try:
            bring_up_to_date(database, upgrade=upgrade)
        except BaseException:
            database.close()
            raise
        return cls(database, recalling)

    @classmethod
    def migrate(cls, url: str, progress: Progress | None = None) -> tuple[str | None, str]:
        """Upgrade a database; returns its revision before (None: empty) and after.

        `progress` is called with (done, total) while texts are indexed and logs chained.
        """
        database = Database(url)
        try:
            return bring_up_to_date(database, progress=progress)
        finally:
            database.close()

    def share_work(self, host: str) -> None:
        """From now on take files in as the machine `host`, with jobs for their articles in the
        queue that the workers of all machines share; it is created if absent.

        Raises StoreError where that is not possible.
        """
        from annotator.store.jobs.job_queue import make_jobs

        make_jobs(self.database)
        self.files = Files(self.database, host)

    @cached_property
    def adjudications(self) -> Adjudications:
        """Adjudications; loaded when they are used."""
        from annotator.store.adjudicating.adjudications import Adjudications

        return Adjudications(self.database, self._cache, self.queue)

    @cached_property
    def statistics(self) -> Statistics:
        """Statistics of decisions; loaded when they are used."""
        from annotator.store.statistics import Statistics

        return Statistics(self.database, self.sight)

    @cached_property
    def bundles(self) -> Bundles:
        """Bundles; loaded when they are used, since no screen does."""
        from annotator.store.bundling.bundles import Bundles

        return Bundles(self.database, self._cache, self._recalling)

    @cached_property
    def gold_checks(self) -> GoldChecks:
        """Articles with a known answer; loaded when they are used."""
        from annotator.store.gold_checks import GoldChecks

        return GoldChecks(self.database)

    @property
    def checks(self) -> Checks:
        """Checks of the whole store; loaded when it is used, since no screen does."""
        from annotator.store.journal.checking import Checks

        return Checks(self.database)

    @property
    def journal(self) -> ArticleJournal:
        """The journal of single articles."""
        from annotator.store.journal.article_journal import ArticleJournal

        return ArticleJournal(self.database, self.sight)

    def close(self) -> None:
        """Close all connections; later use opens new ones."""
        self.database.close()

    def check(self) -> None:
        """Raises DatabaseGone if a file of the database was removed or replaced."""
        self.database.check()

    def now(self) -> datetime:
        """The time (UTC) for leases: a server's, or this machine's for a file."""
        return self.database.now()

    def data_version(self) -> int:
        """A value that changes when anybody changes the database; comparable within one thread
        only."""
        return self.database.data_version()

    def hints(self, call: Callable[[], object]) -> Listener | None:
        """Call `call`, in another thread, when anybody has stored something, until the listener is
        stopped; None where there are no hints, as for a file. Polling must go on beside."""
        return listener(self.database, call)

    def backup(self, target: Path, *, replace: bool = False) -> None:
        """Write a consistent, checked copy of a SQLite store, while others read and write.

        Raises StoreError if `target` exists, unless `replace`.
        """
        if self.database.file is None:
            raise StoreError("`backup` does not support PostgreSQL databases.", hint="Use pg_dump.")
        back_up(self.database.file, target, replace=replace)
