"""Identities proposed among the newest articles that people have not decided on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection, func, select

from annotator.core.across.identities import propose_identities
from annotator.core.across.identity_log import Identities, form_of, is_form
from annotator.core.across.mentions import Mention, Place, mentions_of
from annotator.core.across.open_identities import OpenIdentity, apart_keys, open_identities
from annotator.core.article import Span
from annotator.store.identities.identity_rows import held
from annotator.store.reviewing.sight import Sight
from annotator.store.sql import columns as t
from annotator.store.sql.damage import Told
from annotator.store.sql.database import Database, chunks
from annotator.store.stories.story_articles import story_articles
from annotator.store.values import Stage

_AT_ONCE = 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ProposedIdentities:
    """Open proposals among the newest articles: how many were read, of how many; `spans` is where
    their mentions stand."""

    proposals: tuple[OpenIdentity, ...]
    read: int
    articles: int
    spans: Mapping[Place, Span] = field(default_factory=dict)

    def places_of(self, one: OpenIdentity) -> list[tuple[str, Span]]:
        """The articles and spans of a proposal's mentions."""
        places = (place for place in one.proposal.mentions if place in self.spans)
        return [(place[0], self.spans[place]) for place in places]


@dataclass(frozen=True, slots=True)
class ProposalsWanted:
    """Whose view of the articles is meant, and how many of the newest are read; `progress` is
    called with (done, total), `damaged` for unreadable articles, which are left out; the store
    fills in its `sight`."""

    reviewer: str
    newest: int
    progress: Progress | None = None
    damaged: Told | None = None
    sight: Sight = field(default_factory=Sight)


def proposed_identities(database: Database, wanted: ProposalsWanted) -> ProposedIdentities:
    """Open proposals among the newest articles, those with evidence first, then by frequency."""
    c = t.article.c
    ready = c.stage == Stage.READY.value
    with database.reading() as connection:
        newest = select(c.id).where(ready).order_by(c.number.desc()).limit(wanted.newest)
        ids = connection.execute(newest).scalars().all()
        count = select(func.count()).select_from(t.article).where(ready)
        articles = connection.execute(count).scalar_one()
    mentions: list[Mention] = []
    for place, some in enumerate(chunks(ids, _AT_ONCE)):
        mentions += _mentions(database, some, wanted)
        if wanted.progress is not None:
            wanted.progress(min(len(ids), (place + 1) * _AT_ONCE), len(ids))
    with database.reading() as connection:
        tied = tied_forms(connection, {form_of(one.text, one.label) for one in mentions} - {""})
        apart = _apart(connection)
    found = propose_identities(mentions, different=apart)
    opened = open_identities(found, tied)
    own = {place for one in opened for place in one.proposal.mentions}
    spans = {one.place: Span(one.start, one.start + len(one.text)) for one in mentions}
    kept = {place: spans[place] for place in own}
    return ProposedIdentities(opened, len(ids), int(articles), kept)


def tied_forms(connection: Connection, forms: Iterable[str]) -> dict[str, frozenset[str]]:
    """The standing identities that each form names: tied to it by people, or called so."""
    found: dict[str, set[str]] = defaultdict(set)
    for form, id in _named(connection, "form", forms):
        found[form].add(id)
    now = held(connection, {id for ids in found.values() for id in ids})
    standing = {form: _standing(now, form, ids) for form, ids in found.items()}
    return {form: ids for form, ids in standing.items() if ids}


def _standing(now: Identities, form: str, ids: Iterable[str]) -> frozenset[str]:
    return frozenset(there for id in ids if (there := now.now(id, form)) in now.named)


def _mentions(database: Database, ids: Sequence[str], wanted: ProposalsWanted) -> list[Mention]:
    with database.reading() as connection:
        read = [*story_articles(connection, ids, wanted.reviewer, wanted.damaged, wanted.sight)]
    return [
        mention
        for one in read
        for mention in mentions_of(one.id, one.shown.article.text, one.shown.entities)
    ]


def _apart(connection: Connection) -> frozenset[tuple[str, str]]:
    """The pairs of keys that were said to differ."""
    a = t.identity_apart.c
    said = [frozenset(pair) for pair in map(tuple, connection.execute(select(a.one, a.other)))]
    now = held(connection, {one for pair in said for one in pair})
    current = [frozenset(now.now(one) for one in pair) for pair in said]
    ids = {one for pair in current for one in pair if not is_form(one)}
    return apart_keys(current, _forms_of(connection, ids))


def _forms_of(connection: Connection, ids: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for form, id in _named(connection, "identity", ids):
        found[id].add(form)
    return found


def _named(
    connection: Connection, by: Literal["form", "identity"], values: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Forms with an identity that they name: tied to it, or its name; by one of the two."""
    m, f, i = t.identity_mention.c, t.identity_form.c, t.identity.c
    for some in chunks(sorted(values)):
        for form, id in ((m.form, m.identity), (f.form, f.identity), (i.form, i.id)):
            wanted = select(form, id).where((form if by == "form" else id).in_(some)).distinct()
            yield from ((row[0], row[1]) for row in connection.execute(wanted))
