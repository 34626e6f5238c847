"""Identities for screens and verbs: decided on, listed, with their mentions in context."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Row, delete, exists, select, tuple_

from annotator.core.across.identity_candidates import IdentitiesAround
from annotator.core.across.identity_changes import (
    IdentityChange,
    IdentityPress,
    restore,
    to_identity_decisions,
    withdraw,
)
from annotator.core.across.identity_log import (
    Identities,
    Identity,
    IdentityDecision,
    follow,
    form_of,
)
from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.search.sought import HitInContext, SearchHit, in_context
from annotator.errors import StoreError
from annotator.store.identities.identity_rows import (
    held,
    identity_from_row,
    leading_to,
    named_now,
    redirects_from,
)
from annotator.store.identities.identity_writing import (
    decisions_of,
    press_of,
    write_identity_decisions,
)
from annotator.store.identities.name_lookup import identities_around
from annotator.store.identities.touched import touched_after
from annotator.store.reviewing.sight import Sight
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks

if TYPE_CHECKING:
    from annotator.store.identities.open_proposals import ProposalsWanted, ProposedIdentities

_PAGE = 200
_IN_ONE = 400
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ListedIdentity:
    """An identity with how its mentions are written (form as in the text of none: as it is
    compared, with counts), their number, and that of the articles."""

    identity: Identity
    forms: tuple[tuple[str, int], ...]
    mentions: int
    articles: int


@dataclass(frozen=True, slots=True)
class MentionedIn:
    """A mention of an identity in an article, in its context."""

    article: str
    name: str
    label: str
    reviewers: tuple[str, ...]
    hit: HitInContext


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a mention stands."""

    article: str
    start: int
    end: int


