"""Stems of English words: enough to see that *withdraws*, *withdrawing* and *withdrew* belong
together, with no claim to be a word."""

from __future__ import annotations

import re
from functools import lru_cache

_FORMS = """
go went gone, leave left, withdraw withdrew withdrawn, fight fought, begin began begun, man men,
woman women, die died dying, lie lying, say said, tell told, make made, take taken took,
give gave given, lose lost, win won, beat beaten, send sent, bring brought, drive driven drove,
hold held, keep kept, meet met, pay paid, fall fell fallen, rise rose risen, ring rang rung,
burn burnt, break broke broken, come came, see saw seen, know knew known, write wrote written,
strike struck, shoot shot, seek sought, quit quits, army armies
"""
_IRREGULAR = {form: forms.split()[0] for forms in _FORMS.split(",") for form in forms.split()[1:]}
# Suffixes with what replaces them; longer ones first.
_SUFFIXES = (
    ("ational", "ate"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"),
    ("isation", "ise"), ("ization", "ise"), ("ations", ""), ("ation", ""), ("ators", ""),
    ("ated", ""), ("ates", ""), ("ating", ""), ("ator", ""), ("ate", ""),
    ("ments", ""), ("ment", ""), ("nesses", ""), ("ness", ""), ("ions", ""), ("ion", ""),
    ("ingly", ""), ("edly", ""), ("ally", "al"), ("ily", "y"), ("ly", ""), ("izes", "ise"),
    ("ized", "ise"), ("ize", "ise"), ("als", ""), ("al", ""), ("ings", ""), ("ing", ""),
    ("ied", "y"), ("ies", "y"), ("ers", ""), ("er", ""), ("ed", ""), ("sses", "ss"), ("ches", "ch"),
    ("shes", "sh"), ("xes", "x"), ("es", "e"), ("s", ""),
)  # fmt: skip
_VOWEL = re.compile(r"[aeiouy]")
_DOUBLE = re.compile(r"([bdfgmnprt])\1$")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a word in lower case; short words and numbers stay as they are."""
    if word in _IRREGULAR:
        return _bare(_IRREGULAR[word])
    if len(word) <= 3 or not word.isalpha():
        return word
    for suffix, instead in _SUFFIXES:
        rest = word[: -len(suffix)]
        if word.endswith(suffix) and len(rest) >= 3 and _VOWEL.search(rest):
            if suffix == "s" and rest[-1] in "su":
                break
            return _bare(_DOUBLE.sub(r"\1", rest) + instead)
    return _bare(word)


def _bare(word: str) -> str:
    """Without a silent e, so that *leave* and *leaving* are one."""
    return word[:-1] if len(word) > 3 and word.endswith("e") and word[-2] not in "ae" else word
