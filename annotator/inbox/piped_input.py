"""Input piped into `annotator add -`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from annotator.core.arrival import PIPED, Arrival, FileState
from annotator.core.article import Article
from annotator.errors import ReadError, ReadFrom
from annotator.inbox.decoding import document_suffix
from annotator.inbox.kinds import headers_of
from annotator.inbox.readers import Piece, has_reader, pieces_of, size_limit
from annotator.inbox.reading import ReadingRules, now, received

_JSON = re.compile(rb"\s*(\{\s*\"|\[\s*\{)")
_PAGE = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<(!doctype html|html)\b", re.IGNORECASE)
# A compressed tar archive cannot be told from another compressed file by its beginning.
_ARCHIVES = ((b"PK\x03\x04", ".zip"),)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class PipedInput:
    """Piped bytes and a file name, whose suffix selects the reader.

    Without a known suffix, the contents decide between a document, JSON, a page and plain text;
    without a name, the origin of the article has no name.
    """

    raw: bytes
    name: str | None = None

    def arrivals(self, rules: ReadingRules) -> tuple[Iterator[Arrival], ReadError | None]:
        """The articles, and the reason for rejected parts; raises ReadError if there is no article.

        The same name twice is not a revision: two inputs may both be called `news.txt`.
        """
        called = self.name if self.name and has_reader(self.name) else f"input{self._suffix()}"
        limit = size_limit(called, rules.max_size)
        if len(self.raw) > limit:
            raise ReadError(
                f"The input is too large: more than {limit / 1e6:.1f} MB.",
                hint="Split it, or raise max_size in annotator.toml.",
            )
        pieces = list(
            pieces_of(self.raw, called, encodings=rules.encodings, max_size=rules.max_size)
        )
        problem = pieces[-1].problem
        if problem is not None:
            problem = problem.worded(ReadFrom.PIPE)
            if not any(piece.articles for piece in pieces):
                raise problem
        return self._arrivals(pieces, called), problem

    def _arrivals(self, pieces: Sequence[Piece], called: str) -> Iterator[Arrival]:
        at = now()
        state = FileState(0, len(self.raw), 0, 0)
        path = f"{PIPED}{sha256(self.raw).hexdigest()}"
        for number, piece in enumerate(pieces):
            articles = tuple(
                received(article, self._name_of(article, called), at) for article in piece.articles
            )
            yield Arrival(path, state, at, articles, piece=number, more=not piece.is_last)

    def _name_of(self, article: Article, called: str) -> str | None:
        """The name of the article's own file, if it was in the input as one."""
        own = article.origin.name
        return self.name if own in (None, called) else own

    def _suffix(self) -> str:
        if (document := document_suffix(self.raw)) is not None:
            return document
        head = self.raw[:4096]
        for mark in _MARKS:
            if head.startswith(mark):
                head = head.removeprefix(mark).replace(b"\0", b"")
        if _JSON.match(head):
            return ".jsonl"
        for magic, suffix in _ARCHIVES:
            if head.startswith(magic):
                return suffix
        if headers_of(head.decode("latin-1")) is not None:
            return ".eml"
        return ".html" if _PAGE.match(head) else ".txt"
