"""What all readers of documents have in common: the article made, and a limit on time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotator.core.article import Article, Origin, title_line
from annotator.errors import ReadError, TooSlowError
from annotator.inbox.documents.office_package import AS_TEXT
from annotator.inbox.pages.page_clock import TooLongError, within

MOST_SECONDS = 10
"""Processor time allowed for one document."""


def article_of(
    paragraphs: Sequence[str], name: str, *, title: str | None, author: str | None
) -> Article:
    """The article with these paragraphs, separated by blank lines; raises ReadError without words.

    A document says when it was made and changed, never when its text was published.
    """
    text = "\n\n".join(paragraphs)
    if not any(map(str.isalnum, text)):
        raise ReadError("The document contains no text.", hint=AS_TEXT)
    return Article(text, title=title or title_line(text), origin=Origin(name=name, author=author))


def in_time(work: Callable[[], Article]) -> Article:
    """The result of `work`; raises ReadError if it takes too long or goes too deep."""
    try:
        return within(MOST_SECONDS, work)
    except TooLongError as error:
        raise TooSlowError(
            f"The document was not read within {MOST_SECONDS} seconds of processor time.",
            hint=AS_TEXT,
        ) from error
    except RecursionError as error:
        raise ReadError("The document is nested too deeply.", hint=AS_TEXT) from error
