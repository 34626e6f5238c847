"""What holds by the log of identities, kept in tables: made anew for what a decision is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select

from annotator.core.across.identity_log import (
    IdentityDecision,
    IdentityKind,
    apart_by,
    is_form,
    named_by,
    redirects_by,
    tied_by,
)
from annotator.store.identities.identity_rows import identity_decision_from_row, identity_to_row
from annotator.store.reviewing.form_index import key_of
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks

Standing = Sequence[tuple[int, IdentityDecision]]
"""Decisions that stand, with their numbers, in the order in which they were made, which is not
that of the log where some came in a bundle."""
CACHES = (t.identity, t.identity_redirect, t.identity_form, t.identity_apart)


def rebuild_identities(connection: Connection) -> None:
    """Make the caches anew from the whole log."""
    for table in CACHES:
        connection.execute(delete(table))
    targets = select(t.identity_decision.c.target).where(
        t.identity_decision.c.kind.not_in(("withdraw", "restore"))
    )
    hold(connection, connection.execute(targets.distinct()).scalars().all())


def hold(connection: Connection, targets: Iterable[str]) -> None:
    """Make the caches of these targets anew, from the standing decisions on each."""
    for target in sorted(frozenset(targets)):
        standing = _standing_on(connection, target)
        _hold_redirects(connection, target, standing)
        _hold_differences(connection, target, standing)
        if is_form(target):
            _hold_form(connection, target, standing)
        else:
            _hold_name(connection, target, standing)


def index_forms(connection: Connection, forms: Iterable[str]) -> None:
    """Index the keys of forms, so that similar ones are found."""
    known: set[str] = set()
    wanted = sorted(frozenset(forms) - {""})
    c = t.name_key.c
    for some in chunks(wanted):
        found = select(c.form).where(c.form.in_(some)).distinct()
        known |= {*connection.execute(found).scalars()}
    rows = [
        {"key": key, "form": form}
        for form in wanted
        if form not in known
        for key in keys_of_form(form)
    ]
    for chunk in chunks(rows):
        connection.execute(insert(t.name_key), list(chunk))


def keys_of_form(form: str) -> frozenset[int]:
    """The numbers that stand for the keys of a form in the index."""
    # Imported here, so that the screens start without the lists of names.
    from annotator.core.across.name_index import index_keys

    return frozenset(key_of("\0".join(key)) for key in index_keys(form))


def _standing_on(connection: Connection, target: str) -> Standing:
    d, p = t.identity_decision, t.identity_press
    rows = connection.execute(
        select(d)
        .join(p, p.c.group == d.c.group)
        .where(d.c.target == target, p.c.withdrawn.is_(None))
        .order_by(d.c.at, d.c.number)
    )
    return [(row.number, identity_decision_from_row(row)) for row in rows]


def _hold_name(connection: Connection, id: str, standing: Standing) -> None:
    identity = named_by(decision for _, decision in standing).get(id)
    connection.execute(delete(t.identity).where(t.identity.c.id == id))
    if identity is not None:
        row = identity_to_row(identity)
        connection.execute(insert(t.identity), row)
        index_forms(connection, [row["form"]])


def _hold_redirects(connection: Connection, target: str, standing: Standing) -> None:
    c = t.identity_redirect.c
    connection.execute(delete(t.identity_redirect).where(c.target == target))
    rows = [
        {
            "place": number,
            "source": source,
            "form": redirect.form,
            "to": redirect.to,
            "target": target,
            "at": redirect.at,
        }
        for number, decision in standing
        for source, redirect in redirects_by([decision])
    ]
    if rows:
        connection.execute(insert(t.identity_redirect), rows)


def _hold_form(connection: Connection, form: str, standing: Standing) -> None:
    decisions = [decision for _, decision in standing]
    connection.execute(delete(t.identity_form).where(t.identity_form.c.form == form))
    said = {one.after: one.reviewer for one in decisions if one.kind is not IdentityKind.DIFFERENT}
    rows = [
        {"form": form, "identity": id, "reviewer": said[id]}
        for id in sorted(tied_by(decisions).get(form, ()))
    ]
    if rows:
        connection.execute(insert(t.identity_form), rows)
        index_forms(connection, [form])


def _hold_differences(connection: Connection, target: str, standing: Standing) -> None:
    connection.execute(delete(t.identity_apart).where(t.identity_apart.c.one == target))
    pairs = apart_by(decision for _, decision in standing)
    rows = [{"one": target, "other": other} for pair in pairs for other in pair - {target}]
    if rows:
        connection.execute(insert(t.identity_apart), sorted(rows, key=lambda row: row["other"]))
