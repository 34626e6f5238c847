"""From a file's bytes to its articles: one reader for each suffix, found by entry points.

A reader is registered in the group `annotator.readers` under its suffix without the dot. It takes
the bytes, the file's name and the workspace's fallback encodings, and gives articles; whatever it
cannot read it refuses with ReadError.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import PurePath
from typing import Protocol

from annotator.core.article import Article, Origin, title_line
from annotator.errors import ReadError
from annotator.inbox.decoding import checked, refuse_documents, text_of

GROUP = "annotator.readers"

_log = logging.getLogger(__name__)


class Reader(Protocol):
    def __call__(
        self, raw: bytes, name: str, *, encodings: Sequence[str] = ()
    ) -> Iterable[Article]: ...


def read_text(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> tuple[Article, ...]:
    """The one article of a `.txt` or `.md` file: its text as it stands, its title line in it."""
    text = text_of(raw, name, encodings=encodings)
    return (Article(text, title=title_line(text), origin=Origin(name=name)),)


def articles_of(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> tuple[Article, ...]:
    """Every article of a file called `name`; ReadError says why there is none."""
    refuse_documents(raw, name)
    reader = _reader_for(name)
    try:
        articles = tuple(reader(raw, name, encodings=encodings))
    except ReadError:
        raise
    except Exception as error:  # a reader may come from anywhere; its bug costs one file only
        _log.exception("The reader for %s failed.", PurePath(name).suffix)
        raise ReadError(
            f"The reader for {PurePath(name).suffix} files failed: {type(error).__name__}.",
            hint="Save the article as plain text; report the failure to whoever made the reader.",
        ) from error
    if not articles:
        raise ReadError("No article was found in the file.", hint="Check what it holds.")
    for article in articles:
        checked(article.text, name)
    return articles


def _reader_for(name: str) -> Reader:
    suffix = PurePath(name).suffix.lower()
    known = _registered()
    if suffix not in known:
        what = f"no reader for {suffix} files" if suffix else "no reader for files without suffix"
        raise ReadError(
            f"There is {what}.",
            hint=f"Save the article as plain text; what can be read: {', '.join(sorted(known))}.",
        )
    try:
        reader: Reader = known[suffix].load()
    except Exception as error:  # a broken package of somebody else's
        raise ReadError(
            f"The reader for {suffix} files cannot be loaded: {error}.",
            hint=f"Install or remove the package that provides {known[suffix].value}.",
        ) from error
    return reader


@cache
def _registered() -> Mapping[str, EntryPoint]:
    return {f".{point.name.lower()}": point for point in entry_points(group=GROUP)}
