"""Stores files and their articles, one transaction for each batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, exists, func, select, update

from annotator.core.arrival import Arrival, Rejection
from annotator.core.article import Article
from annotator.core.text.shingles import may_be_later
from annotator.store.linking.revisions import (
    NewestByPage,
    common_lines,
    in_work,
    let_go,
    places_of,
    put_after,
    shared_pages,
    without_lines,
)
from annotator.store.searching.text_index import index_texts
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks
from annotator.store.sql.row_mapping import article_to_row, joined_origins, page_of_article
from annotator.store.tombstones import HINT, why_purged
from annotator.store.values import Stage, TakenIn

Plain = dict[str, Any]
IsGone = Callable[[str], bool]
_LONGEST_PART = 60
_OF_A_FILE = ("inode", "size", "mtime_ns", "ctime_ns", "retry", "at", "reason", "hint")


def store_arrivals(
    database: Database,
    connection: Connection,
    arrivals: Sequence[Arrival],
    is_gone: IsGone | None = None,
) -> TakenIn:
    """The transaction of `Files.take_in`."""
    return _Batch(database, connection, is_gone or _never).take_in(arrivals)


class _Batch:
    """One batch of arrivals within its transaction."""

    def __init__(self, database: Database, connection: Connection, is_gone: IsGone) -> None:
        self.database, self.connection, self.is_gone = database, connection, is_gone
        self.known: dict[str, Plain] = {}
        self.new: dict[str, Plain] = {}
        self.changed: set[str] = set()
        self.replaced: dict[str, Arrival] = {}
        self.turned: dict[str, Arrival] = {}
        self.revived: set[str] = set()
        self.returned: dict[str, str] = {}

    def take_in(self, arrivals: Sequence[Arrival]) -> TakenIn:
        arrivals = self._without_purged(arrivals)
        self._put_sources(arrivals)
        articles = [article for arrival in arrivals for article in arrival.articles]
        self._read_known(article.id for article in articles)
        self.pages = NewestByPage(self.connection, map(page_of_article, articles))
        links = self._read_links(arrival for arrival in arrivals if arrival.articles)
        number = self.connection.execute(select(func.max(t.article.c.number))).scalar() or 0
        known = rejected = 0
        touched: set[str] = set()
        in_pieces: set[str] = set()
        for arrival in arrivals:
            shared = shared_pages(arrival.articles)
            before = links[arrival.path] if arrival.articles else {}
            for article in arrival.articles:
                if self._add(article, arrival, number + len(self.new) + 1, before):
                    self._turn_page(self.new[article.id], arrival, shared)
                else:
                    known += 1
            rejected += arrival.rejection is not None
            if arrival.articles:
                links[arrival.path] = self._relink(arrival, links[arrival.path])
                touched.add(arrival.path)
            if not arrival.is_whole:
                in_pieces.add(arrival.path)
        self._place()
        self._write_articles()
        self._write_links({path: links[path] for path in touched}, whole=touched - in_pieces)
        self._supersede()
        return TakenIn(len(self.new), known, rejected, tuple(self.new))

    def _without_purged(self, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        """The arrivals without purged articles, with the reason added."""
        ids = (article.id for arrival in arrivals for article in arrival.articles)
        purged = why_purged(self.connection, ids)
        return [_without(arrival, purged) for arrival in arrivals] if purged else arrivals

    def _put_sources(self, arrivals: Sequence[Arrival]) -> None:
        put = self.database.insert(t.source)
        new = {name: put.excluded[name] for name in _OF_A_FILE}
        # Keep the reason of earlier pieces of the file.
        also = new | {
            name: func.coalesce(put.excluded[name], t.source.c[name]) for name in ("reason", "hint")
        }
        for values, some in (
            (new, [arrival for arrival in arrivals if not arrival.piece]),
            (also, [arrival for arrival in arrivals if arrival.piece]),
        ):
            if some:
                on_path = put.on_conflict_do_update(index_elements=["path"], set_=values)
                self.connection.execute(on_path, [_source_row(arrival) for arrival in some])

    def _read_known(self, ids: Iterable[str]) -> None:
        c = t.article.c
        for some in chunks(dict.fromkeys(ids)):
            rows = self.connection.execute(
                select(c.id, c.stage, c.origin, c.also_from, c.url)
                .where(c.id.in_(some))
                .order_by(c.id)
                .with_for_update()
            )
            for row in rows:
                self.known[row.id] = dict(row._mapping)

    def _read_links(self, arrivals: Iterable[Arrival]) -> dict[str, dict[str, str]]:
        """For each path, the article of each part; for a piece, only its own parts."""
        c = t.source_article.c
        links: dict[str, dict[str, str]] = defaultdict(dict)
        query = select(c.path, c.part, c.article_id)
        wanted = []
        whole = []
        for arrival in arrivals:
            if arrival.is_whole:
                whole.append(arrival.path)
            else:
                parts = chunks(_parts(arrival))
                wanted += [query.where(c.path == arrival.path, c.part.in_(some)) for some in parts]
        wanted += [query.where(c.path.in_(some)) for some in chunks(dict.fromkeys(whole))]
        for one in wanted:
            for path, part, article_id in self.connection.execute(one):
                links[path][part] = article_id
        return links

    def _add(
        self, article: Article, arrival: Arrival, number: int, before: Mapping[str, str]
    ) -> bool:
        """Store an article and return whether it is new; a known one gains the origin and returns
        to the queue."""
        row = self.known.get(article.id)
        if row is None:
            row = article_to_row(article) | {
                "number": number,
                "place": number,
                "stage": Stage.WAITING.value,
                "received": arrival.at,
                "supersedes": None,
            }
            self.known[article.id] = self.new[article.id] = row
            return True
        further = joined_origins(row, article)
        if len(further) > len(row["also_from"]):
            row["also_from"] = further
            row["url"] = row["url"] or page_of_article(article)
            self.changed.add(article.id)
        if row["stage"] == Stage.SUPERSEDED.value and not self._is_old_news(row, before):
            self.revived.add(article.id)
        return False

    def _is_old_news(self, row: Plain, before: Mapping[str, str]) -> bool:
        """Whether a repeated text is an earlier state of its page.

        It is if the file held it before or is new; a file that held another text was reverted.
        """
        newest = self.pages.newest(row["url"])
        if newest is None or newest == row["id"]:
            return False
        return not before or row["id"] in before.values()

    def _turn_page(self, row: Plain, arrival: Arrival, shared: Collection[str | None]) -> None:
        """Record which article the new one replaces on its page."""
        if row["url"] in shared:
            row["url"] = None
        old = self.pages.newest(row["url"])
        if old is not None:
            row["supersedes"] = old
            self.turned[old] = arrival
        self.pages.put(row["url"], row["id"])

    def _place(self) -> None:
        """Give revisions the queue position of the text that they replace."""
        olds = {row["supersedes"] for row in self.new.values() if row["supersedes"]}
        places = dict(places_of(self.connection, olds - self.new.keys()))
        for article_id, row in self.new.items():
            if row["supersedes"] is not None:
                row["place"] = places[row["supersedes"]]
            places[article_id] = row["place"]

    def _relink(self, arrival: Arrival, before: dict[str, str]) -> dict[str, str]:
        """The article of each part of the file now; records replacements."""
        now = _parts(arrival)
        still = set(now.values())
        turned = [
            (article_id, before[part])
            for part, article_id in now.items()
            if part in before and before[part] not in still
        ]
        if any((*before, *now)) or len(now) > 1:
            # In a list, a part usually changes to another article, not to a revision.
            turned = self._alike(turned, common_lines(arrival.articles))
        pages = self._pages_of(old for _, old in turned)
        for article_id, old in turned:
            # A file may hold another page now, whose article is not a revision.
            if pages[old] and self.known[article_id]["url"] not in (None, pages[old]):
                continue
            self.replaced[old] = arrival
            if article_id in self.revived:
                self.returned[article_id] = old
            if article_id in self.new and self.new[article_id]["supersedes"] is None:
                self.new[article_id]["supersedes"] = old
        return now if arrival.is_whole else before | now

    def _alike(
        self, turned: Iterable[tuple[str, str]], common: Collection[str]
    ) -> list[tuple[str, str]]:
        """The pairs (now, before) that can be revisions of one article, ignoring lines shared with
        other articles."""
        found = []
        for pair in turned:
            now, before = map(self._text_of, pair)
            own = without_lines(before, common), without_lines(now, common)
            if may_be_later(before, now) and may_be_later(*own):
                found.append(pair)
        return found

    def _text_of(self, article_id: str) -> str:
        if article_id in self.new:
            return str(self.new[article_id]["text"])
        c = t.article.c
        query = select(c.text).where(c.id == article_id)
        return str(self.connection.execute(query).scalar_one())

    def _pages_of(self, ids: Iterable[str]) -> dict[str, str | None]:
        """The page of each article, if any."""
        c = t.article.c
        pages: dict[str, str | None] = {}
        for some in chunks(dict.fromkeys(ids)):
            rows = self.connection.execute(select(c.id, c.url).where(c.id.in_(some)))
            pages |= dict(rows.all())
            pages |= {one: self.known[one]["url"] for one in some if one in self.known}
        return pages

    def _write_articles(self) -> None:
        if self.new:
            put = self.database.insert(t.article).on_conflict_do_nothing()
            self.connection.execute(put, list(self.new.values()))
            index_texts(self.connection, self.new.values())
        for article_id in sorted((self.changed | self.revived) - set(self.new)):
            row = self.known[article_id]
            changes: Plain = {"also_from": row["also_from"], "url": row["url"]}
            if article_id in self.revived:
                has_set = exists().where(t.suggestion_set.c.article_id == article_id)
                ready = self.connection.execute(select(has_set)).scalar()
                changes["stage"] = (Stage.READY if ready else Stage.WAITING).value
            self.connection.execute(
                update(t.article).where(t.article.c.id == article_id).values(changes)
            )
        for article_id, last in self.returned.items():
            put_after(self.connection, article_id, last)

    def _write_links(self, links: dict[str, dict[str, str]], *, whole: Iterable[str]) -> None:
        """Store which articles the files hold now: complete files replace all parts, pieces only
        their own."""
        for paths in chunks(whole):
            self.connection.execute(
                delete(t.source_article).where(t.source_article.c.path.in_(paths))
            )
        rows = [
            {"path": path, "part": part, "article_id": article_id}
            for path, parts in links.items()
            for part, article_id in parts.items()
        ]
        if rows:
            put = self.database.insert(t.source_article)
            put = put.on_conflict_do_update(
                index_elements=["path", "part"], set_={"article_id": put.excluded.article_id}
            )
            self.connection.execute(put, rows)

    def _supersede(self) -> None:
        """Remove replaced articles from the queue unless a file holds them or somebody works on
        them."""
        c, links, review = t.article.c, t.source_article.c, t.review.c
        gone = update(t.article).values(
            stage=Stage.SUPERSEDED.value, leased_by=None, leased_until=None
        )
        held = exists().where(links.article_id == c.id)
        let_go(self.connection, self.replaced, self.is_gone)
        for old, arrival in (self.replaced | self.turned).items():
            free = ~in_work(c, review, arrival.at)
            # A changed file does not affect other pages; a changed page does not depend on files.
            self.connection.execute(
                gone.where(c.id == old, free if old in self.turned else free & ~held)
            )


def _never(path: str) -> bool:  # noqa: ARG001
    """Default: assume that every file still exists."""
    return False


def _without(arrival: Arrival, purged: Mapping[str, str]) -> Arrival:
    gone = [one for one in arrival.articles if one.id in purged]
    if not gone:
        return arrival
    rest = tuple(one for one in arrival.articles if one.id not in purged)
    parts = [one.origin.part for one in gone if one.origin.part]
    rejection = arrival.rejection or Rejection(_with_parts(purged[gone[0].id], parts), HINT)
    return replace(arrival, articles=rest, rejection=rejection)


def _with_parts(reason: str, parts: Sequence[str]) -> str:
    """The reason, with the first of the parts of a file that it concerns."""
    if not parts:
        return reason
    more = f" and {len(parts) - 1:,} more" * (len(parts) > 1)
    return f"{reason.removesuffix('.')}: {parts[0][-_LONGEST_PART:]}{more}."


def _source_row(arrival: Arrival) -> Plain:
    return {
        "path": arrival.path,
        **arrival.state._asdict(),
        "inode": _signed(arrival.state.inode),
        "retry": arrival.retry or arrival.more,
        "at": arrival.at,
        "reason": arrival.rejection.reason if arrival.rejection else None,
        "hint": arrival.rejection.hint if arrival.rejection else None,
    }


def _parts(arrival: Arrival) -> dict[str, str]:
    """The article id of each part of the file; the part is empty for a single article."""
    return {
        article.origin.part or (str(n) if n else ""): article.id
        for n, article in enumerate(arrival.articles)
    }


def _signed(number: int) -> int:
    """Inode numbers are unsigned, integers of databases signed."""
    return number - 2**64 if number >= 2**63 else number


def unsigned(number: int) -> int:
    return number + 2**64 if number < 0 else number
