"""Triggers that keep the journal as it is, even against its owner; created after each upgrade,
since rebuilt tables lose theirs.

Entries of logs are never changed or removed, nor are the suggestions that a review was opened with.
On PostgreSQL no log can be emptied by TRUNCATE. Only a purge, and the upgrade that chains existing
logs, lift this for their transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from sqlalchemy import Connection, Table

from annotator.store.sql import columns as t

SHARED_LOGS = (t.identity_decision, t.story_decision)
"""The logs across articles."""
LOGS = (t.decision, *SHARED_LOGS)
_KEPT = "decisions are never changed"
_PINNED_KEPT = "suggestions that a review was opened with are never changed"
_PINNED = (
    "SELECT 1 FROM review WHERE article_id = OLD.article_id AND suggestion_set_id = OLD.id "
    "AND last_seq > 0"
)
_NO_DELETE = "suggestion_set_no_delete"


def drop_protection(connection: Connection) -> None:
    """Drop what would prevent rebuilding a table."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_NO_DELETE}")


def make_protection(connection: Connection) -> None:
    """Create all triggers anew."""
    if connection.dialect.name == "sqlite":
        triggers = dict(_on_sqlite())
        for name, trigger in triggers.items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {trigger}")
        return
    for function, body in _FUNCTIONS.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} END $$"
        )
    for table, name, trigger in _on_postgresql():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {trigger}")


@contextmanager
def unlocked(
    connection: Connection, log: Table, verb: Literal["update", "delete"]
) -> Iterator[None]:
    """Allow changing or deleting entries of a log within this transaction only."""
    name = log.name
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER {name}_no_change")
        yield
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER {name}_no_change")
        return
    trigger = f"{name}_no_{verb}"
    connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
    yield
    connection.exec_driver_sql(f"CREATE TRIGGER {trigger} {dict(_on_sqlite())[trigger]}")


def _on_sqlite() -> Iterator[tuple[str, str]]:
    """The triggers by name."""
    for log in LOGS:
        for verb in ("UPDATE", "DELETE"):
            yield f"{log.name}_no_{verb.lower()}", f"BEFORE {verb} ON {log.name} {_abort(_KEPT)}"
        # A program of an earlier version that is still open must not break the chain.
        unchained = f"BEFORE INSERT ON {log.name} WHEN NEW.chain = ''"
        yield f"{log.name}_is_chained", f"{unchained} {_abort('a decision needs a chain value')}"
    yield "suggestion_set_no_update", f"BEFORE UPDATE ON suggestion_set {_abort(_PINNED_KEPT)}"
    pinned = f"BEFORE DELETE ON suggestion_set WHEN EXISTS ({_PINNED})"
    yield _NO_DELETE, f"{pinned} {_abort(_PINNED_KEPT)}"


def _abort(message: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{message}'); END"


_FUNCTIONS = {
    "decision_is_kept": f"RAISE EXCEPTION '{_KEPT}';",
    "suggestions_are_kept": (
        f"IF TG_OP <> 'DELETE' THEN RAISE EXCEPTION '{_PINNED_KEPT}'; END IF; "
        f"IF EXISTS ({_PINNED}) THEN RAISE EXCEPTION '{_PINNED_KEPT}'; END IF; RETURN OLD;"
    ),
}


def _on_postgresql() -> Iterator[tuple[str, str, str]]:
    """The table, name and definition of each trigger."""
    for log in LOGS:
        row = f"BEFORE UPDATE OR DELETE ON {log.name} FOR EACH ROW"
        yield log.name, f"{log.name}_no_change", f"{row} EXECUTE FUNCTION decision_is_kept()"
    for table in (*LOGS, t.suggestion_set, t.review, t.stone, t.log_head):
        statement = f"BEFORE TRUNCATE ON {table.name} FOR EACH STATEMENT"
        done = f"{statement} EXECUTE FUNCTION decision_is_kept()"
        yield table.name, f"{table.name}_no_truncate", done
    row = f"BEFORE UPDATE OR DELETE ON {t.suggestion_set.name} FOR EACH ROW"
    yield (
        t.suggestion_set.name,
        "suggestion_set_no_change",
        (f"{row} EXECUTE FUNCTION suggestions_are_kept()"),
    )
