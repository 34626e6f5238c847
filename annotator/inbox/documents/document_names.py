"""Which titles and authors in the properties of a document are somebody's words.

Word processors fill these in by themselves: with the name of the file, of the machine's user or of
the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 300
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint) - .*|(?:new |neues? )?(?:document|dokument|untitled"
    r"|unbenannt|sans titre|sin título|senza titolo|title|titel|template|vorlage|normal|print"
    r"|press release|powerpoint presentation|slide|layout|article)[\s_-]*\d*"
    r"|.*\.(?:docx?|dotx?|odt|rtf|pdf|indd"
    r"|qxp|qxd|txt|html?|tmp|ps|eps|pages|pub|wpd)|[\W\d_]+|https?://.*|about:blank|[!-~]+)",
    re.IGNORECASE | re.DOTALL,
)
_NO_NAMES = (
    "user username admin administrator author owner unknown anonymous guest test default root "
    "office windows microsoft mac macuser home hp dell lenovo acer asus customer student none null "
    "preferred python-docx docx4j pandoc libreoffice openoffice "
)
_NO_AUTHORS = frozenset(_NO_NAMES.split()) | {
    "authorised user", "authorized user", "default user", "apache poi", "microsoft office user",
    "microsoft office", "preferred customer", "libreoffice user", "windows user", "un-named",
    "valued customer", "google docs", "anonymous user", "quarkxpress", "adobe indesign",
}  # fmt: skip
_LOGIN = re.compile(r"[a-z][a-z]*[\d._\\-]+[\w.\\-]*|.*[\\@].*|[\W\d_]+|[a-z]{1,12}|[A-Z\d]{1,8}")


def honest_title(titles: Iterable[str]) -> str | None:
    """The first title that a person wrote; None if all are a program's or a file's name."""
    return next((one for one in titles if 0 < len(one) <= _LONGEST and _is_title(one)), None)


def honest_author(authors: Iterable[str]) -> str | None:
    """The first author that is a name; None if all are an account's, a program's or a default."""
    return next((one for one in authors if 0 < len(one) <= _LONGEST and _is_author(one)), None)


def _is_title(words: str) -> bool:
    return words.isprintable() and not _NO_TITLE.fullmatch(words)


def _is_author(words: str) -> bool:
    plain = words.casefold()
    return words.isprintable() and plain not in _NO_AUTHORS and not _LOGIN.fullmatch(words)
