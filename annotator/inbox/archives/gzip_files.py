"""Reads the articles in one file that is compressed with gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.archives.archive_members import ReadingLimits, broken_off
from annotator.inbox.decoding import refuse_documents
from annotator.inbox.readers import MAX_SIZE, has_reader, is_archive, read_articles

MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 18


def unpacked_size(raw: bytes, limits: ReadingLimits) -> int:
    """Unpacks all of `raw` without keeping it, and returns how much it is.

    Raises ReadError if it is too large, or if its checksum does not fit or is missing: any of its
    text may then be wrong.
    """
    size = 0
    with gzip.GzipFile(fileobj=BytesIO(raw)) as stream:
        try:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                limits.refuse_too_much(size, len(raw))
        except EOFError as error:
            raise broken_off("breaks off in the middle") from error
        except (OSError, zlib.error) as error:
            raise broken_off("is damaged: its checksum is wrong") from error
    return size


def read_gzip(
    raw: bytes, name: str, *, encodings: Sequence[str] = (), max_size: int = MAX_SIZE
) -> Iterator[Article | None]:
    """The articles of the file in a `.gz` file; its name is that of the archive without suffix."""
    inner = name.strip()[: -len(".gz")]
    if not raw.startswith(MAGIC):
        refuse_documents(raw, name)
        raise ReadError(
            "This is not a gzip archive.",
            hint="Give it the suffix of what it is, for example .txt.",
        )
    if is_archive(inner) or not has_reader(inner):
        refuse_documents(raw, name)
    limits = ReadingLimits(max_size, encodings)
    limits.refuse_large(inner, unpacked_size(raw, limits))
    for article in read_articles(
        gzip.decompress(raw), inner, encodings=encodings, max_size=max_size
    ):
        if article is None:
            yield None
        else:
            origin = article.origin
            yield replace(article, origin=replace(origin, name=origin.name or inner))
