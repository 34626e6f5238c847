"""Checks the whole journal, an article at a time, in constant memory, while others work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, bindparam, cast, exists, func, select, text

from annotator.core.decisions import Answer
from annotator.core.journal.journal_problems import Problem, ProblemKind, misplaced
from annotator.core.text.counted import many
from annotator.errors import ArticleDamaged, StoreError
from annotator.store.journal.checked_log import LogChecked, check_log
from annotator.store.journal.checked_review import CheckedReview
from annotator.store.journal.exact_rows import NotAsWritten, from_json
from annotator.store.journal.protection import SHARED_LOGS
from annotator.store.listing.set_aside import DIFFER
from annotator.store.sql import columns as t
from annotator.store.sql.damage import of_article
from annotator.store.sql.database import Database
from annotator.store.sql.row_mapping import ARTICLE_COLUMNS, article_from_row
from annotator.store.values import ADJUDICATION, OpenedReview

Plain = dict[str, Any]
Progress = Callable[[int, int], None]
_AT_ONCE = 200


@dataclass
class CheckedArticle:
    """What was checked of one article: how many entries, reviews and spans, what is wrong, the
    finished reviews, and the heads of the chains of all its reviews."""

    id: str
    entries: int = 0
    reviews: int = 0
    spans: int = 0
    problems: list[Problem] = field(default_factory=list)
    finished: list[OpenedReview] = field(default_factory=list)
    heads: list[Plain] = field(default_factory=list)


class Checks:
    """Checks of the journal of one store."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def articles(self, progress: Progress | None = None) -> Iterator[CheckedArticle]:
        """Each article with its reviews, in the order of arrival; `progress` is called with (done,
        total). Raises StoreError for a role that may not read all of it."""
        self._check_reads_all()
        c, last, done = t.article.c, -1, 0
        with self.database.reading() as connection:
            total = connection.execute(select(func.count()).select_from(t.article)).scalar_one()
        while True:
            wanted = select(c.number).where(c.number > last).order_by(c.number)
            with self.database.reading() as connection:
                page = connection.execute(wanted.limit(_AT_ONCE)).scalars().all()
            if not page:
                return
            last = page[-1]
            for number in page:
                with self._at_one_time() as connection:
                    found = _numbered(connection, number)
                if found is not None:
                    yield found
                done += 1
                if progress is not None:
                    progress(done, max(done, total))

    def logs(self) -> Iterator[LogChecked]:
        """The logs across articles."""
        for log in SHARED_LOGS:
            with self._at_one_time() as connection:
                yield check_log(connection, log)

    def whole(self) -> Iterator[Problem]:
        """Rows without what they belong to, and articles that are gone without a tombstone."""
        for wanted, message in _LOST:
            try:
                with of_article(""), self._at_one_time() as connection:
                    found = connection.execute(wanted.limit(1)).scalar()
            except ArticleDamaged:
                found, message = "", "A row that links others cannot be read."
            if found is not None:
                yield Problem(ProblemKind.CHAIN, message.format(found))
        with self._at_one_time() as connection:
            yield from _gone(connection)

    def _check_reads_all(self) -> None:
        if self.database.is_sqlite:
            return
        with self.database.reading() as connection:
            hides = connection.execute(text("SELECT row_security_active('decision')")).scalar_one()
        if hides:
            raise StoreError(
                "This database role may not read all decisions, so it cannot verify them.",
                hint="Let the owner of the database run it.",
            )

    @contextmanager
    def _at_one_time(self) -> Iterator[Connection]:
        """A transaction in which nothing changes, whatever others do."""
        with self.database.reading() as connection:
            if not self.database.is_sqlite:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield connection


def _numbered(connection: Connection, number: int) -> CheckedArticle | None:
    """What was checked of an article; None if it was purged in the meantime."""
    try:
        with of_article(""):
            wanted = select(t.article.c.id).where(t.article.c.number == number)
            article_id = connection.execute(wanted).scalar()
    except ArticleDamaged:
        told = f"The id of article number {number} cannot be read."
        return CheckedArticle("", problems=[Problem(ProblemKind.OFFSETS, told)])
    return None if article_id is None else _checked(connection, article_id)


def _checked(connection: Connection, article_id: str) -> CheckedArticle | None:
    found = CheckedArticle(article_id)
    try:
        with of_article(article_id):
            words = _text(connection, found)
            rows = connection.execute(_REVIEWS, {"id": article_id}).fetchall()
            counts = connection.execute(_COUNTS, {"id": article_id}).one_or_none()
            if counts is None:
                return None
    except ArticleDamaged as error:
        found.problems.append(Problem(ProblemKind.CHAIN, error.message, article_id))
        return found
    _check_counts(found, counts, rows)
    try:
        with of_article(article_id):
            if words is not None:
                _check_suggestions(connection, found, words)
            for row in rows:
                _check_review(connection, row, words, found)
    except ArticleDamaged as error:
        found.problems.append(Problem(ProblemKind.CHAIN, error.message, article_id))
    return found


