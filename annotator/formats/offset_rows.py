"""Reads rows of spans in files with texts and offsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.formats.external_text import InvalidAnnotation, name_in, score_in
from annotator.formats.refusals import OF_THE_TEXT, RefusedPiece

STARTS, ENDS = ("start", "start_offset", "begin"), ("end", "end_offset", "stop")
LABELS, WORDS = ("label", "type", "tag", "entity_group", "entity"), ("text", "surface")
_OF_WHOLE = ("label", "labels", "annotations")
_USER, _IDENTITY = "user", "kb_id"
_TAKEN = frozenset(
    (*STARTS, *ENDS, *LABELS, *WORDS, "id", _USER, _IDENTITY, "token_start", "token_end")
)


Row = tuple[Any, Any, str | None]


def row_of(value: Any) -> Row:
    """The offsets of a span and its words, None if it has none."""
    if isinstance(value, list) and len(value) >= 3:
        return value[0], value[1], None
    if not isinstance(value, dict):
        return None, None, None
    words = first_of(value, WORDS)
    return first_of(value, STARTS), first_of(value, ENDS), words if isinstance(words, str) else None


def first_of(row: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """The value of the first of these keys that exists; None if none does."""
    for key in keys:
        if key in row:
            return row[key]
    return None


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One span of a line: the key of its list, its index there, its value, and its offsets and
    words."""

    key: str
    number: int
    value: Any
    told: Row

    @property
    def place(self) -> str:
        """Its name for the user."""
        return f"{self.key}[{self.number}]"

    @property
    def name(self) -> Any:
        """Its id in relations."""
        named = name_in(self.value.get("id")) if isinstance(self.value, dict) else None
        return named or (self.key, self.number)

    @property
    def user(self) -> str | None:
        """The name or number of its annotator; None if unknown."""
        who = self.value.get(_USER) if isinstance(self.value, dict) else None
        return (
            name_in(who.get("username") or who.get("id")) if isinstance(who, dict) else name_in(who)
        )

    @property
    def identity(self) -> str | None:
        """Its knowledge base id as in spaCy; None if it has none."""
        named = self.value.get(_IDENTITY) if isinstance(self.value, dict) else None
        return named if isinstance(named, str) and named else None

    def beside(self) -> dict[str, Any]:
        """Its fields besides offsets, label and id."""
        if isinstance(self.value, list) and len(self.value) > 3:
            return {"more": self.value[3:]}
        if isinstance(self.value, dict):
            more = {key: said for key, said in self.value.items() if key not in _TAKEN}
            if "score" in more and score_in(more["score"]) is not None:
                del more["score"]
            return more
        return {}


def holds_spans(value: Any) -> bool:
    """Whether this is a list with rows of two offsets and a label."""
    return isinstance(value, list) and any(map(_is_span, value))


def _is_span(row: Any) -> bool:
    if isinstance(row, list):
        kinds = sorted(type(one).__name__ for one in row[:3])
        return kinds == ["int", "int", "str"]
    if not isinstance(row, dict):
        return False
    return all(any(key in row for key in names) for names in (STARTS, ENDS, LABELS))


def spread(value: Any) -> Iterator[Any]:
    """The texts of a value: itself, or the texts in an object with `classes` and `annotations`."""
    if isinstance(value, dict) and "text" not in value and isinstance(value.get("classes"), list):
        rows = value.get("annotations")
        if isinstance(rows, list):
            yield from (row for row in rows if row is not None)
            return
    yield value


def users_of(rows: Sequence[SpanRow]) -> tuple[str | None, ...]:
    """The annotators in order of appearance; at least one, which may be None."""
    return tuple(dict.fromkeys(row.user for row in rows)) or (None,)


def without_labels_of_text(
    plain: Mapping[str, Any], lists: Sequence[str], lost: list[RefusedPiece]
) -> list[str]:
    """The keys of a line with spans; labels of the whole text are added to `lost`.

    Raises InvalidAnnotation if a line has only labels of the whole text.
    """
    whole = [key for key in lists if key in _OF_WHOLE and plain[key] and _is_of_text(plain[key])]
    spans = [key for key in lists if key not in whole]
    if whole and not any(plain[key] for key in spans):
        raise InvalidAnnotation(
            f"its labels are of the whole text ({plain[whole[0]]!r:.40}), which records do not "
            "support; to import only the text: annotator add",
            OF_THE_TEXT,
        )
    for key in whole:
        reason = f"{key}: {plain[key]!r:.40} is a label of the whole text"
        lost.append(RefusedPiece(reason, OF_THE_TEXT, ()))
    return spans


def _is_of_text(value: Any) -> bool:
    if isinstance(value, list):
        return all(_says_no_place(row) for row in value)
    return isinstance(value, str | int | float)


def _says_no_place(row: Any) -> bool:
    if isinstance(row, dict):
        return not any(key in row for key in (*STARTS, *ENDS)) and ("label" in row or "text" in row)
    return isinstance(row, str | int)
