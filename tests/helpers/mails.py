"""Short ways to write mails, and to read what they hold."""

from __future__ import annotations

from email.message import EmailMessage

from annotator.core.article import Article
from tests.helpers.packing import read

SAID = "The mayor of Varnholm said on Tuesday that the bridge would stay closed until spring."


DENIED = "The harbour office denied that it had been warned of the cracks in the summer before."


PAGE = f"<html><head><title>A page</title></head><body><p>{SAID}</p><p>{DENIED}</p></body></html>"


def only(raw: bytes | EmailMessage, name: str = "bridge.eml") -> Article:
    """The article of a mail that has one and nothing that cannot be read."""
    articles, problem = read(raw if isinstance(raw, bytes) else raw.as_bytes(), name)
    assert problem is None
    (article,) = articles
    return article


def refusal(raw: bytes | EmailMessage, name: str = "bridge.eml") -> str:
    """Why a mail cannot be read."""
    articles, problem = read(raw if isinstance(raw, bytes) else raw.as_bytes(), name)
    assert not articles
    assert problem is not None
    assert problem.hint
    return problem.message


def typed(kind: str, body: str, *, encoding: str = "utf-8", headers: str = "") -> bytes:
    """A mail of one part with this content type."""
    head = f"From: a@example.org\nSubject: Bridge\nContent-Type: {kind}\n{headers}\n"
    return head.encode() + body.encode(encoding)


def parted(kind: str, *parts: str, end: bool = True) -> bytes:
    """A mail of several parts, each with its headers."""
    body = "".join(f"--x\n{part}\n" for part in parts) + "--x--\n" * end
    return typed(f'multipart/{kind}; boundary="x"', body)


# Headers
