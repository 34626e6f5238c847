"""Rules for spaCy's tokeniser that separate names from other words.

`U.S.-led` begins with a name like `US-led`, and the dash of `-Commissioner Hale` is not part of it.
The rules apply with every pipeline; existing Docs keep their tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from spacy.language import Language
from spacy.tokenizer import Tokenizer

_PREFIX = r"^[-–](?=[^\W\d_][^\W\d_])"
_INFIX = r"(?<=[A-Z]\.)[-–](?=[^\W_])"


def divide_at_names(nlp: Language) -> None:
    """Add the rules to the tokeniser of a pipeline; a tokeniser of another kind is unchanged."""
    tokenizer = nlp.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        return
    prefix = _with(tokenizer.prefix_search, _PREFIX)
    infix = _with(tokenizer.infix_finditer, _INFIX)
    if prefix is None and infix is None:
        return
    with _exceptions_aside(tokenizer):
        if prefix is not None:
            tokenizer.prefix_search = prefix.search
        if infix is not None:
            tokenizer.infix_finditer = infix.finditer


@contextmanager
def _exceptions_aside(tokenizer: Tokenizer) -> Iterator[None]:
    """Take the exceptions away while expressions are set: each would have them tokenised anew."""
    rules = tokenizer.rules
    tokenizer.rules = {}
    yield
    tokenizer.rules = rules


def _with(method: object, pattern: str) -> re.Pattern[str] | None:
    """The expression of a method, extended by `pattern`; None if it contains that already."""
    own = getattr(method, "__self__", None)
    if own is None:
        return re.compile(pattern) if method is None else None
    return None if pattern in own.pattern else re.compile(f"{own.pattern}|{pattern}")
