"""Where a tokeniser of spaCy's divides words, so that names do not hang on other words.

`U.S.-led` begins with a name as `US-led` does, and the dash of `-Commissioner Hale` is no part of
it. Texts are divided so whatever pipeline reads them; ready-made Docs keep their own tokens.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokenizer import Tokenizer

_PREFIX = r"^[-–](?=[^\W\d_][^\W\d_])"
_INFIX = r"(?<=[A-Z]\.)[-–](?=[^\W_])"


def divide_at_names(nlp: Language) -> None:
    """Teach the tokeniser of a pipeline to divide there; one of another kind stays as it is."""
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
    """The expression that a method belongs to, widened by `pattern`; None if it holds that."""
    own = getattr(method, "__self__", None)
    if own is None:
        return re.compile(pattern) if method is None else None
    return None if pattern in own.pattern else re.compile(f"{own.pattern}|{pattern}")
