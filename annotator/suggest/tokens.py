"""Rules for spaCy's tokeniser that separate names from other words.

`U.S.-led` begins with a name like `US-led`, and the dash of `-Commissioner Hale` is not part of it.
The rules apply with every pipeline; existing Docs keep their tokens.
"""

from __future__ import annotations

import re

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
    if prefix is not None:
        tokenizer.prefix_search = prefix.search
    infix = _with(tokenizer.infix_finditer, _INFIX)
    if infix is not None:
        tokenizer.infix_finditer = infix.finditer


def _with(method: object, pattern: str) -> re.Pattern[str] | None:
    """The expression of a method, extended by `pattern`; None if it contains that already."""
    own = getattr(method, "__self__", None)
    if own is None:
        return re.compile(pattern) if method is None else None
    return None if pattern in own.pattern else re.compile(f"{own.pattern}|{pattern}")
