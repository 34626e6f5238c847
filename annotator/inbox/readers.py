"""Reads articles from the bytes of a file, with one reader per suffix.

Our readers are in a table here, so that an update of the code needs no installation; other packages
register theirs as entry points of the group `annotator.readers`, under the suffix without the dot.
A reader takes the bytes, the file's name and the fallback encodings of the workspace, and yields
articles, with `origin.part` if a file holds several. It raises ReadError at the end for unreadable
parts; articles yielded before are kept. One that reads files in the file also takes `max_size`, the
limit for one article in bytes, and may yield None between articles while time passes.
"""

from __future__ import annotations

import inspect
import logging
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import PurePath
from typing import Protocol

from annotator.core.article import Article, Origin, title_line
from annotator.errors import ReadError
from annotator.inbox.decoding import checked, refuse_documents, text_of
from annotator.inbox.kinds import refuse_markup_and_mail

GROUP = "annotator.readers"
_OURS = {
    ".txt": "annotator.inbox.readers:read_text",
    ".md": "annotator.inbox.readers:read_text",
    ".html": "annotator.inbox.html_pages:read_html",
    ".htm": "annotator.inbox.html_pages:read_html",
    ".json": "annotator.inbox.json_files:read_json",
    ".jsonl": "annotator.inbox.json_files:read_json",
    ".docx": "annotator.inbox.documents.word_files:read_docx",
    ".odt": "annotator.inbox.documents.open_document_files:read_odt",
    ".pdf": "annotator.inbox.documents.pdf_files:read_pdf",
    ".eml": "annotator.inbox.mail.mail_files:read_mail",
    ".mbox": "annotator.inbox.mail.mail_files:read_mailbox",
    ".zip": "annotator.inbox.archives.zip_files:read_zip",
    ".tar": "annotator.inbox.archives.tar_files:read_tar",
    ".tar.gz": "annotator.inbox.archives.tar_files:read_tar",
    ".tgz": "annotator.inbox.archives.tar_files:read_tar",
    ".gz": "annotator.inbox.archives.gzip_files:read_gzip",
}
_ARCHIVES = frozenset({".zip", ".tar", ".tar.gz", ".tgz", ".gz"})
# Their readers take binary files, and refuse others themselves.
_BINARY = frozenset({".docx", ".odt", ".pdf"}) | _ARCHIVES

PIECE = 500
"""Articles of one file stored in one transaction."""
_PIECE_CHARACTERS = 4_000_000
_PIECE_SECONDS = 1.0
MAX_SIZE = 20_000_000
"""The limit for one article in bytes, unless the workspace sets another."""
# Maximum size of files with many articles, as a multiple of the limit for one article. Reading a
# JSON list takes several times its size in memory; reading lines does not. A mail has attachments.
_MANY = {".jsonl": 25, ".json": 5, ".eml": 2, ".mbox": 25, **dict.fromkeys(_ARCHIVES, 25)}
_SHOWN = 3
_SAVED = "Open it in the program that made it and save the article as plain text (UTF-8)."
_UNPACK = "Unpack it first, or pack its files as .zip or .tar.gz."
_AS_LINES = "Save each article as a text file, or all of them as JSON lines (.jsonl)."
_AS_TEXT = (
    "If it is an article in plain text, rename it to end in .txt; else save it as plain text."
)
_AS_PAGE = "If it is a saved page, rename it to end in .html."
_INSTEAD = {
    ".ndjson": "Rename it to end in .jsonl.",
    ".jsonlines": "Rename it to end in .jsonl.",
    ".jl": "Rename it to end in .jsonl.",
    **dict.fromkeys((".7z", ".rar", ".bz2", ".xz", ".tbz2", ".txz", ".zst"), _UNPACK),
    ".emlx": "Open it in the mail program and save it as a raw message source (.eml).",
    ".msg": "Open it in the mail program and save it as .eml, or its text as .txt.",
    **dict.fromkeys((".csv", ".tsv", ".xml", ".yaml", ".yml"), _AS_LINES),
    **dict.fromkeys((".xhtml", ".xht", ".shtml", ".php", ".asp", ".aspx", ".jsp"), _AS_PAGE),
    **dict.fromkeys((".mhtml", ".mht"), _AS_PAGE),
    **dict.fromkeys((".doc", ".rtf", ".pages", ".epub"), _SAVED),
}
# The text after the last dot of a name may be the end of a sentence, not a suffix.
_SUFFIX = re.compile(r"\.[\w+-]{1,20}")