def _text(connection: Connection, found: CheckedArticle) -> str | None:
    """The text of an article, None if it cannot be read or is another than its id stands for."""
    try:
        with of_article(found.id):
            row = connection.execute(_ARTICLE, {"id": found.id}).one_or_none()
            return None if row is None else article_from_row(row).text
    except ArticleDamaged as error:
        why = error.__cause__ if isinstance(error.__cause__, ValueError) else "it is damaged"
        told = f"The article cannot be read: {why}."
        found.problems.append(Problem(ProblemKind.OFFSETS, told, found.id))
        return None


def _check_counts(found: CheckedArticle, counts: Any, rows: Sequence[Row[Any]]) -> None:
    own = [row for row in rows if row.kind != ADJUDICATION]
    finished = sum(row.finished_at is not None for row in own)
    for name, kept, there in (
        ("reviews", counts.reviews, len(own)),
        ("finished", counts.finished, finished),
    ):
        if kept != there:
            noun = "finished review" if name == "finished" else "review"
            told = f"The article has {many(there, noun)}; it had {kept:,}."
            found.problems.append(Problem(ProblemKind.FOLD, told, found.id))
    answers = {row.answer for row in own if row.finished_at is not None} or {Answer.ACCEPT.value}
    said = answers.pop() if len(answers) == 1 else DIFFER
    if said != (counts.set_aside or Answer.ACCEPT.value):
        told = f"The finished reviews say {said!r} of the article; it was {counts.set_aside!r}."
        found.problems.append(Problem(ProblemKind.FOLD, told, found.id))


def _check_suggestions(connection: Connection, found: CheckedArticle, words: str) -> None:
    c = t.suggestion_set.c
    wanted = select(cast(c["items"], Text)).where(c.article_id == found.id).order_by(c.id)
    for stored in connection.execute(wanted).scalars():
        try:
            number, wrong = misplaced(from_json(stored), words)
        except NotAsWritten as error:
            number, wrong = 0, f"{error}."
        found.spans += number
        if wrong is not None:
            told = Problem(ProblemKind.OFFSETS, f"The suggestions: {wrong}", found.id)
            found.problems.append(told)
            return


def _check_review(
    connection: Connection, row: Row[Any], words: str | None, found: CheckedArticle
) -> None:
    review = CheckedReview(connection, row, words)
    try:
        with of_article(found.id):
            review.check()
    except ArticleDamaged as error:
        review.problems.append(Problem(ProblemKind.CHAIN, error.message, found.id, row.reviewer))
    found.problems += review.problems
    found.reviews += 1
    found.entries += len(review.decisions)
    found.spans += review.spans
    if review.opened is not None and review.opened.review.finished is not None:
        found.finished.append(review.opened)
    if row.last_seq:
        head = {"article": found.id, "reviewer": row.reviewer, "seq": row.last_seq}
        found.heads.append(head | {"chain": row.chain})


def _gone(connection: Connection) -> Iterator[Problem]:
    number, articles = connection.execute(
        select(func.coalesce(func.max(t.article.c.number), 0), func.count()).select_from(t.article)
    ).one()
    tombstones = connection.execute(select(func.count()).select_from(t.stone)).scalar_one()
    lost = number - articles - tombstones
    if lost > 0:
        told = f"Articles that were taken in are gone without a tombstone: {lost}."
        yield Problem(ProblemKind.CHAIN, told)


_ARTICLE = select(*ARTICLE_COLUMNS).where(t.article.c.id == bindparam("id"))
_a = t.article.c
_COUNTS = select(_a.reviews, _a.finished, _a.set_aside).where(_a.id == bindparam("id"))
_REVIEWS = select(t.review).where(t.review.c.article_id == bindparam("id")).order_by(t.review.c.id)
_r, _d = t.review.c, t.decision.c
_link = t.source_article.c
_LOST: tuple[tuple[Select[Any], str], ...] = (
    (
        select(_d.review_id).where(~exists().where(_r.id == _d.review_id)),
        "There are decisions of a review that is gone (its number was {}).",
    ),
    (
        select(_r.article_id).where(~exists().where(_a.id == _r.article_id)),
        "There is a review of an article that is gone ({:.12}).",
    ),
    (
        select(_link.article_id).where(~exists().where(_a.id == _link.article_id)),
        "There is a file of an article that is gone ({:.12}).",
    ),
)
