"""Migrations give the same schema as the tables, and are safe on the way."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from annotator.core.decisions import accept
from annotator.errors import StoreError
from annotator.store.listing.state_counters import TABLES
from annotator.store.searching import text_index
from annotator.store.sql import schema, tables
from annotator.store.sql.database import Database
from annotator.store.store import Store
from tests.helpers.building import open_, press, ready
from tests.helpers.older_store import rows_in

BEFORE = schema.HEAD
# The tallies and the index of words are no tables of the metadata.
APART = (*TABLES, *text_index.TABLES)
COMPARED = {"compare_type": True, "include_object": lambda _, name, *__: name not in APART}
OPEN_ELSEWHERE = "import sys; from annotator.store.store import Store; Store.open(sys.argv[1])"


def test_migrations_create_the_tables(store: Store) -> None:
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert compare_metadata(context, tables.metadata) == []


def test_the_named_revisions_are_the_existing_ones() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(one.revision for one in scripts.walk_revisions())[::-1] == schema.REVISIONS


def test_migrating_returns_both_versions(new_url: str) -> None:
    assert Store.migrate(new_url) == (None, schema.HEAD)
    assert Store.migrate(new_url) == (schema.HEAD, schema.HEAD)


def test_opening_a_current_database_does_not_load_alembic(new_url: str) -> None:
    Store.open(new_url).close()
    code = f"{OPEN_ELSEWHERE}; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, new_url]).returncode == 0


@pytest.mark.usefixtures("forked")
def test_four_first_starts_at_once_all_succeed(new_url: str) -> None:
    command = [sys.executable, "-c", OPEN_ELSEWHERE, new_url]
    starts = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for start in starts:
        _, said = start.communicate(timeout=60)
        assert start.returncode == 0, said
    store = Store.open(new_url, upgrade=False)
    assert store.queue.counts().articles == 0
    store.close()


# An upgrade as later versions will bring them: it rebuilds the table that decisions refer to.
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{down}"


def upgrade() -> None:
    with op.batch_alter_table("review") as batch:
        batch.add_column(sa.Column("mood", sa.Text()))
        batch.alter_column("answer", nullable=True)
    {more}
"""


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with a decision in it, and a program that is one version further."""
    file = tmp_path / "annotator.db"
    store = Store.open(f"sqlite:///{file}")
    opened = open_(store, ready(store))
    press(store, opened, accept(opened.review.items[0]))
    store.close()
    migrations = tmp_path / "migrations"
    (migrations / "versions").mkdir(parents=True)
    for file_ in (schema.MIGRATIONS / "env.py", *schema.MIGRATIONS.glob("versions/0*.py")):
        name = file_.relative_to(schema.MIGRATIONS)
        (migrations / name).write_text(file_.read_text())
    (migrations / "versions/9999_mood.py").write_text(NEXT.format(down=BEFORE, more="pass"))
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9999"))
    monkeypatch.setattr(schema, "HEAD", "9999")
    return file


def test_an_upgrade_that_rebuilds_a_table_keeps_every_row(older: Path) -> None:
    before = rows_in(older)
    assert Store.migrate(f"sqlite:///{older}") == (BEFORE, "9999")
    assert before["decision"] == 1
    assert rows_in(older) == before


def test_foreign_keys_are_enforced_again_after_an_upgrade(older: Path) -> None:
    store = Store.open(f"sqlite:///{older}")
    with pytest.raises(StoreError), store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM review")
    store.close()


def test_the_database_is_copied_before_an_upgrade(older: Path) -> None:
    before = rows_in(older)
    Store.migrate(f"sqlite:///{older}")
    (copy,) = older.parent.glob("annotator.db.before-9999-*")
    assert rows_in(copy) == before
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (BEFORE,)
    connection.close()


def test_an_empty_database_is_not_copied(older: Path) -> None:
    fresh = older.with_name("fresh.db")
    Store.migrate(f"sqlite:///{fresh}")
    assert list(fresh.parent.glob("fresh.db.before*")) == []


@pytest.mark.parametrize(
    "harm",
    [
        'op.execute("DROP TRIGGER decision_no_delete"); op.execute("DELETE FROM decision")',
        'op.execute("UPDATE review SET suggestion_set_id = 99")',
        'raise RuntimeError("killed half way")',
    ],
)
def test_a_harmful_upgrade_changes_nothing(older: Path, harm: str) -> None:
    before = rows_in(older)
    (schema.MIGRATIONS / "versions/9999_mood.py").write_text(NEXT.format(down=BEFORE, more=harm))
    with pytest.raises((StoreError, RuntimeError)):
        Store.migrate(f"sqlite:///{older}")
    assert rows_in(older) == before
    with sqlite3.connect(older) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (BEFORE,)
    connection.close()


def test_four_upgrades_at_once_leave_one_copy(older: Path) -> None:
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            Store.migrate(f"sqlite:///{older}")
        except BaseException as error:
            failures.append(error)

    starts = [threading.Thread(target=migrate) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert failures == []
    assert len(list(older.parent.glob("annotator.db.before-*"))) == 1


def test_a_database_without_version_is_not_changed(older: Path) -> None:
    with sqlite3.connect(older) as connection:
        connection.execute("DROP TABLE alembic_version")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        schema.bring_up_to_date(Database(f"sqlite:///{older}"))


@pytest.mark.usefixtures("forked")
def test_a_killed_first_start_leaves_a_usable_database(new_url: str) -> None:
    random.seed(20181219)
    for _ in range(5):
        start = subprocess.Popen(
            [sys.executable, "-c", f"print(flush=True); {OPEN_ELSEWHERE}", new_url],
            stdout=subprocess.PIPE,
        )
        assert start.stdout is not None
        start.stdout.readline()
        time.sleep(random.uniform(0.0, 0.4))
        start.kill()
        start.communicate()
    store = Store.open(new_url)
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert compare_metadata(context, tables.metadata) == []
    store.close()
