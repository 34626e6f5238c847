"""Limits for archives, and which of their members are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.ignoring import IgnoredMembers
from annotator.inbox.members import Container, Member
from annotator.inbox.readers import is_archive, read_articles, size_limit

MOST_MEMBERS = 100_000
"""Entries of one archive, with folders and ignored files."""
MOST_UNPACKED = 100
"""An archive may unpack to so many times the size of the largest article."""
_SPARE, _TIMES = 64_000_000, 100
_LONGEST_PATH = 1_000
_DRIVE = re.compile(r"[A-Za-z]:")
_SELDOM = "If they are articles, put them into the inbox unpacked: each is then listed with advice."
IN_ARCHIVE = Container("files in the archive", _SELDOM)
_AGAIN = "It was probably not copied whole: copy it again, or pack it again."
_LARGE = "Split it, or raise max_size in annotator.toml."
_SPLIT = "Unpack it, and put the articles into the inbox as files."


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How members are read: articles of up to `max_size` bytes, in UTF-8 or one of `encodings`."""

    max_size: int
    encodings: Sequence[str] = ()

    def refuse_too_much(self, unpacked: int, packed: int) -> None:
        """Raises ReadError if an archive of `packed` bytes unpacks to too many."""
        most = self.max_size * MOST_UNPACKED
        if unpacked > most:
            raise ReadError(
                f"The archive is too large: it unpacks to more than {most / 1e6:,.0f} MB.",
                hint=_LARGE,
            )
        if unpacked > _SPARE + _TIMES * packed:
            raise ReadError(
                f"The archive unpacks to more than {_TIMES} times its size, "
                "which archives of articles do not.",
                hint=_SPLIT,
            )

    def refuse_large(self, name: str, size: int) -> None:
        """Raises ReadError if a member called `name` has too many bytes."""
        most = size_limit(name, self.max_size)
        if size > most:
            raise ReadError(f"It is too large: more than {most / 1e6:,.1f} MB.", hint=_LARGE)


def refuse_too_many(count: int) -> None:
    """Raises ReadError if an archive has so many entries that listing them takes long."""
    if count > MOST_MEMBERS:
        raise ReadError(
            f"The archive has more than {MOST_MEMBERS:,} files.", hint="Split it into several."
        )


def broken_off(what: str) -> ReadError:
    """The error for an archive that cannot be read on; `what` is the predicate of a sentence."""
    return ReadError(f"The archive {what}.", hint=_AGAIN)


@dataclass(slots=True)
class MembersRead:
    """Makes members of the entries of one archive, by their paths."""

    limits: ReadingLimits
    ignored: IgnoredMembers

    def member(self, path: str, contents: Callable[[], bytes]) -> Member | None:
        """The member at `path`, whose `contents` are unpacked when it is read; None if ignored.

        `contents` raises ReadError.
        """
        path = path.partition("\0")[0]  # what unpacks an archive ends the path there
        parts = [part for part in path.split("/") if part not in ("", ".")]
        leads_out = path.startswith("/") or _DRIVE.match(path) is not None or ".." in parts
        if not parts or (not leads_out and self.ignored.passes_over("/".join(parts))):
            return None
        name = parts[-1]

        def read() -> Iterator[Article | None]:
            if leads_out:
                raise ReadError("Its path leads out of the archive.")
            if len(path) > _LONGEST_PATH:
                raise ReadError("Its path is too long.")
            if is_archive(name):
                raise ReadError("This is an archive in an archive.")
            yield from read_articles(
                contents(), name, encodings=self.limits.encodings, max_size=self.limits.max_size
            )

        return Member(path if leads_out else "/".join(parts), name, read)
