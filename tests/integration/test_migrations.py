"""Tables and migrations: the same in the end, safe on the way."""

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
from annotator.store import schema, tables
from annotator.store.database import Database
from annotator.store.store import Store
from tests.building import open_, press, ready

BEFORE = schema.HEAD
# The tally is no table of the metadata: it is counted anew after each upgrade.
COMPARED = {"compare_type": True, "include_object": lambda _, name, *__: name != "tally"}
OPEN_ELSEWHERE = "import sys; from annotator.store.store import Store; Store.open(sys.argv[1])"


def test_migrations_make_the_tables(store: Store) -> None:
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert compare_metadata(context, tables.metadata) == []


def test_the_revisions_we_name_are_those_there_are() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(one.revision for one in scripts.walk_revisions())[::-1] == schema.REVISIONS


def test_migrating_says_from_where_to_where(database_url: str) -> None:
    assert Store.migrate(database_url) == (None, schema.HEAD)
    assert Store.migrate(database_url) == (schema.HEAD, schema.HEAD)


def test_opening_what_is_up_to_date_does_not_load_alembic(database_url: str) -> None:
    Store.open(database_url).close()
    code = f"{OPEN_ELSEWHERE}; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, database_url]).returncode == 0


def test_four_first_starts_at_once_all_succeed(database_url: str) -> None:
    command = [sys.executable, "-c", OPEN_ELSEWHERE, database_url]
    starts = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for start in starts:
        _, said = start.communicate(timeout=60)
        assert start.returncode == 0, said
    store = Store.open(database_url, upgrade=False)
    assert store.counts().articles == 0
    store.close()


# An upgrade as later versions will bring them: it rebuilds the table that decisions refer to.
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "0002"


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
    (migrations / "versions/9999_mood.py").write_text(NEXT.format(more="pass"))
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "9999"))
    monkeypatch.setattr(schema, "HEAD", "9999")
    return file


def rows_in(file: Path) -> dict[str, int]:
    with sqlite3.connect(file) as connection:
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in tables.metadata.tables
        }
    connection.close()
    return counts


def test_an_upgrade_that_rebuilds_a_table_keeps_every_row(older: Path) -> None:
    before = rows_in(older)
    assert Store.migrate(f"sqlite:///{older}") == (BEFORE, "9999")
    assert before["decision"] == 1
    assert rows_in(older) == before


def test_foreign_keys_hold_again_after_an_upgrade(older: Path) -> None:
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
def test_an_upgrade_that_would_harm_changes_nothing(older: Path, harm: str) -> None:
    before = rows_in(older)
    (schema.MIGRATIONS / "versions/9999_mood.py").write_text(NEXT.format(more=harm))
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


def test_a_database_without_its_version_is_not_touched(older: Path) -> None:
    with sqlite3.connect(older) as connection:
        connection.execute("DROP TABLE alembic_version")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        schema.bring_up_to_date(Database(f"sqlite:///{older}"))


def test_a_first_start_that_is_killed_leaves_a_database_that_opens(database_url: str) -> None:
    random.seed(20181219)
    for _ in range(5):
        start = subprocess.Popen(
            [sys.executable, "-c", f"print(flush=True); {OPEN_ELSEWHERE}", database_url],
            stdout=subprocess.PIPE,
        )
        assert start.stdout is not None
        start.stdout.readline()
        time.sleep(random.uniform(0.3, 0.9))
        start.kill()
        start.communicate()
    store = Store.open(database_url)
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert compare_metadata(context, tables.metadata) == []
    store.close()
