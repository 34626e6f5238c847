"""Roles on PostgreSQL: which role may write which table."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from annotator.store.roles.table_access import ACCESS
from tests.helpers.role_desk import OF_REVIEWS, PEOPLE, RoleDesk, psycopg, tried


def _tables(desk: RoleDesk) -> dict[str, list[str]]:
    with desk.store_of() as store, store.database.reading() as connection:
        there = inspect(connection)
        names = [*there.get_table_names(), *there.get_view_names()]
        names.remove("tally")  # a view that counts: not to be written by anybody
        return {name: [one["name"] for one in there.get_columns(name)] for name in names}


CACHES = frozenset({"identity", "identity_redirect", "identity_form", "identity_apart"})
CACHES |= {"memory_form", "name_key", "identity_press", "story", "story_article", "story_apart"}
INTAKE = frozenset({"source", "source_article", "suggested_form", "likeness", "shingle_band"})
INTAKE |= {"article_words", "heartbeat"}
NEVER_CHANGED = frozenset({"decision", "identity_decision", "story_decision"})


def test_every_table_says_who_may_write_it(role_desk: RoleDesk) -> None:
    assert {*_tables(role_desk), "tally"} == ACCESS.keys()


@pytest.mark.parametrize("role", PEOPLE)
def test_nobody_empties_a_table(role_desk: RoleDesk, role: str) -> None:
    with role_desk.line_of(role) as line:
        assert [
            one for one in _tables(role_desk) if tried(line, f"TRUNCATE {one} CASCADE") is not None
        ] == []


@pytest.mark.parametrize(
    ("role", "tables"),
    [
        ("ada", {"review", "suggestion_set"} | OF_REVIEWS | CACHES),
        ("lee", {"review", "suggestion_set"} | OF_REVIEWS | CACHES),
        ("robot", INTAKE),
    ],
)
def test_rows_are_removed_from_these_tables_alone(
    role_desk: RoleDesk, role: str, tables: frozenset[str]
) -> None:
    with role_desk.line_of(role) as line:
        removed = {
            one for one in _tables(role_desk) if tried(line, f"DELETE FROM {one}") is not None
        }
    assert removed == tables


@pytest.mark.parametrize(
    ("role", "tables"),
    [
        (
            "ada",
            {
                "review",
                "decision",
                "identity_decision",
                "story_decision",
                "log_head",
                "suggestion_set",
            }
            | (OF_REVIEWS | CACHES),
        ),
        ("robot", INTAKE | {"article", "suggestion_set", "opinion", "check_gold"}),
    ],
)
def test_rows_are_added_to_these_tables_alone(
    role_desk: RoleDesk, role: str, tables: frozenset[str]
) -> None:
    added = "SELECT has_table_privilege(%s, 'INSERT')"
    with role_desk.line_of(role) as line:
        found = {one for one in _tables(role_desk) if line.execute(added, [one]).fetchone()[0]}
    assert found == tables


@pytest.mark.parametrize(
    ("role", "tables"),
    [
        ("ada", {"review", "article", "source", "log_head"} | CACHES),
        ("robot", {"article", "check_gold"} | INTAKE),
    ],
)
def test_rows_are_changed_in_these_tables_alone(
    role_desk: RoleDesk, role: str, tables: frozenset[str]
) -> None:
    changed: dict[str, set[str]] = {}
    with role_desk.line_of(role) as line:
        for table, columns in _tables(role_desk).items():
            for one in columns:
                if tried(line, f'UPDATE {table} SET "{one}" = "{one}"') is not None:
                    changed.setdefault(table, set()).add(one)
    assert changed.keys() == tables
    if role == "ada":
        assert changed["article"] == {"reviews", "finished", "story_place", "set_aside"}
        assert changed["source"] == {"retry", "reason", "hint"}
        assert changed["review"].isdisjoint({"id", "article_id", "reviewer"})
    else:
        assert changed["article"].isdisjoint({"id", "number", "text", "received"})


IN_ANOTHER_NAME = (
    "INSERT INTO review (article_id, reviewer, opened_at, lease_seconds, last_seq, answer, total, "
    "open, entities, claims) SELECT id, 'lee', now(), 0, 0, 'accept', 0, 0, 0, 0 FROM article",
    'INSERT INTO decision (id, review_id, seq, at, "group", kind, keys, seconds) '
    "SELECT 'forged', id, 99, now(), 'g', 'reopen', 0, 0 FROM review WHERE reviewer = 'bo'",
    'INSERT INTO identity_decision (number, id, reviewer, at, "group", kind, target) '
    "VALUES (99, 'forged', 'bo', now(), 'g', 'create', 'x')",
    'INSERT INTO story_decision (number, id, reviewer, at, "group", kind, target) '
    "VALUES (99, 'forged', 'bo', now(), 'g', 'create', 'x')",
    "INSERT INTO carried (review_id, from_review_id, item) SELECT id, id, '{}' FROM review "
    "WHERE reviewer = 'bo'",
    "INSERT INTO suggestion_set (article_id, pipeline_name, pipeline_version, pipeline_hash, at, "
    "dropped, items) SELECT id, 'mine', '1', 'x', now(), 0, '[]' FROM article",
)


@pytest.mark.parametrize("forged", IN_ANOTHER_NAME)
def test_nobody_writes_in_another_name(role_desk: RoleDesk, forged: str) -> None:
    with (
        role_desk.line_of("ada") as line,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        line.execute(forged)
