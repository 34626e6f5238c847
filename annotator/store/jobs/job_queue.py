"""Procrastinate's tables in a schema of their own, and the jobs for waiting articles.

A job names articles that wait for suggestions; it is deferred in the transaction that stores them.
Nothing is in the queue that cannot be made anew from the waiting articles, so a queue of another
release of Procrastinate is replaced.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ARRAY, Connection, Text, bindparam, text

from annotator.errors import StoreError
from annotator.store.roles.role_script import JOBS, job_rules
from annotator.store.sql.database import Database, take_lock

TASK, QUEUE = "suggest", "articles"
IN_A_JOB = 32
"""Articles in a job, at most: as many as a worker leases at once."""
_OWN = "quote_ident(current_schema())"
_AT_HOME = f"SELECT set_config('search_path', '{JOBS}, ' || {_OWN} || ', pg_temp', true)"

_PRUNED = text("SELECT procrastinate_prune_stalled_workers_v1(:seconds)")
# A pruned worker leaves its job without one.
_TAKEN_UP = text(
    "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs "
    "WHERE status = 'doing' AND worker_id IS NULL"
)

_FUNCTIONS = (
    f"""
CREATE FUNCTION {JOBS}.defer_articles(articles text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT procrastinate_defer_jobs_v1(array_agg(ROW(
    '{QUEUE}', '{TASK}', 0, NULL, NULL, jsonb_build_object('articles', part.ids), NULL
  )::procrastinate_job_to_defer_v1 ORDER BY part.place))
  FROM (
    SELECT (given.place - 1) / {IN_A_JOB} AS place, jsonb_agg(given.id ORDER BY given.place) AS ids
    FROM unnest(articles) WITH ORDINALITY AS given(id, place) GROUP BY 1
  ) part
  HAVING count(*) > 0
$$""",
    f"""
CREATE FUNCTION {JOBS}.defer_forgotten() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE forgotten text[];
BEGIN
  IF EXISTS (
    SELECT FROM procrastinate_jobs j WHERE j.task_name = '{TASK}' AND j.status IN ('todo', 'doing')
  ) THEN
    RETURN 0;
  END IF;
  SELECT array_agg(a.id ORDER BY a.place, a.number) INTO forgotten FROM article a
  WHERE a.stage = 'waiting' AND (a.leased_until IS NULL OR a.leased_until <= clock_timestamp());
  IF forgotten IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM defer_articles(forgotten);
  RETURN cardinality(forgotten);
END
$$""",
)


def make_jobs(database: Database) -> None:
    """Create the queue if it is not there, or is one of another release, with a job for all waiting
    articles.

    Raises StoreError where Procrastinate is not installed, or the role may not create a schema.
    """
    release = _release()
    with database.reading() as connection:
        if _found(connection) == release:
            return
    with database.writing() as connection:
        take_lock(connection, "jobs")
        if _found(connection) == release:  # another process has made it meanwhile
            return
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {JOBS} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {JOBS}")
        connection.exec_driver_sql(_AT_HOME)
        _run(connection, _schema())
        for made in _FUNCTIONS:
            connection.exec_driver_sql(made)
        connection.exec_driver_sql(
            f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {JOBS} FROM PUBLIC;"
            f"COMMENT ON SCHEMA {JOBS} IS '{release}'"
        )
        connection.exec_driver_sql(job_rules())
        connection.exec_driver_sql(f"SELECT {JOBS}.defer_forgotten()")


def defer(connection: Connection, articles: Sequence[str]) -> None:
    """Add jobs for these articles within the transaction that stores them."""
    if articles:
        asked = text(f"SELECT {JOBS}.defer_articles(:ids)")
        connection.execute(asked.bindparams(bindparam("ids", list(articles), ARRAY(Text))))


def look_after(database: Database, stalled_seconds: float) -> None:
    """Let the jobs of workers without a heartbeat for so long be done again; if there is no job,
    add jobs for all waiting articles.

    Articles wait without a job after they were asked for again, or before there was a queue.
    """
    with database.writing() as connection:
        # One after the other: a job that another worker has just taken up is not stalled.
        take_lock(connection, "jobs")
        connection.exec_driver_sql(_AT_HOME)
        connection.execute(_PRUNED, {"seconds": stalled_seconds})
        connection.execute(_TAKEN_UP)
        connection.exec_driver_sql("SELECT defer_forgotten()")


def beat(database: Database, worker: int) -> None:
    """Say that a worker of the queue is alive while its own loop is busy with articles."""
    _about(database, f"UPDATE {JOBS}.procrastinate_workers SET last_heartbeat = now()", worker)


def give_up(database: Database, worker: int) -> None:
    """Remove a dead worker of the queue, so that its job is taken up again at once."""
    _about(database, f"DELETE FROM {JOBS}.procrastinate_workers", worker)


def _about(database: Database, change: str, worker: int) -> None:
    with database.writing() as connection:
        connection.execute(text(f"{change} WHERE id = :worker"), {"worker": worker})


def _found(connection: Connection) -> str | None:
    """The release that made the queue; None without a queue."""
    asked = "SELECT obj_description(to_regnamespace(:name), 'pg_namespace')"
    found = connection.execute(text(asked), {"name": JOBS}).scalar()
    return None if found is None else str(found)


def _release() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"procrastinate {version('procrastinate')}"
    except PackageNotFoundError as error:
        raise StoreError(
            'The queue of the setting queue = "cluster" is not installed (procrastinate).',
            hint='Install it: pip install "annotator[cluster]"',
        ) from error


def _schema() -> str:
    from procrastinate.schema import SchemaManager

    return SchemaManager.get_schema()


def _run(connection: Connection, script: str) -> None:
    """Execute a script of several statements as it is."""
    raw = connection.connection.cursor()
    try:
        raw.execute(script)
    finally:
        raw.close()
