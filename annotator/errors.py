"""Errors that a user can act on: what happened, and what to do next."""


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


class ReadError(AnnotatorError):
    """A file cannot be read as an article; it is listed as rejected with this reason."""


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