_log = logging.getLogger(__name__)


class Reader(Protocol):
    """Reads the articles in the bytes of a file; raises ReadError for unreadable parts."""

    def __call__(
        self, raw: bytes, name: str, *, encodings: Sequence[str] = ()
    ) -> Iterable[Article | None]: ...


class MembersReader(Protocol):
    """A reader of files in a file."""

    def __call__(
        self, raw: bytes, name: str, *, encodings: Sequence[str] = (), max_size: int = MAX_SIZE
    ) -> Iterable[Article | None]: ...


def read_text(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> tuple[Article, ...]:
    """The article in a `.txt` or `.md` file: its unchanged text, including the title line."""
    text = text_of(raw, name, encodings=encodings)
    refuse_markup_and_mail(text, name)
    return (Article(text, title=title_line(text), origin=Origin(name=name)),)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some articles of a file, in order. Only the last piece may have a `problem`: why the file or
    a part of it could not be read."""

    articles: tuple[Article, ...] = ()
    problem: ReadError | None = None
    is_last: bool = True


def pieces_of(
    raw: bytes, name: str, *, encodings: Sequence[str] = (), max_size: int | None = None
) -> Iterator[Piece]:
    """The articles of the file `name`, in pieces for one transaction each.

    In a file with many articles, each may have at most `max_size` bytes. Never raises ReadError.
    """
    articles: list[Article] = []
    characters = 0
    too_large: list[str] = []
    problem: ReadError | None = None
    began = time.monotonic()
    try:
        for article in read_articles(raw, name, encodings=encodings, max_size=max_size):
            # Only now we know that the previous piece was not the last. Reading one of many pages
            # may take a second, and those who wait for pieces have other things to do.
            is_due = article is None and time.monotonic() - began >= _PIECE_SECONDS
            if len(articles) >= PIECE or characters >= _PIECE_CHARACTERS or is_due:
                yield Piece(tuple(articles), is_last=False)
                articles, characters, began = [], 0, time.monotonic()
            if article is None:
                continue
            if max_size is not None and _is_too_large(article, max_size):
                too_large.append(str(article.origin.part))
                continue
            articles.append(article)
            characters += len(article.text)
    except ReadError as error:
        problem = error
    yield Piece(tuple(articles), _with_too_large(problem, too_large, max_size))


def articles_of(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> tuple[Article, ...]:
    """All articles of the file `name`; raises ReadError if any part is unreadable."""
    articles: tuple[Article, ...] = ()
    for piece in pieces_of(raw, name, encodings=encodings):
        if piece.problem is not None:
            raise piece.problem
        articles += piece.articles
    return articles


def has_reader(name: str) -> bool:
    """Whether the suffix of this name has a reader."""
    return _suffix_of(name) in _registered()


def size_limit(name: str, max_size: int) -> int:
    """The size limit in bytes for the file `name`, if one article may have `max_size`."""
    return max_size * _MANY.get(_suffix_of(name), 1)


def is_archive(name: str) -> bool:
    """Whether the suffix of this name is that of an archive."""
    return _suffix_of(name) in _ARCHIVES


def _suffix_of(name: str) -> str:
    """The suffix of `name`, which selects the reader, in lower case; empty if there is none."""
    suffixes = PurePath(name.strip().lower()).suffixes[-2:]
    suffix = "".join(suffixes) if "".join(suffixes) in _OURS else "".join(suffixes[-1:])
    return suffix if _SUFFIX.fullmatch(suffix) or suffix in _OURS else ""


def read_articles(
    raw: bytes, name: str, *, encodings: Sequence[str] = (), max_size: int | None = None
) -> Iterator[Article | None]:
    """The articles of the file `name` as its reader yields them; raises ReadError at the end."""
    suffix = _suffix_of(name)
    if suffix not in _BINARY:
        refuse_documents(raw, name)
    reader = _reader_for(name)
    count = 0
    try:
        for article in _articles_by(reader, raw, name, encodings, max_size):
            count += article is not None
            yield article if article is None or count == 1 else _with_part(article, count)
    except ReadError:
        raise
    except (
        Exception
    ) as error:  # readers may come from plugins; a bug in one must affect one file only
        _log.exception("The reader for %s failed.", suffix)
        raise ReadError(
            f"The reader for {suffix} files failed: {type(error).__name__}.",
            hint="Save the article as plain text; report the error to the author of the reader.",
        ) from error
    if not count:
        raise ReadError("No article was found in the file.", hint="Check its contents.")


def _articles_by(
    reader: Reader | MembersReader,
    raw: bytes,
    name: str,
    encodings: Sequence[str],
    max_size: int | None,
) -> Iterator[Article | None]:
    if "max_size" in inspect.signature(reader).parameters:
        most = {} if max_size is None else {"max_size": max_size}
        yield from reader(raw, name, encodings=encodings, **most)
        return
    for article in reader(raw, name, encodings=encodings):
        if article is not None:
            checked(article.text, name)
        yield article


def _with_part(article: Article, number: int) -> Article:
    """Give each article of a file a unique part, by its position if necessary."""
    if article.origin.part is not None:
        return article
    return replace(article, origin=replace(article.origin, part=str(number)))


def _is_too_large(article: Article, max_size: int) -> bool:
    text = article.text
    if article.origin.part is None or 4 * len(text) <= max_size:
        return False
    return len(text) > max_size or len(text.encode("utf-8")) > max_size


def _with_too_large(
    problem: ReadError | None, parts: Sequence[str], max_size: int | None
) -> ReadError | None:
    if not parts:
        return problem
    shown = ", ".join(parts[:_SHOWN]) + (
        f" and {len(parts) - _SHOWN:,} more" * (len(parts) > _SHOWN)
    )
    what = f"Too large for one article (more than {max_size:,} bytes): {shown}."
    hint = "Split these articles, or raise max_size in annotator.toml."
    if problem is None:
        return ReadError(what, hint=hint)
    return ReadError(f"{problem.message} {what}", hint=problem.advice.then(hint))


def _reader_for(name: str) -> Reader | MembersReader:
    suffix = _suffix_of(name)
    known = _registered()
    if suffix not in known:
        what = f"{suffix} files" if suffix else "files without suffix"
        raise ReadError(
            f"There is no reader for {what}.",
            hint=_INSTEAD.get(suffix, _AS_TEXT) + f" Supported: {', '.join(sorted(known))}.",
        )
    try:
        reader: Reader | MembersReader = known[suffix].load()
    except Exception as error:  # a broken plugin
        raise ReadError(
            f"The reader for {suffix} files cannot be loaded: {error}.",
            hint=f"Install or remove the package that provides {known[suffix].value}.",
        ) from error
    return reader


@cache
def _registered() -> Mapping[str, EntryPoint]:
    ours = {suffix: EntryPoint(suffix[1:], value, GROUP) for suffix, value in _OURS.items()}
    # An installation of an earlier version registered our readers as entry points too.
    others = (one for one in entry_points(group=GROUP) if not one.value.startswith("annotator."))
    return ours | {f".{one.name.lower()}": one for one in others}
