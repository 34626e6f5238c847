"""Reads the files in a file: members of an archive, messages of a mailbox, attachments of a mail.

Each member is read by the reader of its own suffix. One that cannot be read does not affect the
others: they are named together at the end, each with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from annotator.core.article import Article
from annotator.errors import FileError, Hint, ReadError, TooSlowError

MOST_SHOWN = 20
MOST_SLOW = 5
"""When so many members took too long, the rest is not tried: each stops the inbox for seconds."""
_LONGEST_NAME = 60
_LONGEST_LIST = 600
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a file: `read` gives its articles, or raises ReadError.

    `part` tells it apart from the others, empty for the text of a mail itself; `name` is its own
    file name (None: it has none).
    """

    part: str
    name: str | None
    read: Callable[[], Iterable[Article | None]]


@dataclass(frozen=True, slots=True)
class Container:
    """What the members are in, as named in a sentence: `of 12 files in the archive`; and what to do
    about members that cannot be read."""

    members: str
    hint: str


def articles_of_members(
    members: Iterable[Member], container: Container
) -> Iterator[Article | None]:
    """The articles of all members, in order; between members None, since reading one takes time.

    `origin.name` is the name of the member, or of the file in it, `origin.part` its part, with the
    part of the article in the member after a colon. Raises ReadError at the end if members, or
    parts of them, were unreadable, or if `members` itself raised it: the rest is then lost.
    """
    unread = _UnreadMembers()
    used = UsedParts()
    count = 0
    broken: ReadError | None = None
    try:
        for member in members:
            if count:
                yield None
            count += 1
            before = len(used)
            try:
                for article in member.read():
                    yield None if article is None else _placed(article, member, used)
            except ReadError as error:
                unread.add(member.part, error, is_partial=len(used) > before)
                if unread.slow >= MOST_SLOW:
                    raise TooSlowError(
                        f"Reading was given up: {unread.slow} {container.members} took too long.",
                        hint="Take these out, or put the others into the inbox by themselves.",
                    ) from error
    except ReadError as error:
        broken = error
    unread.raise_with(broken, count, container)


def _placed(article: Article, member: Member, used: UsedParts) -> Article:
    origin = article.origin
    part = f"{member.part}:{origin.part}" if member.part and origin.part else None
    unique = used.unique(part or member.part or origin.part or "")
    return replace(
        article, origin=replace(origin, name=origin.name or member.name, part=unique or None)
    )


class UsedParts:
    """The parts used already: an archive may have two members of one name, or 100,000."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._used)

    def unique(self, part: str) -> str:
        """`part`, with the lowest free number if it is used already."""
        unique, number = part, self._numbers.get(part, 1)
        while unique in self._used:
            number += 1
            unique = f"{part} ({number})"
        self._used.add(unique)
        # Lower numbers are taken, and are not tried again.
        self._numbers[part] = number
        return unique


@dataclass(slots=True)
class _UnreadMembers:
    """The members that could not be read, by reason."""

    count: int = 0
    shown: dict[str, list[str]] = field(default_factory=dict)
    hidden: int = 0
    slow: int = 0
    room: int = _LONGEST_LIST
    has_partial: bool = False

    def add(self, part: str, error: ReadError, *, is_partial: bool) -> None:
        """Add a member; `is_partial` if some of its articles were read."""
        self.count += 1
        self.slow += error.times if isinstance(error, TooSlowError) else 0
        self.has_partial = self.has_partial or is_partial
        name, reason = _shown(part or "its text"), _sentence(error)
        needed = len(name) + (0 if reason in self.shown else len(reason))
        is_full = self.count - self.hidden > MOST_SHOWN or needed > self.room
        if is_full and self.shown:
            self.hidden += 1
            return
        self.room -= needed
        self.shown.setdefault(reason, []).append(name)

    def raise_with(self, broken: ReadError | None, members: int, container: Container) -> None:
        """Raises ReadError if anything was left out, or if the file is `broken`."""
        if not self.count:
            if broken is not None:
                raise broken
            return
        listed = [f"{', '.join(names)}: {reason}" for reason, names in self.shown.items()]
        listed += [f"and {self.hidden:,} more"] * bool(self.hidden)
        message = (
            f"{self.count:,} of {members:,} {container.members} could not be taken in"
            f"{', or not whole' * self.has_partial}: {'; '.join(listed)}."
        )
        hint = Hint(container.hint, more="Articles already taken in are recognised.")
        if broken is not None:
            message, hint = f"{broken.message} {message}", broken.advice
        if self.slow:
            raise TooSlowError(message, hint=hint, times=self.slow) from broken
        raise ReadError(message, hint=hint) from broken


def _shown(part: str) -> str:
    """The end of a part, on one line."""
    short = part if len(part) <= _LONGEST_NAME else f"…{part[1 - _LONGEST_NAME :]}"
    return "".join(letter if letter.isprintable() else "�" for letter in short)


def _sentence(error: ReadError) -> str:
    """The message of an error as part of a sentence, shortened if it lists many things itself."""
    said = error.predicate if isinstance(error, FileError) else error.message.removesuffix(".")
    said = said[0].lower() + said[1:]
    return said if len(said) <= _LONGEST_REASON else f"{said[: _LONGEST_REASON - 1]}…"
