"""The script that binds reviewers to database roles on PostgreSQL.

`annotator_reviewer`, `annotator_lead` and `annotator_worker` are roles without login. Each person
and each worker has a login role in one of them; a reviewer's name is the name of that role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from annotator.core.assignment import EVERYBODY, ONE_REVIEW, ReviewPlan, draws_in
from annotator.store.roles.owner_functions import NAMES, pin_search_path
from annotator.store.roles.table_access import ACCESS, Rows, TableAccess

REVIEWER, LEAD, WORKER = "annotator_reviewer", "annotator_lead", "annotator_worker"
JOBS = "annotator_jobs"
"""The schema of the queue of jobs (`store.jobs`)."""
_MAY_READ = "annotator_may_read(bigint, text)"
_MAY_COMPARE = "annotator_may_compare(text, text)"
_MAY_ADJUDICATE = "annotator_may_adjudicate(text, text)"
_OWN = "EXISTS (SELECT FROM review r WHERE r.id = review_id AND r.reviewer = current_user)"
_READABLE = f"{_OWN} OR annotator_may_read(review_id, current_user)"
_DONE = (
    "EXISTS (SELECT FROM review r WHERE r.id = review_id "
    "AND (r.finished_at IS NOT NULL OR r.reviewer = current_user))"
)
_FINISHED_ONCE = (
    "EXISTS (SELECT FROM review r JOIN decision d ON d.review_id = r.id "
    "WHERE r.article_id = check_gold.article_id AND r.reviewer = current_user "
    "AND r.kind = 'review' AND d.kind = 'finish')"
)
_MINE = "reviewer = current_user"
_OF_REVIEWS = {
    "INSERT": "(kind = 'review' OR kind = 'adjudication' "
    "AND annotator_may_adjudicate(article_id, current_user))",
    "UPDATE": "kind <> 'import'",
    "DELETE": "last_seq = 0",
}
_NOT_OURS_TO_CHANGE = ("id", "article_id", "reviewer", "kind")


@dataclass(frozen=True, slots=True)
class Blindness:
    """What a reviewer may read of a colleague's review: nothing of an open one, and of a finished
    one only after finishing one's own, or once the article has as many finished reviews as the
    `plan` wants. With `open`, everything."""

    plan: ReviewPlan = ONE_REVIEW
    open: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """The names of the people and the programs that get a login role."""

    reviewers: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()


def role_script(blindness: Blindness, members: Members, adjudicators: tuple[str, ...] = ()) -> str:
    """The script, for `psql` as the owner of the tables; it may run any number of times.

    `adjudicators` are those of the settings. It sets no password.
    """
    statements = (
        "BEGIN",
        "SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)",
        *_groups(),
        *_conditions_as_functions(blindness, adjudicators),
        *table_rules(),
        *_logins(members),
        "COMMIT",
    )
    return "".join(f"{statement};\n" for statement in statements)


def has_roles(connection: Connection) -> bool:
    """Whether the script has been run on this database."""
    if connection.dialect.name == "sqlite":
        return False
    made = connection.execute(text("SELECT to_regprocedure(:name)"), {"name": _MAY_READ})
    return made.scalar() is not None


def apply_table_rules(connection: Connection) -> None:
    """Make grants and policies of all tables anew where the script was run before: an upgrade may
    have made further tables."""
    if has_roles(connection):
        pin_search_path(connection)
        for statement in (*_functions_of_later_versions(connection), *table_rules()):
            connection.exec_driver_sql(statement.replace("%", "%%"))


def table_rules() -> Iterator[str]:
    """Grants and policies of all tables, sequences and functions, as statements."""
    groups = f"{REVIEWER}, {LEAD}, {WORKER}"
    yield _in_schema("GRANT USAGE ON SCHEMA %I", groups)
    yield _in_schema("GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I", groups)
    named = (*NAMES, _MAY_READ, _MAY_COMPARE, _MAY_ADJUDICATE)
    yield from (f"GRANT EXECUTE ON FUNCTION {name} TO {groups}" for name in named)
    for name, access in ACCESS.items():
        yield f"REVOKE ALL ON {name} FROM PUBLIC, {groups}"
        yield f"GRANT SELECT ON {name} TO {groups}"
        yield from _grants(name, access)
        if access.rows is not Rows.ALL or access.where:
            yield from _policies(name, access)
    yield job_rules()


def job_rules() -> str:
    """Let workers use the queue of jobs, if both are there."""
    granted = " ".join(
        f"GRANT {what} IN SCHEMA {JOBS} TO {WORKER};"
        for what in ("ALL ON ALL TABLES", "ALL ON ALL SEQUENCES", "EXECUTE ON ALL FUNCTIONS")
    )
    there = f"to_regnamespace('{JOBS}') IS NOT NULL AND to_regrole('{WORKER}') IS NOT NULL"
    return (
        f"DO $$ BEGIN IF {there} THEN GRANT USAGE ON SCHEMA {JOBS} TO {WORKER}; {granted} "
        "END IF; END $$"
    )


def _in_schema(grant: str, groups: str) -> str:
    return f"DO $$ BEGIN EXECUTE format('{grant} TO {groups}', current_schema()); END $$"


def _groups() -> Iterator[str]:
    for name in (REVIEWER, LEAD, WORKER):
        yield _role_made(name, "NOLOGIN")
    yield f"GRANT {REVIEWER} TO {LEAD}"


def _logins(members: Members) -> Iterator[str]:
    by_group = ((REVIEWER, members.reviewers), (LEAD, members.leads), (WORKER, members.workers))
    for group, names in by_group:
        for name in names:
            yield _role_made(name, "LOGIN")
            yield f"GRANT {group} TO {_quoted(name)}"


def _role_made(name: str, how: str) -> str:
    """Create a role unless it is there."""
    is_there = f"EXISTS (SELECT FROM pg_roles WHERE rolname = {_literal(name)})"
    made = f"CREATE ROLE {_quoted(name)} {how}"
    return f"DO $do$ BEGIN IF NOT {is_there} THEN {made}; END IF; END $do$"


def _conditions_as_functions(blindness: Blindness, adjudicators: tuple[str, ...]) -> Iterator[str]:
    """Functions that policies ask: they read rows that those who ask may not."""
    yield from _function(_MAY_COMPARE, "asked text, who text", _comparable_by(blindness))
    yield from _function(_MAY_READ, "asked bigint, who text", _readable_by(blindness))
    told = _adjudicated_by(adjudicators)
    yield from _function(_MAY_ADJUDICATE, "asked text, who text", told)


def _functions_of_later_versions(connection: Connection) -> Iterator[str]:
    """Functions that the script of an earlier version did not make, until it runs again: as if two
    reviews of an article were asked for, and anybody may adjudicate."""
    told = {
        _MAY_COMPARE: _comparable_by(Blindness(ReviewPlan(2))),
        _MAY_ADJUDICATE: _adjudicated_by(()),
    }
    for name, body in told.items():
        made = connection.execute(text("SELECT to_regprocedure(:name)"), {"name": name})
        if made.scalar() is None:
            yield from _function(name, "asked text, who text", body)


def _function(name: str, arguments: str, body: str) -> Iterator[str]:
    yield (
        f"CREATE OR REPLACE FUNCTION {name.partition('(')[0]}({arguments}) RETURNS boolean "
        f"LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$\n{body}\n$$"
    )
    yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"


def _readable_by(blindness: Blindness) -> str:
    if blindness.open:
        return "  SELECT asked IS NOT NULL AND who IS NOT NULL"
    return """  SELECT other.finished_at IS NOT NULL
    AND annotator_may_compare(other.article_id, who)
  FROM review other WHERE other.id = asked"""


def _comparable_by(blindness: Blindness) -> str:
    """Whether somebody may read the finished reviews of an article. Of the own one its log says
    whether it was finished, since a reviewer may write its other columns."""
    if blindness.open:
        return "  SELECT asked IS NOT NULL AND who IS NOT NULL"
    return f"""  SELECT coalesce(
    (SELECT mine.finished_at IS NOT NULL AND EXISTS (
       SELECT FROM decision d WHERE d.review_id = mine.id AND d.kind = 'finish')
     FROM review mine WHERE mine.article_id = asked AND mine.reviewer = who
     AND mine.kind <> 'adjudication'),
    (SELECT count(*) FROM review done WHERE done.article_id = asked
     AND done.finished_at IS NOT NULL AND done.kind <> 'adjudication')
    >= {_wanted(blindness.plan)})"""


def _adjudicated_by(appointed: tuple[str, ...]) -> str:
    """Whether somebody may adjudicate an article, as `core.adjudicating.who_adjudicates`."""
    named = f"ARRAY[{', '.join(map(_literal, appointed))}]::text[]"
    who = f"who = ANY ({named})" if appointed else "who IS NOT NULL"
    instead = "SELECT k.reviewer AS name FROM review k WHERE k.kind <> 'import'"
    if appointed:
        instead = f"SELECT unnest({named}) AS name"
    return f"""  WITH differing AS (SELECT r.reviewer FROM review r WHERE r.article_id = asked
    AND r.finished_at IS NOT NULL AND r.kind <> 'adjudication')
  SELECT {who}
    AND (SELECT count(*) FROM differing) > 1
    AND NOT EXISTS (SELECT FROM article a WHERE a.id = asked AND a.draw < 0)
    AND NOT EXISTS (SELECT FROM review own WHERE own.article_id = asked AND own.reviewer = who
      AND own.kind <> 'adjudication' AND own.finished_at IS NULL AND own.last_seq > 0)
    AND (who NOT IN (SELECT reviewer FROM differing) OR NOT EXISTS (
      SELECT FROM ({instead}) others WHERE others.name NOT IN (SELECT reviewer FROM differing)))"""


def _wanted(plan: ReviewPlan) -> str:
    """The number of reviews that an article wants, as `ReviewPlan.reviews_of`."""
    usual = max(1, plan.reviews_per_article)
    checked = "EXISTS (SELECT FROM article a WHERE a.id = asked AND a.draw < 0)"
    shared = f"annotator_overlap_draw(asked) < {draws_in(plan.overlap)}"
    return (
        f"(CASE WHEN {checked} THEN {EVERYBODY} WHEN {shared} THEN {max(2, usual)} "
        f"ELSE {usual} END)"
    )


def _grants(name: str, access: TableAccess) -> Iterator[str]:
    if access.rows is Rows.REVIEW:
        yield f"GRANT INSERT, DELETE ON {name} TO {REVIEWER}"
        yield _review_columns()
    elif access.reviewer:
        yield f"GRANT {', '.join(access.reviewer)} ON {name} TO {REVIEWER}"
    if access.worker:
        yield f"GRANT {', '.join(access.worker)} ON {name} TO {WORKER}"
    by_role = ((REVIEWER, access.reviewer_columns), (WORKER, access.worker_columns))
    for role, columns in by_role:
        if columns:
            named = ", ".join(map(_quoted, columns))
            yield f"GRANT UPDATE ({named}) ON {name} TO {role}"


def _review_columns() -> str:
    """Grant reviewers all columns of `review` but those that say whose review of what it is."""
    kept = ", ".join(map(_literal, _NOT_OURS_TO_CHANGE))
    return (
        "DO $$ DECLARE changed text; BEGIN "
        "SELECT string_agg(quote_ident(attname), ', ') INTO changed FROM pg_attribute "
        "WHERE attrelid = 'review'::regclass AND attnum > 0 AND NOT attisdropped "
        f"AND attname NOT IN ({kept}); "
        f"EXECUTE format('GRANT UPDATE (%s) ON review TO {REVIEWER}', changed); END $$"
    )


def _policies(name: str, access: TableAccess) -> Iterator[str]:
    yield (
        "DO $$ DECLARE one record; BEGIN FOR one IN SELECT policyname FROM pg_policies "
        f"WHERE schemaname = current_schema() AND tablename = {_literal(name)} "
        "AND policyname LIKE 'annotator%' LOOP "
        f"EXECUTE format('DROP POLICY %I ON {name}', one.policyname); END LOOP; END $$"
    )
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    for number, (verb, role, condition) in enumerate(_conditions(access)):
        if verb in ("SELECT", "DELETE"):
            clause = f"USING ({condition})"
        elif verb == "INSERT":
            clause = f"WITH CHECK ({condition})"
        else:
            clause = f"USING ({condition}) WITH CHECK ({condition})"
        yield f"CREATE POLICY annotator_{number} ON {name} FOR {verb} TO {role} {clause}"


def _conditions(access: TableAccess) -> Iterator[tuple[str, str, str]]:
    """The rows that each role may read and write: (verb, role, condition)."""
    match access.rows:
        case Rows.ALL if "SELECT" in access.where:
            yield "SELECT", REVIEWER, access.where["SELECT"]
            yield "SELECT", f"{LEAD}, {WORKER}", "true"
        case Rows.ALL | Rows.REVIEW | Rows.SIGNED:
            yield "SELECT", f"{REVIEWER}, {WORKER}", "true"
        case Rows.OF_A_REVIEW:
            yield "SELECT", REVIEWER, _OWN if access.only_own else _READABLE
            yield "SELECT", LEAD, _DONE
            yield "SELECT", WORKER, "true"
        case Rows.GOLD:
            yield "SELECT", REVIEWER, _FINISHED_ONCE
            yield "SELECT", f"{LEAD}, {WORKER}", "true"
    for verb in access.worker:
        yield verb, WORKER, "true"
    for verb in access.reviewer:
        yield verb, REVIEWER, access.where.get(verb) or _written(access.rows, verb)


def _written(rows: Rows, verb: str) -> str:
    """The rows that a reviewer may add, change or remove."""
    match rows:
        case Rows.REVIEW:
            return f"{_MINE} AND {_OF_REVIEWS[verb]}"
        case Rows.OF_A_REVIEW:
            return _OWN
        case Rows.SIGNED:
            return _MINE
    return "true"


def _quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _literal(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