class IdentityStore:
    """The log of identities, and what holds by it."""

    def __init__(self, database: Database, sight: Sight) -> None:
        self.database, self.sight = database, sight

    # Decisions

    def append(self, decisions: Sequence[IdentityDecision]) -> None:
        """Append the decisions of one key press; they are durable when this returns.

        A repeated decision is ignored. Raises ReviewError if they do not fit what holds; then
        nothing is stored.
        """
        if decisions:
            with self.database.writing() as connection:
                write_identity_decisions(connection, decisions)

    def decide(
        self, changes: Sequence[IdentityChange], press: IdentityPress, new_id: Callable[[], str]
    ) -> tuple[IdentityDecision, ...]:
        """Append changes as the decisions of one key press; returns these."""
        made = to_identity_decisions(changes, press, ids=(new_id() for _ in changes))
        self.append(made)
        return made

    def undo(self, press: IdentityPress, new_id: Callable[[], str]) -> tuple[IdentityDecision, ...]:
        """Withdraw the last standing decisions of a reviewer; returns them, none if there are
        none."""
        return self._take_back(press, new_id, again=False)

    def redo(self, press: IdentityPress, new_id: Callable[[], str]) -> tuple[IdentityDecision, ...]:
        """Restore the decisions of a reviewer withdrawn last; returns them."""
        return self._take_back(press, new_id, again=True)

    def _take_back(
        self, press: IdentityPress, new_id: Callable[[], str], *, again: bool
    ) -> tuple[IdentityDecision, ...]:
        with self.database.writing() as connection:
            last = press_of(connection, press.reviewer, withdrawn=again)
            if last is None:
                return ()
            change = restore(last.group) if again else withdraw(last.group)
            made = to_identity_decisions([change], press, ids=[new_id()])
            write_identity_decisions(connection, made)
            return decisions_of(connection, last.group)

    # What holds

    def held(self, operands: Iterable[str]) -> Identities:
        """What holds of these ids and forms."""
        with self.database.reading() as connection:
            return held(connection, operands)

    def around(self, article_id: str, text: str, entities: Iterable[Entity]) -> IdentitiesAround:
        """What is known of the names in an article."""
        names = tuple(entities)
        forms = {form_of(one.span.of(text), one.label) for one in names}
        with self.database.reading() as connection:
            ids = {one.identity for one in names if one.identity}
            return identities_around(connection, article_id, forms, ids)

    def apart(self) -> frozenset[frozenset[str]]:
        """All pairs of forms and identities that were said to differ."""
        c = t.identity_apart.c
        with self.database.reading() as connection:
            rows = connection.execute(select(c.one, c.other))
            return frozenset(frozenset(pair) for pair in map(tuple, rows))

    def reviews_touched(self, since: int) -> tuple[frozenset[tuple[str, str]], int]:
        """The reviews (article id, reviewer) with mentions of identities that decisions numbered
        above `since` changed, and the number of the newest decision."""
        with self.database.reading() as connection:
            return touched_after(connection, since)

    def page(
        self, after: Identity | None = None, *, limit: int = _PAGE
    ) -> tuple[ListedIdentity, ...]:
        """The standing identities that follow `after` by name, so many."""
        with self.database.reading() as connection:
            return self._page(connection, after, limit)

    def all(self) -> Iterator[ListedIdentity]:
        """All standing identities by name, read page by page."""
        last: Identity | None = None
        while True:
            found = self.page(last)
            yield from found
            if len(found) < _PAGE:
                return
            last = found[-1].identity

    def one(self, id: str) -> ListedIdentity | None:
        """The identity that this id is now; None if there is none."""
        with self.database.reading() as connection:
            now = held(connection, [id])
            identity = now.named.get(now.now(id))
            return None if identity is None else next(iter(_listed(connection, [identity])))

    def called(self, prefix: str) -> Identity:
        """The standing identity with this id or unique prefix of one; raises StoreError."""
        c = t.identity.c
        with self.database.reading() as connection:
            wanted = select(c.id).where(c.id.startswith(prefix, autoescape=True)).limit(_PAGE)
            found = connection.execute(wanted).scalars().all()
            ids = [prefix] if prefix in found else found
            now = held(connection, ids)
        standing = {now.now(id) for id in ids}
        if len(standing) == 1:
            return now.named[standing.pop()]
        why = "Several identities have ids that begin with" if found else "No identity has the id"
        hint = "`annotator identities` lists identities with their ids."
        raise StoreError(f"{why} {prefix!r:.80}.", hint=hint)

    def mentions(self, id: str, *, limit: int | None = 500) -> tuple[MentionedIn, ...]:
        """So many mentions of the identity with this id in context, the newest article first; all
        without a limit."""
        with self.database.reading() as connection:
            rows = self._seen(connection, _mentions(connection, [id]).get(id, []))
            by_article: dict[str, list[Row[Any]]] = defaultdict(list)
            for row in sorted(rows, key=lambda row: (-row.number, row.start, row.end)):
                by_article[row.article_id].append(row)
            return tuple(_in_context(connection, by_article, limit))

    def _seen(self, connection: Connection, rows: list[Row[Any]]) -> list[Row[Any]]:
        """The mentions that the viewer may see."""
        viewer = self.sight.viewer
        if viewer is None:
            return rows
        hidden = self.sight.hidden(connection, {row.article_id for row in rows})
        return [
            row for row in rows if row.article_id not in hidden or row.reviewer == viewer.reviewer
        ]

    def _page(
        self, connection: Connection, after: Identity | None, limit: int
    ) -> tuple[ListedIdentity, ...]:
        c, r = t.identity.c, t.identity_redirect.c
        other = t.identity.alias("other").c
        merged = exists().where(r.source == c.id, r.form == "", other.id == r.to)
        wanted = select(t.identity).where(~merged).order_by(c.sort, c.id).limit(limit)
        if after is not None:
            wanted = wanted.where(tuple_(c.sort, c.id) > tuple_(after.name.casefold(), after.id))
        found = [identity_from_row(row) for row in connection.execute(wanted)]
        return _listed(connection, found)

    def in_context(self, places: Iterable[tuple[str, Span]], label: str) -> tuple[MentionedIn, ...]:
        """Spans of articles in context, in their order; purged articles are left out."""
        spans: dict[str, list[Span]] = defaultdict(list)
        for article, span in places:
            spans[article].append(span)
        with self.database.reading() as connection:
            return tuple(_spans_in_context(connection, spans, label))

    def proposed(self, wanted: ProposalsWanted) -> ProposedIdentities:
        """Identities proposed among the newest articles that people have not decided on."""
        # Imported here, so that the screens start without the lists of names.
        from annotator.store.identities.open_proposals import proposed_identities

        return proposed_identities(self.database, replace(wanted, sight=self.sight))

    # Alias files

    def add_aliases(self, rows: Iterable[tuple[str, Identity]]) -> int:
        """Add names of an alias file, each with its key and its owner; returns how many are new."""
        c, added = t.listed_alias.c, 0
        for some in _batches(rows):
            own = {(key, identity.id): _alias_to_row(key, identity) for key, identity in some}
            with self.database.writing() as connection:
                known = select(c.key, c.identity).where(tuple_(c.key, c.identity).in_([*own]))
                for pair in map(tuple, connection.execute(known).fetchall()):
                    own.pop(pair)
                if own:
                    put = self.database.insert(t.listed_alias).on_conflict_do_nothing()
                    connection.execute(put, [*own.values()])
            added += len(own)
        return added

    def remove_aliases(self, rows: Iterable[tuple[str, Identity]]) -> int:
        """Remove names of an alias file; returns how many there were."""
        c, removed = t.listed_alias.c, 0
        for some in _batches(rows):
            pairs = [(key, identity.id) for key, identity in some]
            here = tuple_(c.key, c.identity).in_(pairs)
            with self.database.writing() as connection:
                removed += int(connection.execute(delete(t.listed_alias).where(here)).rowcount)
        return removed


