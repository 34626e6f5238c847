"""Archives and mails made in memory."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from email.message import EmailMessage

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.readers import pieces_of

Files = Mapping[str, bytes] | Iterable[tuple[str, bytes]]

NO, YES = b"The mayor of Varnholm said no.", b"The mayor of Varnholm said yes."


def zipped(files: Files, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of the files, in order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, contents in _pairs(files):
            archive.writestr(zipfile.ZipInfo(name), contents, method)
    return stream.getvalue()


def tarred(files: Files, *, mode: str = "w:gz") -> bytes:
    """A tar archive of the files, in order; compressed unless `mode` is `w`."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, contents in _pairs(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(contents)
            archive.addfile(entry, io.BytesIO(contents))
    return stream.getvalue()


def mail(text: str | None = None, *, html: str | None = None, **headers: str) -> EmailMessage:
    """A mail from Ada Low, as plain text, HTML or both."""
    message = EmailMessage()
    usual = {"from": "Ada Löw <ada@example.org>", "to": "desk@example.org", "subject": "Bridge"}
    for name, value in (usual | headers).items():
        message[name.replace("_", "-")] = value
    if text is not None:
        message.set_content(text)
    if html is not None and text is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message


def read(
    raw: bytes, name: str, *, max_size: int = 20_000_000
) -> tuple[list[Article], ReadError | None]:
    """The articles of a file, and why some or all of it could not be read."""
    pieces = list(pieces_of(raw, name, max_size=max_size))
    return [article for piece in pieces for article in piece.articles], pieces[-1].problem


def placed(articles: Iterable[Article]) -> list[tuple[str | None, str | None, str]]:
    """Name, part and text of each article."""
    return [(one.origin.name, one.origin.part, one.text) for one in articles]


def _pairs(files: Files) -> Iterable[tuple[str, bytes]]:
    return files.items() if isinstance(files, Mapping) else files
