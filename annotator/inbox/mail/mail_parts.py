"""Finds the text of a mail among its parts, and what is attached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email.message import Message

from annotator.errors import ReadError
from annotator.inbox.mail.mail_message import SAVE_TEXT, nested_too_deeply, refuse_cut_off

DEEPEST = 30
_TEXTS = ("text/plain", "text/html")
# Parts that concern the mail itself.
_OF_THE_MAIL = frozenset(
    {
        "application/pgp-signature",
        "application/pgp-keys",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/delivery-status",
        "message/disposition-notification",
        "text/rfc822-headers",
    }
)
_WRAPPED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PICTURES = frozenset({"image", "audio", "video", "font"})
_ENCRYPTED = "The mail is encrypted."
_OPEN = f"Decrypt it first. {SAVE_TEXT}"


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a mail: its parts as the sender laid them out, and the same as plain text where
    there is a choice."""

    rich: tuple[Message, ...] = ()
    plain: tuple[Message, ...] = ()

    @property
    def has_html(self) -> bool:
        return any(map(_is_html, self.rich))

    @property
    def is_without_html(self) -> bool:
        """Whether there is plain text for all of it."""
        return bool(self.plain) and not any(map(_is_html, self.plain))


@dataclass(slots=True)
class MailParts:
    """The text of a mail, and the files and mails that are attached to it."""

    body: Body = field(default_factory=Body)
    attached: list[Message] = field(default_factory=list)


def parts_of(message: Message) -> MailParts:
    """The parts of a mail; raises ReadError if it is encrypted, cut off, or nested too deeply."""
    found = MailParts()
    found.body = _body(message, found.attached, 0)
    return found


def is_mail_part(part: Message) -> bool:
    """Whether this part is itself a mail."""
    return part.get_content_type() == "message/rfc822" and part.is_multipart()


def _body(part: Message, attached: list[Message], depth: int) -> Body:
    if depth > DEEPEST:
        raise nested_too_deeply()
    refuse_cut_off(part)
    kind = part.get_content_type()
    if kind == "message/rfc822" or part.get_content_disposition() == "attachment":
        attached.append(part)
    elif part.is_multipart():
        return _of_parts(part, attached, depth + 1)
    elif kind in _TEXTS and not (part.get_content_disposition() and part.get_filename()):
        return Body((part,), (part,))
    elif kind in _WRAPPED:
        _refuse_wrapped(part)
    elif kind not in _OF_THE_MAIL and not _is_picture(part):
        attached.append(part)
    return Body()


def _of_parts(part: Message, attached: list[Message], depth: int) -> Body:
    kind = part.get_content_subtype()
    parts = [one for one in part.get_payload() if isinstance(one, Message)]
    if kind == "encrypted":
        raise ReadError(_ENCRYPTED, hint=_OPEN)
    if kind == "alternative":
        return _chosen([_body(one, attached, depth) for one in parts])
    if kind == "related":
        root = _root(part, parts)
        # The others belong to its text, such as pictures, except that some programs add all here.
        others = [one for one in parts if one not in root and not _is_picture(one)]
        attached += [one for one in others if one.get_content_disposition() == "attachment"]
        return _joined([_body(one, attached, depth) for one in root])
    if kind == "signed":
        parts = parts[:1]
    return _joined([_body(one, attached, depth) for one in parts])


def _joined(bodies: Iterable[Body]) -> Body:
    bodies = tuple(bodies)
    return Body(
        tuple(part for body in bodies for part in body.rich),
        tuple(part for body in bodies for part in body.plain),
    )


def _chosen(options: Sequence[Body]) -> Body:
    """Of parts that say the same: the last with HTML, and the last without it."""
    with_html = [one for one in options if one.has_html]
    without = [one for one in options if one.rich and not one.has_html]
    rich = (with_html or without or [Body()])[-1]
    return Body(rich.rich, (without or [rich])[-1].plain)


def _root(part: Message, parts: Sequence[Message]) -> Sequence[Message]:
    """The part that the others, such as pictures, belong to."""
    start = str(part.get_param("start", "") or "")
    named = [one for one in parts if start and str(one.get("content-id", "")).strip() == start]
    return (named or list(parts))[:1]


def _refuse_wrapped(part: Message) -> None:
    if str(part.get_param("smime-type", "")).lower() == "signed-data":
        raise ReadError(
            "The text of the mail is wrapped in its signature (S/MIME).", hint=SAVE_TEXT
        )
    raise ReadError(_ENCRYPTED, hint=_OPEN)


def _is_picture(part: Message) -> bool:
    """Whether this part is a picture within the text, as a page has them."""
    return part.get_content_maintype() in _PICTURES


def _is_html(part: Message) -> bool:
    return part.get_content_type() == "text/html"