def _batches(rows: Iterable[_T]) -> Iterator[list[_T]]:
    """`rows` in batches of one transaction each, so that they need not all be in memory."""
    left = iter(rows)
    while some := list(islice(left, _IN_ONE)):
        yield some


def _alias_to_row(key: str, identity: Identity) -> dict[str, Any]:
    return {
        "key": key,
        "identity": identity.id,
        "name": identity.name,
        "type": identity.type or None,
        "link": identity.link,
    }


def _listed(connection: Connection, identities: Sequence[Identity]) -> tuple[ListedIdentity, ...]:
    found = _mentions(connection, [one.id for one in identities])
    said = _said_forms(connection, [one.id for one in identities])
    listed = []
    for one in identities:
        places: dict[_Place, str] = {
            _Place(row.article_id, row.start, row.end): row.form for row in found.get(one.id, ())
        }
        counts = dict.fromkeys(sorted(said.get(one.id, ())), 0)
        for form in places.values():
            counts[form] = counts.get(form, 0) + 1
        forms = tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        articles = len({place.article for place in places})
        listed.append(ListedIdentity(one, forms, len(places), articles))
    return tuple(listed)


def _said_forms(connection: Connection, ids: Sequence[str]) -> dict[str, set[str]]:
    """The forms that the log of identities ties to each id, also by way of merged ones."""
    every = leading_to(connection, ids)
    now = redirects_from(connection, every)
    c = t.identity_form.c
    forms: dict[str, set[str]] = defaultdict(set)
    for some in chunks(sorted(every)):
        for form, id in connection.execute(select(c.form, c.identity).where(c.identity.in_(some))):
            forms[follow(now, id, "", since=None)].add(form)
    return forms


def _mentions(connection: Connection, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """The mentions of each of these identities, also under ids that are it now."""
    every = leading_to(connection, ids)
    redirects = redirects_from(connection, every)
    reached = {one.to for own in redirects.values() for one in own}
    named = named_now(connection, reached)
    effective = {id: tuple(one for one in own if one.to in named) for id, own in redirects.items()}
    m, r, a = t.identity_mention.c, t.review.c, t.article.c
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for some in chunks(sorted(every)):
        wanted = (
            select(t.identity_mention, r.article_id, a.number)
            .join(t.review, r.id == m.review_id)
            .join(t.article, a.id == r.article_id)
            .where(m.identity.in_(some))
        )
        for row in connection.execute(wanted):
            found[follow(effective, row.identity, row.form, since=row.at)].append(row)
    return found


def _spans_in_context(
    connection: Connection, spans: Mapping[str, Sequence[Span]], label: str
) -> Iterator[MentionedIn]:
    a = t.article.c
    for some in chunks(spans, 20):
        texts = select(a.id, a.title, a.origin, a.text).where(a.id.in_(some))
        for row in connection.execute(texts).fetchall():
            hits = [SearchHit(span) for span in sorted(set(spans[row.id]))]
            for hit in in_context(row.text, hits):
                yield MentionedIn(row.id, _name_of(row), label, (), hit)


def _name_of(row: Row[*tuple[Any, ...]]) -> str:
    return str(row.title or row.origin.get("name") or row.id[:12])


def _in_context(
    connection: Connection, by_article: dict[str, list[Row[Any]]], limit: int | None
) -> Iterator[MentionedIn]:
    a = t.article.c
    count = 0
    for some in chunks(by_article, 20):
        texts = select(a.id, a.title, a.origin, a.text).where(a.id.in_(some))
        read = {row.id: row for row in connection.execute(texts)}
        for id in some:
            for one in _hits(read[id], by_article[id]):
                yield one
                count += 1
                if count == limit:
                    return


def _hits(article: Row[*tuple[Any, ...]], rows: Sequence[Row[Any]]) -> Iterator[MentionedIn]:
    places: dict[Span, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        places[Span(row.start, row.end)].append(row)
    name = _name_of(article)
    spans = sorted(places)
    hits = in_context(article.text, [SearchHit(span) for span in spans])
    for span, hit in zip(spans, hits, strict=True):
        own = places[span]
        who = tuple(sorted({row.reviewer for row in own}))
        yield MentionedIn(article.id, name, own[0].label, who, hit)
