"""Decisions on identities as rows, and what holds by those on some ids and forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from annotator.core.across.identity_log import (
    Identities,
    Identity,
    IdentityDecision,
    IdentityKind,
    Redirect,
    form_of,
    is_form,
)
from annotator.core.records.log_lines import meant_from_dict, meant_to_dict
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks

Plain = dict[str, Any]


def identity_decision_to_row(decision: IdentityDecision, number: int) -> Plain:
    """A row of `identity_decision`."""
    return {
        "number": number,
        "id": decision.id,
        "reviewer": decision.reviewer,
        "at": decision.at,
        "group": decision.group,
        "kind": decision.kind.value,
        "target": decision.target,
        "article": decision.article,
        "before": meant_to_dict(decision.before),
        "after": meant_to_dict(decision.after),
    }


def identity_decision_from_row(row: Row[Any]) -> IdentityDecision:
    """The inverse of `identity_decision_to_row`."""
    return IdentityDecision(
        row.id,
        row.reviewer,
        row.at,
        row.group,
        IdentityKind(row.kind),
        row.target,
        meant_from_dict(row.before),
        meant_from_dict(row.after),
        row.article,
    )


def identity_to_row(identity: Identity) -> Plain:
    """A row of `identity`."""
    form = form_of(identity.name, identity.type)
    return asdict(identity) | {"form": form, "sort": identity.name.casefold()}


def identity_from_row(row: Row[Any]) -> Identity:
    """The identity in a row of `identity`."""
    return Identity(row.id, row.name, row.type, row.link, row.note)


def held(connection: Connection, operands: Iterable[str]) -> Identities:
    """What holds of these ids and forms, and of the identities that they are now."""
    wanted = frozenset(operands)
    forms = frozenset(filter(is_form, wanted))
    tied = _tied(connection, forms)
    ids = (wanted - forms).union(*tied.values())
    redirects = redirects_from(connection, ids)
    ids = ids.union(one.to for own in redirects.values() for one in own)
    named = named_now(connection, ids)
    return Identities(
        named,
        {
            source: own
            for source, some in redirects.items()
            if source in named and (own := tuple(one for one in some if one.to in named))
        },
        {form: ids for form, some in tied.items() if (ids := some & named.keys())},
        _apart(connection, wanted | ids),
    )


def named_now(connection: Connection, ids: Iterable[str]) -> dict[str, Identity]:
    """The identities with these ids, also merged ones."""
    found: dict[str, Identity] = {}
    for some in chunks(sorted(frozenset(ids))):
        rows = connection.execute(select(t.identity).where(t.identity.c.id.in_(some)))
        found |= {row.id: identity_from_row(row) for row in rows}
    return found


def redirects_from(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[Redirect, ...]]:
    """The redirects of these ids and of the ids that they lead to, placed in the order in which
    they were made."""
    c = t.identity_redirect.c
    every: list[Row[Any]] = []
    seen: set[str] = set()
    following = set(ids)
    while following:
        seen |= following
        reached: set[str] = set()
        for some in chunks(sorted(following)):
            rows = connection.execute(select(t.identity_redirect).where(c.source.in_(some)))
            every += rows
            reached |= {row.to for row in every}
        following = reached - seen
    found: dict[str, list[Redirect]] = defaultdict(list)
    for place, row in enumerate(sorted(every, key=lambda row: (row.at, row.place))):
        found[row.source].append(Redirect(place, row.at, row.form, row.to))
    return {source: tuple(own) for source, own in found.items()}


def leading_to(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """The ids that lead to one of these, by merges and splits, and these; some may have been led
    elsewhere since."""
    c = t.identity_redirect.c
    seen: set[str] = set()
    following = set(ids)
    while following:
        seen |= following
        reached: set[str] = set()
        for some in chunks(sorted(following)):
            reached |= {*connection.execute(select(c.source).where(c.to.in_(some))).scalars()}
        following = reached - seen
    return frozenset(seen)


def _tied(connection: Connection, forms: Iterable[str]) -> dict[str, frozenset[str]]:
    c = t.identity_form.c
    found: dict[str, set[str]] = defaultdict(set)
    for some in chunks(sorted(forms)):
        for form, id in connection.execute(select(c.form, c.identity).where(c.form.in_(some))):
            found[form].add(id)
    return {form: frozenset(ids) for form, ids in found.items()}


def _apart(connection: Connection, operands: Iterable[str]) -> frozenset[frozenset[str]]:
    c = t.identity_apart.c
    found: set[frozenset[str]] = set()
    for some in chunks(sorted(operands)):
        pairs = select(c.one, c.other).where(or_(c.one.in_(some), c.other.in_(some)))
        found |= {frozenset(pair) for pair in connection.execute(pairs)}
    return frozenset(found)
