"""Damaged data affects only its own article, which is named in the error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound

from annotator.errors import AnnotatorError, ArticleDamaged, Damaged, StoreError
from annotator.store.sql import columns as t

HOW_DAMAGE_SHOWS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    NoResultFound,
    MultipleResultsFound,
)
"""Errors raised when stored JSON, text, times or numbers are damaged, or rows are missing."""

_DAMAGE = ("decode to UTF-8", "malformed")
Told = Callable[[ArticleDamaged], None]


@contextmanager
def of_article(article_id: str) -> Iterator[None]:
    """Raises ArticleDamaged if the stored data of an article cannot be read."""
    try:
        yield
    except Damaged as error:
        raise error if isinstance(error, ArticleDamaged) else damaged(article_id) from error
    except StoreError:
        raise
    except DBAPIError as error:
        if not any(words in str(error.orig) for words in _DAMAGE):
            raise
        raise damaged(article_id) from error
    except (*HOW_DAMAGE_SHOWS, AnnotatorError) as error:
        raise damaged(article_id) from error


def readable(connection: Connection, article_id: str, column: ColumnElement[Any]) -> Any:
    """A column of an article; None if it is damaged."""
    with suppress(ArticleDamaged), of_article(article_id):
        return connection.execute(select(column).where(t.article.c.id == article_id)).scalar_one()
    return None


def told_or_raised(error: ArticleDamaged, told: Told | None) -> None:
    """Report a damaged article to the callback and continue, or raise without one."""
    if told is None:
        raise error
    told(error)


def damaged(article_id: str) -> ArticleDamaged:
    return ArticleDamaged(
        f"The stored data of article {article_id} is damaged.",
        hint="Restore a backup of the database, or remove this article with `annotator purge`.",
    )


def damaged_rows(name: str) -> Damaged:
    """The error for damaged rows of an unknown article."""
    return Damaged(
        f"Some data in {name} is damaged.",
        hint="Restore a backup, and keep the damaged database.",
    )
