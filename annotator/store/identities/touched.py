"""Which reviews decisions on identities change in exports."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, or_, select

from annotator.core.across.identity_changes import operands
from annotator.core.across.identity_log import is_form
from annotator.store.identities.identity_rows import identity_decision_from_row, leading_to
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks


def touched_after(connection: Connection, since: int) -> tuple[frozenset[tuple[str, str]], int]:
    """The reviews (article id, reviewer) with mentions of identities that decisions numbered above
    `since` renamed, merged or split, and the number of the newest decision."""
    d = t.identity_decision.c
    newest = connection.execute(select(func.coalesce(func.max(d.number), 0))).scalar_one()
    if newest <= since:
        return frozenset(), int(newest)
    later = d.number > since
    undone = select(d.target).where(later, d.kind.in_(("withdraw", "restore")))
    wanted = select(t.identity_decision).where(
        or_(later, d.group.in_(undone)), d.kind.not_in(("create", "withdraw", "restore"))
    )
    ids: set[str] = set()
    for row in connection.execute(wanted):
        ids |= {one for one in operands(identity_decision_from_row(row)) if not is_form(one)}
    return _reviews_naming(connection, leading_to(connection, ids)), int(newest)


def _reviews_naming(connection: Connection, ids: Iterable[str]) -> frozenset[tuple[str, str]]:
    m, r = t.identity_mention.c, t.review.c
    found: set[tuple[str, str]] = set()
    for some in chunks(sorted(ids)):
        wanted = select(r.article_id, r.reviewer).join(t.identity_mention, m.review_id == r.id)
        rows = connection.execute(wanted.where(m.identity.in_(some)).distinct())
        found |= {(article, reviewer) for article, reviewer in rows}
    return frozenset(found)
