"""Lists of names as patterns of spaCy's entity ruler: one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from annotator.core.memory.entries import form_of
from annotator.core.memory.known import Known
from annotator.core.memory.recall import is_sure
from annotator.core.records.json_lines import value_in
from annotator.errors import RecordError

Named = tuple[str, str]
"""A form and its label."""
_EXACT = ("ORTH", "TEXT")


def patterns_of(forms: Iterable[tuple[str, Known]]) -> Iterator[dict[str, str]]:
    """The patterns of the forms that are suggested wherever they stand."""
    for form, known in forms:
        label = known.label()
        if label is not None and is_sure(form, known):
            yield {"label": label, "pattern": form}


def named_in(line: str, labels: Iterable[str]) -> Named:
    """The form and label of one pattern; raises RecordError saying why it cannot be one of ours."""
    plain = value_in(line)
    if not isinstance(plain, dict) or not isinstance(plain.get("label"), str):
        raise RecordError("not a pattern: it has no label")
    if plain["label"] not in labels:
        raise RecordError(f"the label scheme has no {plain['label']!r:.40}")
    form = form_of(_words(plain.get("pattern")))
    if not form:
        raise RecordError("the pattern is empty or too long for a name")
    return form, plain["label"]


def _words(pattern: Any) -> str:
    """The exact words that a pattern matches."""
    if isinstance(pattern, str):
        return pattern
    if not isinstance(pattern, list):
        raise RecordError("not a pattern: neither words nor tokens")
    return " ".join(_word(token) for token in pattern)


def _word(token: Any) -> str:
    exact = [token.get(key) for key in _EXACT] if isinstance(token, dict) else []
    word = next((one for one in exact if isinstance(one, str)), None)
    if word is None or len(token) > 1:
        raise RecordError("a token matches more than one exact word (only ORTH and TEXT do not)")
    return word
