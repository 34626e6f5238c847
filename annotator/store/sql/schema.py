"""Checks the schema version of a database and upgrades it.

Alembic is loaded only for an upgrade: opening a current database costs one SELECT, and a new SQLite
database is made by a script.
"""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table, text

from annotator.errors import SchemaOutdated, StoreError
from annotator.store.identities.mention_cache import rebuild_mentions
from annotator.store.journal.protection import drop_protection, make_protection
from annotator.store.listing.article_facts import describe_everything
from annotator.store.listing.item_counts import count_how_decided, recount_tier_b
from annotator.store.listing.state_counters import TABLES, drop_tally, make_tally
from annotator.store.reviewing.form_index import index_everything
from annotator.store.reviewing.remembering import remember_everything
from annotator.store.roles.owner_functions import make_functions
from annotator.store.searching import text_index
from annotator.store.sql.blank_sqlite import make_tables
from annotator.store.sql.database import Database
from annotator.store.sql.sqlite_backup import keep_copy
from annotator.store.stories.story_cache import rebuild_stories

_log = logging.getLogger(__name__)

# All revisions in migrations/versions, the oldest first; a test compares the two.
REVISIONS = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010"),
    *("0011", "0012", "0013", "0015", "0016", "0017", "0018", "0019", "0020", "0021"),
    *("0022", "0023", "0024", "0025", "0026"),
)
HEAD = REVISIONS[-1]
_REMEMBERS, _INDEXES, _SEARCHES, _IDENTIFIES, _COUNTS = "0007", "0005", "0013", "0010", "0011"
_CHAINS, _COMPARES, _LISTS, _HOLDS_STORIES = "0016", "0023", "0024", "0025"
_SEARCHES_BEGINNINGS = "0026"
"""The revisions from which on decisions are remembered by their key presses, forms of suggestions
indexed, words of texts indexed, mentions of identities kept, all claims counted, logs chained,
reviews counted by how items were decided and compared with what was suggested, what lists say of
articles kept, what holds of stories, and (on SQLite) beginnings of words indexed."""
_MADE_ANEW = ("memory_entry", "memory_form")
"""Tables that an upgrade makes anew from the decisions, perhaps with fewer rows."""
MIGRATIONS = Path(__file__).parents[1] / "migrations"


def bring_up_to_date(
    database: Database, *, upgrade: bool = True, progress: text_index.Progress | None = None
) -> tuple[str | None, str]:
    """Upgrade the database; returns its revision before and after, (None, ...) if it was empty.

    `progress` is called with (done, total) while texts are indexed and logs chained, which takes
    longest.

    Raises SchemaOutdated if it is newer than this program, or older without `upgrade`; StoreError
    if the tables are not ours. A SQLite file with data is backed up beside it first.
    """
    with database.reading() as connection:
        found = _revision(connection)
    if found == HEAD:
        return found, HEAD
    _check(found, database, upgrade=upgrade)
    return _upgrade(database, progress), HEAD


def _revision(connection: Connection) -> str | None:
    """The revision of the database; None if it is empty."""
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)
    if connection.dialect.name == "sqlite" and names:
        raise StoreError(
            "This database belongs to another program.",
            hint="Set another file for the database in annotator.toml.",
        )
    return None


def _check(found: str | None, database: Database, *, upgrade: bool) -> None:
    where = database.file.name if database.file else "The database"
    if found is not None and found not in REVISIONS:
        raise SchemaOutdated(
            f"{where} was made by a newer version of annotator (its tables are {found}, "
            f"this program knows {HEAD}).",
            hint="Update annotator, or open another database.",
        )
    if not upgrade and found != HEAD:
        raise SchemaOutdated(
            f"{where} has the tables of an older version ({found or 'none'}, now {HEAD}).",
            hint="Run: annotator migrate",
        )


def _upgrade(database: Database, progress: text_index.Progress | None) -> str | None:
    from annotator.store.roles.role_script import apply_table_rules

    with database.migrating() as connection:
        # Another process may have upgraded it while we waited for the lock.
        found = _revision(connection)
        if found == HEAD:
            return found
        _check(found, database, upgrade=True)
        before = _row_counts(connection)
        if found is not None and database.file is not None and any(before.values()):
            keep_copy(database.file, _backup_name(database.file, found))
        drop_tally(connection)
        drop_protection(connection)
        (make_tables if found is None and database.is_sqlite else run_migrations)(connection)
        make_tally(connection)
        make_protection(connection)
        make_functions(connection)
        if found is not None:
            _fill(connection, found, progress)
        _check_nothing_lost(connection, before)
        apply_table_rules(connection)
        if found is not None:
            _log.warning(
                "The database was upgraded from version %s to %s; older programs cannot open it.",
                found,
                HEAD,
            )
        return found


def _fill(connection: Connection, found: str, progress: text_index.Progress | None) -> None:
    """Make what tables of the version `found` did not keep."""
    from annotator.store.journal.existing_logs import chain_everything

    if found < _REMEMBERS:
        remember_everything(connection)
    if found < _INDEXES:
        index_everything(connection)
    is_sqlite = connection.dialect.name == "sqlite"
    if found < (_SEARCHES_BEGINNINGS if is_sqlite else _SEARCHES):
        _index_texts(connection, progress)
    if found < _IDENTIFIES:
        rebuild_mentions(connection)
    if found < _COUNTS:
        recount_tier_b(connection)
    if found < _CHAINS:
        _log.info("All logs get chain values, once.")
        chain_everything(connection, progress)
    if found < _COMPARES:
        count_how_decided(connection)
    if found < _LISTS:
        _log.info("What the queue says of each article is computed, once.")
        describe_everything(connection, progress)
    if found < _HOLDS_STORIES:
        rebuild_stories(connection)


def _index_texts(connection: Connection, progress: text_index.Progress | None) -> None:
    _log.info("The words of all texts are indexed for searches, once.")
    text_index.index_everything(connection, progress)


def run_migrations(connection: Connection) -> None:
    """Bring the tables of this connection to the newest version, from whichever they have."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _row_counts(connection: Connection) -> dict[str, int]:
    names = inspect(connection).get_table_names()
    count = func.count()
    return {
        name: connection.execute(select(count).select_from(table(name))).scalar_one()
        for name in names
        if name not in ("alembic_version", *TABLES, *_MADE_ANEW, *text_index.TABLES)
    }


def _check_nothing_lost(connection: Connection, before: dict[str, int]) -> None:
    # Rebuilding a table can empty others silently (foreign keys with CASCADE).
    after = _row_counts(connection)
    fewer = [name for name, count in before.items() if after.get(name, 0) < count]
    if fewer:
        raise StoreError(
            f"The upgrade would lose rows of {', '.join(fewer)}; nothing was changed.",
            hint="Continue with the previous version, and report this.",
        )
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
        if broken:
            raise StoreError(
                f"The upgrade would leave {len(broken)} rows without what they refer to; "
                "nothing was changed.",
                hint="Continue with the previous version, and report this.",
            )


def _backup_name(file: Path, revision: str) -> Path:
    """The name of the backup of an older database."""
    return file.with_name(f"{file.name}.before-{HEAD}-was-{revision}")
