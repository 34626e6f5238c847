"""Functions of PostgreSQL that run with the rights of the tables' owner.

Where reviewers cannot read each other's reviews, the memory, the leases and the identities must
still be right. These functions do that, and return nothing else. They are made
anew by each upgrade, and used with and without roles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Row,
    Text,
    and_,
    bindparam,
    column,
    func,
    select,
    text,
    update,
)

from annotator.core.holds import SLACK_SECONDS
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.values import ADJUDICATION

_PINNED = "LANGUAGE {language} SECURITY DEFINER SET search_path FROM CURRENT"
_SQL, _PLPGSQL = _PINNED.format(language="sql"), _PINNED.format(language="plpgsql")
_AS_ENTRY = ("at", "reviewer", "press", "outcome", "label", "way", "lead", "tail", "became")

# Which columns of `memory_entry` a call returns is written out in the function.
_FUNCTIONS = {
    "annotator_memory_of(text, text, bigint[], text, bigint[], integer)": f"""
CREATE FUNCTION annotator_memory_of(
  asked_subject text, asked_form text, besides bigint[], besides_item text, others bigint[],
  most integer
) RETURNS TABLE (
  at timestamptz, reviewer text, press text, outcome text, label text, way text,
  lead integer, tail integer, became text
) STABLE {_SQL} AS $$
  SELECT DISTINCT m.at, m.reviewer, m.press, m.outcome, m.label, m.way, m.lead, m.tail, m.became
  FROM memory_entry m
  WHERE m.subject = asked_subject AND m.form = asked_form
    AND NOT (m.review_id = ANY (besides) AND (besides_item IS NULL OR m.item = besides_item))
    AND NOT m.review_id = ANY (others)
  ORDER BY m.at DESC, m.reviewer DESC, m.press DESC, m.outcome DESC, m.label DESC, m.way DESC,
    m.became DESC NULLS LAST, m.lead DESC, m.tail DESC
  LIMIT most
$$""",
    "annotator_remembered_in(bigint[], text[], text[])": f"""
CREATE FUNCTION annotator_remembered_in(reviews bigint[], subjects text[], forms text[])
RETURNS TABLE (subject text, form text) STABLE {_SQL} AS $$
  SELECT DISTINCT m.subject, m.form FROM memory_entry m
  WHERE m.review_id = ANY (reviews)
    AND (m.subject, m.form) IN (SELECT * FROM unnest(subjects, forms))
$$""",
    # `core.assignment.overlap_draw`: the first eight bytes of a digest, modulo 10,000.
    "annotator_overlap_draw(text)": f"""
CREATE FUNCTION annotator_overlap_draw(article text) RETURNS bigint IMMUTABLE {_SQL} AS $$
  SELECT mod(
    mod((get_byte(d, 0)::bigint << 24) | (get_byte(d, 1) << 16) | (get_byte(d, 2) << 8)
      | get_byte(d, 3), 10000) * 7296
    + ((get_byte(d, 4)::bigint << 24) | (get_byte(d, 5) << 16) | (get_byte(d, 6) << 8)
      | get_byte(d, 7)), 10000)
  FROM sha256('overlap'::bytea || '\\x00'::bytea || convert_to(article, 'UTF8')) d
$$""",
    "annotator_is_mentioned(text)": f"""
CREATE FUNCTION annotator_is_mentioned(id text) RETURNS boolean STABLE {_SQL} AS $$
  SELECT EXISTS (SELECT FROM identity_mention m WHERE m.identity = id)
$$""",
    "annotator_outdate_adjudications(text)": f"""
CREATE FUNCTION annotator_outdate_adjudications(article text) RETURNS void {_SQL} AS $$
  UPDATE review SET outdated = true
  WHERE article_id = article AND kind = 'adjudication' AND NOT outdated
$$""",
    "annotator_release_expired(bigint)": f"""
