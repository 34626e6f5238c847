"""What is damaged in a database costs itself alone, and is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound

from annotator.errors import AnnotatorError, ArticleDamaged, Damaged, StoreError

HOW_DAMAGE_SHOWS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    NoResultFound,
    MultipleResultsFound,
)
"""What reading raises where JSON, text, times or numbers are not what was written, or rows miss."""

_DAMAGE = ("decode to UTF-8", "malformed")
Told = Callable[[ArticleDamaged], None]


@contextmanager
def of_article(article_id: str) -> Iterator[None]:
    """ArticleDamaged where what is stored of an article cannot be read."""
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


def told_or_raised(error: ArticleDamaged, told: Told | None) -> None:
    """Tells of a damaged article where somebody wants to know, and goes on without it."""
    if told is None:
        raise error
    told(error)


def damaged(article_id: str) -> ArticleDamaged:
    return ArticleDamaged(
        f"What is stored of the article {article_id} is damaged.",
        hint="Put a backup of the database in its place; `annotator purge` removes this article.",
    )


def damaged_rows(name: str) -> Damaged:
    """What to say of a database called so where it is not known whose rows are damaged."""
    return Damaged(
        f"Some of what is stored in {name} is damaged.",
        hint="Put a backup in its place; keep the damaged database.",
    )
