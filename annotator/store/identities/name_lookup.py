"""Which identities the names in an article may name: candidates by index, and who tied what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from annotator.core.across.identity_candidates import IdentitiesAround, KnownIdentity
from annotator.core.across.identity_log import Identities, Identity, is_form, key_in
from annotator.core.across.postings import LONGEST
from annotator.store.identities.identity_caches import keys_of_form
from annotator.store.identities.identity_rows import held
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks


@dataclass
class _TiedForms:
    """Forms by the ids that they were tied to, with the reviewer and the time (None: by the log
    of identities)."""

    tied: dict[tuple[str, str], tuple[str, datetime | None]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)


def identities_around(
    connection: Connection, article_id: str, forms: Iterable[str], ids: Iterable[str]
) -> IdentitiesAround:
    """The identities that names of these forms may name, and those with these ids.

    Ties in reviews of the same article do not count, so that reviews are independent.
    """
    own, tied_to = frozenset(forms) - {""}, frozenset(ids)
    alike = _alike(connection, own) | own
    names = _names(connection, article_id, alike)
    now = held(connection, names.ids | tied_to | own)
    listed = _listed(connection, own)
    return IdentitiesAround(
        _known(now, names, listed),
        {id: now.named[there] for id in tied_to if (there := now.now(id)) in now.named},
    )


def _alike(connection: Connection, forms: Iterable[str]) -> frozenset[str]:
    """The indexed forms that share a key with one of these, if not too many share it."""
    c = t.name_key.c
    found: set[str] = set()
    keys = frozenset[int]().union(*map(keys_of_form, forms))
    for some in chunks(sorted(keys)):
        counts = select(c.key).where(c.key.in_(some)).group_by(c.key)
        few = connection.execute(counts.having(func.count() <= LONGEST)).scalars().all()
        if few:
            wanted = select(c.form).where(c.key.in_(few)).distinct()
            found |= {*connection.execute(wanted).scalars()}
    return frozenset(found)


def _names(connection: Connection, article_id: str, forms: Iterable[str]) -> _TiedForms:
    m, f, i, r = t.identity_mention.c, t.identity_form.c, t.identity.c, t.review.c
    here = select(r.id).where(r.article_id == article_id)
    names = _TiedForms()
    for some in chunks(sorted(forms)):
        names.ids |= {*connection.execute(select(i.id).where(i.form.in_(some))).scalars()}
        said = select(f.form, f.identity, f.reviewer).where(f.form.in_(some))
        for form, id, reviewer in connection.execute(said):
            names.tied[id, form] = (reviewer, None)
        tied = (
            select(m.form, m.identity, func.min(m.reviewer), func.max(m.at))
            .where(m.form.in_(some), m.review_id.not_in(here))
            .group_by(m.form, m.identity)
        )
        for form, id, reviewer, at in connection.execute(tied):
            names.tied.setdefault((id, form), (reviewer, at))
    names.ids |= {id for id, _ in names.tied}
    return names


def _known(
    now: Identities, names: _TiedForms, listed: Mapping[str, tuple[Identity, frozenset[str]]]
) -> tuple[KnownIdentity, ...]:
    tied: dict[str, dict[str, str]] = defaultdict(dict)
    for (id, form), (reviewer, at) in names.tied.items():
        there = now.now(id) if at is None else now.now(id, form, since=at)
        tied[there][form] = reviewer
    standing = {now.now(id) for id in names.ids} | tied.keys()
    ids = sorted((standing & now.named.keys()) | listed.keys())
    apart = _apart_from(now)
    return tuple(
        KnownIdentity(
            now.named.get(id) or listed[id][0],
            tied.get(id, {}),
            frozenset(apart.get(id, ())),
            listed[id][1] if id in listed else frozenset(),
            stands=id in now.named,
        )
        for id in ids
    )


def _apart_from(now: Identities) -> dict[str, set[str]]:
    """The forms that each identity was said not to be."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair in now.apart:
        forms = {one for one in pair if is_form(one)}
        for id in pair - forms:
            found[now.now(id)] |= forms
    return found


def _listed(
    connection: Connection, forms: Iterable[str]
) -> dict[str, tuple[Identity, frozenset[str]]]:
    """Who has one of these names in an alias file, with the names."""
    c = t.listed_alias.c
    labels: dict[str, str] = {}
    found: dict[str, tuple[Identity, frozenset[str]]] = {}
    for form in forms:
        labels[key_in(form)] = form
    for some in chunks(sorted(labels)):
        for row in connection.execute(select(t.listed_alias).where(c.key.in_(some))):
            identity = Identity(row.identity, row.name, row.type or "", row.link)
            before = found.get(row.identity, (identity, frozenset[str]()))[1]
            found[row.identity] = (identity, before | {row.key})
    return found