CREATE FUNCTION annotator_release_expired(asked bigint) RETURNS boolean {_PLPGSQL} AS $$
DECLARE expired review;
BEGIN
  SELECT * INTO expired FROM review r
  WHERE r.id = asked AND r.finished_at IS NULL AND (
    r.leased_until IS NULL OR r.leased_until <= clock_timestamp()
    OR r.leased_until > clock_timestamp()
      + make_interval(secs => r.lease_seconds + {SLACK_SECONDS}));
  IF expired.id IS NULL THEN
    RETURN false;
  END IF;
  IF expired.last_seq = 0 THEN
    DELETE FROM carried c WHERE c.review_id = asked;
    DELETE FROM review r WHERE r.id = asked;
  ELSE
    UPDATE review r SET leased_until = NULL WHERE r.id = asked;
  END IF;
  RETURN true;
END
$$""",
}
NAMES = tuple(_FUNCTIONS)
"""The functions, with the types of their arguments."""


def make_functions(connection: Connection) -> None:
    """Create the functions, for their owner alone; does nothing on SQLite."""
    if connection.dialect.name == "sqlite":
        return
    pin_search_path(connection)
    for name, made in _FUNCTIONS.items():
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}")
        connection.exec_driver_sql(made)
        connection.exec_driver_sql(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")


def pin_search_path(connection: Connection) -> None:
    """Until the transaction ends, look for tables in the current schema only.

    A function keeps this path, so that nobody can put a table of their own in front.
    """
    connection.exec_driver_sql(
        "SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)"
    )


def newest_entries(
    connection: Connection,
    form: tuple[str, str],
    *,
    besides: Sequence[int],
    item: str | None,
    others: Sequence[int],
    most: int,
) -> Sequence[Row[Any]]:
    """The newest entries of a form (subject, words), without those of these reviews; with `item`,
    only without those of this item in them; and without those of the `others`."""
    subject, words = form
    m = t.memory_entry.c
    found = func.annotator_memory_of(
        *(subject, words, bindparam("besides", list(besides), ARRAY(BigInteger)), item),
        *(bindparam("others", list(others), ARRAY(BigInteger)), most),
    ).table_valued(*(column(name, m[name].type) for name in _AS_ENTRY))
    return connection.execute(select(found)).fetchall()


def forms_among(
    connection: Connection, forms: Sequence[tuple[str, str]], reviews: Sequence[int]
) -> Sequence[tuple[str, str]]:
    """Those of the forms (subject, words) that have entries of these reviews."""
    asked = text("SELECT subject, form FROM annotator_remembered_in(:reviews, :subjects, :forms)")
    asked = asked.bindparams(
        bindparam("reviews", list(reviews), ARRAY(BigInteger)),
        bindparam("subjects", [subject for subject, _ in forms], ARRAY(Text)),
        bindparam("forms", [words for _, words in forms], ARRAY(Text)),
    )
    return [(row.subject, row.form) for row in connection.execute(asked)]


def is_mentioned(connection: Connection, identity: str) -> bool:
    """Whether an entity of any review names this identity."""
    if connection.dialect.name == "sqlite":
        asked = select(t.identity_mention.c.item).where(t.identity_mention.c.identity == identity)
        return connection.execute(asked.limit(1)).first() is not None
    return bool(connection.execute(select(func.annotator_is_mentioned(identity))).scalar())


def outdate_adjudications(connection: Connection, articles: Iterable[str]) -> None:
    """Say of the adjudications of articles that a review was finished since they were opened."""
    if connection.dialect.name == "sqlite":
        c = t.review.c
        for some in chunks(articles):
            made = and_(c.article_id.in_(some), c.kind == ADJUDICATION, ~c.outdated)
            connection.execute(update(t.review).where(made).values(outdated=True))
        return
    for article in articles:
        connection.execute(select(func.annotator_outdate_adjudications(article)))


def release_expired(connection: Connection, review_id: int) -> bool:
    """Release the lease of an unfinished review if it has expired by the server's clock, and return
    whether it had; without decisions, the review is removed."""
    done = connection.execute(select(func.annotator_release_expired(review_id)))
    return bool(done.scalar())
