"""What the headers of a mail say of its article. Addresses, recipients and routes are left out."""

from __future__ import annotations

import re
from email.headerregistry import AddressHeader, DateHeader
from email.message import Message
from email.policy import default

from annotator.core.article import Origin

_HEADERS = ("from", "to", "subject", "date", "content-type", "mime-version", "message-id")
_MOST_SENDERS = 10
_ADDRESS = re.compile(
    r"\s*<?(https?://[^\s<>\x00-\x1f\x7f\ud800-\udfff]{1,2000})>?\s*", re.IGNORECASE
)
_LIST = re.compile(r"\s*\"?([^<>\"@]{1,200}?)\"?\s*<[^<>]*>\s*")


def is_mail(message: Message) -> bool:
    """Whether it has any of the headers that mails have."""
    return any(name in message for name in _HEADERS)


def title_of(message: Message) -> str | None:
    """The subject, decoded and on one line."""
    return _words(str(_parsed(message, "subject") or ""))


def origin_of(message: Message, name: str | None) -> Origin:
    """The sender's name, never an address; the name of the mailing list as outlet; when it was
    sent; its page in a public archive or, of a saved page, on the web."""
    listed = _LIST.fullmatch(str(_parsed(message, "list-id") or ""))
    return Origin(
        name=name,
        outlet=_words(listed[1]) if listed else None,
        url=_page(message, "archived-at") or _page(message, "snapshot-content-location"),
        author=_sender(message),
        published=_sent(message),
    )


def _sender(message: Message) -> str | None:
    header = _parsed(message, "from")
    if not isinstance(header, AddressHeader) or len(header.addresses) > _MOST_SENDERS:
        return None
    names = (_words(one.display_name.strip("'\"")) for one in header.addresses)
    return ", ".join(name for name in names if name and "@" not in name) or None


def _sent(message: Message) -> str | None:
    header = _parsed(message, "date")
    when = header.datetime if isinstance(header, DateHeader) else None
    return when.isoformat() if when is not None else None


def _page(message: Message, name: str) -> str | None:
    found = _ADDRESS.fullmatch(str(_parsed(message, name) or ""))
    return found[1] if found else None


def _parsed(message: Message, name: str) -> object:
    """The first header of this name as the library's modern policy parses it; None if it cannot."""
    for one, value in message.raw_items():
        if one.lower() == name:
            try:
                return default.header_factory(one, "".join(_characters(value).splitlines()))
            except Exception:  # some damaged headers make the library fail in many ways
                return None
    return None


def _characters(value: str) -> str:
    """A header whose bytes beyond ASCII are UTF-8, as mails should have it, or else Western."""
    raw = value.encode("ascii", "surrogateescape") if not value.isascii() else b""
    if not raw:
        return value
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _words(text: str) -> str | None:
    """`text` on one line, without what cannot be stored; None if nothing is left."""
    kept = "".join(letter for letter in text if not _is_unusable(letter))
    return " ".join(kept.split()) or None


def _is_unusable(letter: str) -> bool:
    return letter == "\0" or "\ud800" <= letter <= "\udfff"
