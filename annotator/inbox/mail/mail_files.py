"""Reads the article in a mail, and the articles attached to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import Message
from functools import partial
from itertools import islice

from annotator.core.article import Article
from annotator.errors import FileError, ReadError
from annotator.inbox.mail.attachments import attached_bytes, attached_name
from annotator.inbox.mail.mail_article import body_article
from annotator.inbox.mail.mail_headers import is_mail
from annotator.inbox.mail.mail_message import SAVE_TEXT, nested_too_deeply, parsed
from annotator.inbox.mail.mail_parts import MailParts, is_mail_part, parts_of
from annotator.inbox.mail.mailbox_lines import is_mailbox, mails_in
from annotator.inbox.members import Container, Member, articles_of_members
from annotator.inbox.readers import MAX_SIZE, is_archive, read_articles

_DEEPEST = 10
_IN_MAIL = Container(
    "parts of the mail", "If they are articles, save them from the mail as files in the inbox."
)
_IN_MAILBOX = Container(
    "mails", "Open these in a mail program; save each as .eml, or its text as .txt."
)


@dataclass(frozen=True, slots=True)
class _MailReading:
    """How a mail is read: in a file called `name`, with articles of up to `max_size` bytes, in
    their own encoding, UTF-8 or one of `encodings`; `depth` other mails contain it."""

    name: str
    encodings: Sequence[str]
    max_size: int
    depth: int = 0


def read_mail(
    raw: bytes, name: str, *, encodings: Sequence[str] = (), max_size: int = MAX_SIZE
) -> Iterator[Article | None]:
    """The article in a `.eml` file, then those attached to it: mails, and files of a type that is
    read. A file that is a mailbox is read as one.

    Raises ReadError at the end for parts that could not be read.
    """
    reading = _MailReading(name, encodings, max_size)
    mails = list(islice(mails_in(raw), 2)) if is_mailbox(raw) else [(1, raw)]
    if len(mails) == 1:
        yield from _articles_in(mails[0][1], reading)
    else:
        yield from read_mailbox(raw, name, encodings=encodings, max_size=max_size)


def read_mailbox(
    raw: bytes, name: str, *, encodings: Sequence[str] = (), max_size: int = MAX_SIZE
) -> Iterator[Article | None]:
    """The articles in the mails of a `.mbox` file, each with the number of its mail as part.

    Raises ReadError at the end if mails were unreadable.
    """
    if not is_mailbox(raw):
        raise ReadError(
            "This is not a mailbox: it does not begin with the line of one (From …).",
            hint="A single mail ends in .eml.",
        )
    reading = _MailReading(name, encodings, max_size)
    mails = (
        Member(str(number), None, partial(_articles_in, mail, reading))
        for number, mail in mails_in(raw)
    )
    yield from articles_of_members(mails, _IN_MAILBOX)


def _articles_in(raw: bytes, reading: _MailReading) -> Iterator[Article | None]:
    """The articles in the bytes of one mail."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ")
    if not raw:
        raise FileError("is empty", hint="Save the mail again.")
    message = parsed(raw)
    if not is_mail(message):
        raise ReadError(
            "This is not a mail: it does not begin with the headers of one.",
            hint="Give it the suffix of what it is, for example .txt or .html.",
        )
    yield from _articles(message, reading)


def _articles(message: Message, reading: _MailReading) -> Iterator[Article | None]:
    if reading.depth > _DEEPEST:
        raise nested_too_deeply()
    parts = parts_of(message)
    if parts.attached:
        yield from articles_of_members(_members(message, parts, reading), _IN_MAIL)
    else:
        yield from _of_text(message, parts, reading)


def _members(message: Message, parts: MailParts, reading: _MailReading) -> Iterator[Member]:
    """The text of a mail, if it has any, and what is attached."""
    yield Member("", None, partial(_of_text, message, parts, reading))
    for number, part in enumerate(parts.attached, start=1):
        name = attached_name(part, number)
        if is_mail_part(part):
            inner = replace(reading, depth=reading.depth + 1)
            yield Member(name, None, partial(_of_mail_part, part, inner))
        else:
            yield Member(name, name, partial(_of_file, part, name, reading))


def _of_text(message: Message, parts: MailParts, reading: _MailReading) -> Iterable[Article]:
    article = body_article(message, parts.body, reading.name, reading.encodings)
    if article is None:
        if parts.attached:  # the mail only carried them
            return ()
        raise ReadError("The mail has no text.", hint=SAVE_TEXT)
    if len(article.text) > reading.max_size:
        raise ReadError("The text of the mail is too large for one article.", hint=SAVE_TEXT)
    return (article,)


def _of_mail_part(part: Message, reading: _MailReading) -> Iterator[Article | None]:
    for message in part.get_payload():  # one, as `is_mail_part` has found
        assert isinstance(message, Message)
        yield from _articles(message, reading)


def _of_file(part: Message, name: str, reading: _MailReading) -> Iterator[Article | None]:
    if is_archive(name):
        raise ReadError("Archives attached to a mail are not read.")
    yield from read_articles(
        attached_bytes(part), name, encodings=reading.encodings, max_size=reading.max_size
    )
