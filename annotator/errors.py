"""Errors that a user can act on: what happened, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto


class AnnotatorError(Exception):
    """An error for the user: `message` says what happened, `hint` what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SettingsError(AnnotatorError):
    """The workspace or one of its settings is invalid."""


class SchemeError(AnnotatorError):
    """A label scheme is invalid."""


class ReadFrom(Enum):
    """Where a text came from: a file in the inbox, a file elsewhere, or a pipe."""

    INBOX = auto()
    ELSEWHERE = auto()
    PIPE = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """A command that converts a file to a readable one, and its form as a filter in a pipe (None:
    it needs a file)."""

    line: str
    as_filter: str | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What to do about a text that cannot be read.

    `text` precedes the `command`, if any, and `more` follows it. For piped text, `piped` replaces
    them: the words before the filter, or all words without a filter. With `retries_by_itself`, the
    watcher reads the file again after it was fixed; `subject` names the file in the hint.
    """

    text: str
    command: Command | None = None
    more: str = ""
    piped: str = ""
    retries_by_itself: bool = False
    subject: str = "it"

    def then(self, more: str) -> Hint:
        """The hint with a further sentence."""
        return replace(self, more=f"{self.more} {more}".strip())

    def worded(self, source: ReadFrom) -> str:
        """The hint in words, for a text from `source`."""
        if source is ReadFrom.PIPE:
            return self._for_a_pipe()
        said = self.text
        if self.command is not None:
            said = f"{self.text}: {self.command.line}"
        elif self.retries_by_itself:
            by_itself = f"{self.subject} is then read again by itself"
            by_hand = "then have it read again: annotator add --retry-rejected"
            said = f"{self.text}; {by_itself if source is ReadFrom.INBOX else by_hand}."
        return f"{said} {self.more}".strip()

    def _for_a_pipe(self) -> str:
        if self.command is not None and self.command.as_filter is not None:
            return f"{self.piped or self.text}: … | {self.command.as_filter} | annotator add -"
        if self.retries_by_itself:
            return "Fix that and pipe it again; articles taken in already are recognised."
        return self.piped or self.worded(ReadFrom.INBOX)


class ReadError(AnnotatorError):
    """A text cannot be read as an article; its file is listed as rejected with this reason.

    `advice` is the hint as a value; `hint` is its wording for a file in the inbox.
    """

    def __init__(self, message: str, *, hint: str | Hint = "") -> None:
        self.advice = hint if isinstance(hint, Hint) else Hint(hint)
        super().__init__(message, hint=self.advice.worded(ReadFrom.INBOX))

    def message_for(self, source: ReadFrom) -> str:  # noqa: ARG002
        """The message for a text from `source`."""
        return self.message

    def worded(self, source: ReadFrom) -> ReadError:
        """The error worded for a text from `source`."""
        return ReadError(self.message_for(source), hint=self.advice.worded(source))


class TooSlowError(ReadError):
    """A text, or texts in one file, took too long to read: so many `times`."""

    def __init__(self, message: str, *, hint: str | Hint = "", times: int = 1) -> None:
        self.times = times
        super().__init__(message, hint=hint)


class FileError(ReadError):
    """A whole file cannot be read; `predicate` is the message without its subject."""

    def __init__(self, predicate: str, *, hint: str | Hint = "") -> None:
        self.predicate = predicate
        super().__init__(f"The file {predicate}.", hint=hint)

    def message_for(self, source: ReadFrom) -> str:
        """The message; piped text is not called a file."""
        return f"What was given {self.predicate}." if source is ReadFrom.PIPE else self.message


class ModelError(AnnotatorError):
    """A pipeline is missing or cannot be loaded."""


class ReviewError(AnnotatorError):
    """A decision does not fit its review."""


class RecordError(AnnotatorError):
    """A record violates the contract."""


class ExportError(AnnotatorError):
    """An export failed."""


class StoreError(AnnotatorError):
    """A database operation failed."""


class ArticleNotFound(StoreError):
    """No article has this id."""


class LeaseLost(StoreError):
    """The lease on the article expired and somebody else took it."""


class ArticlePurged(ArticleNotFound, LeaseLost):
    """The article and its reviews were removed for good."""


class SchemaOutdated(StoreError):
    """The database has the schema of another version."""


class DatabaseGone(StoreError):
    """The files of the database were replaced while open: the last decisions may be lost."""


class Damaged(StoreError):
    """Stored data cannot be read."""


class ArticleDamaged(Damaged):
    """The stored data of one article cannot be read; the message names the article."""


class ScreensFailed(AnnotatorError):
    """The screens ended with an unexpected error, given as the cause."""
