"""Every failure that a user can act on: what happened, and what to do next."""


class AnnotatorError(Exception):
    """A failure with its way out: `message` says what happened, `hint` what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SettingsError(AnnotatorError):
    """The workspace or one of its settings is not as it must be."""


class SchemeError(AnnotatorError):
    """A label scheme that cannot be used."""


class ReadError(AnnotatorError):
    """A file that cannot become an article; the file is kept as rejected with this reason."""


class ModelError(AnnotatorError):
    """A pipeline that is missing or cannot be loaded."""


class ReviewError(AnnotatorError):
    """A decision that does not fit the review it is made in."""


class RecordError(AnnotatorError):
    """A record that does not keep the contract."""


class ExportError(AnnotatorError):
    """A dataset that could not be written."""


class StoreError(AnnotatorError):
    """The database cannot do what is asked."""


class ArticleNotFound(StoreError):
    """No article has this id."""


class LeaseLost(StoreError):
    """Somebody else took the article after the hold on it had run out."""


class ArticlePurged(ArticleNotFound, LeaseLost):
    """The article was removed for good, with all that was said of it; nobody has it any more."""


class SchemaOutdated(StoreError):
    """The database belongs to another version of the program."""


class DatabaseGone(StoreError):
    """The files of the database are not those that were opened: what was saved last may be lost."""


class Damaged(StoreError):
    """What is stored cannot be read."""


class ArticleDamaged(Damaged):
    """What is stored of one article cannot be read; the message names it."""


class ScreensFailed(AnnotatorError):
    """The screens ended by an error that nobody foresaw, which is the cause of this one."""
