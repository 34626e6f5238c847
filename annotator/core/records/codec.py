"""Items and decisions to and from plain dicts, as in records, tables and files.

The form is that of a record: each span with its words, keys in the record's order. Reading checks
spans against the article's text if one is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from sys import intern
from typing import Any, TypeVar

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, MadeBy, Tier, Verdict
from annotator.core.article import Span, Spans
from annotator.core.claim_ties import Tie
from annotator.core.decisions import (
    Answer,
    ArticleNote,
    Basis,
    Decision,
    Finished,
    Kind,
    Outcome,
)
from annotator.core.records.encode import Plain as Plain
from annotator.core.records.encode import (
    claim_to_dict,
    junk_to_list,
    unattributed_to_list,
)
from annotator.core.records.fields import CLAIM_ATTRIBUTES, TIER, Attribute
from annotator.core.records.finishes import finished_from_dict, finished_to_dict
from annotator.core.records.tie_rows import tie_from_dict, tie_to_dict
from annotator.errors import RecordError

_Choice = TypeVar("_Choice", bound=StrEnum)
_MAKERS = {one.value: one for one in MadeBy}
_VERDICTS = {one.value: one for one in Verdict}
_TIERS = {one.value: one for one in Tier}
_JUNK_KINDS = {one.value: one for one in JunkKind}
_ATTRIBUTES = tuple((one.name, one.read) for one in (*CLAIM_ATTRIBUTES, TIER))


def span_to_dict(span: Span, text: str) -> Plain:
    """A span with its words, in record form."""
    return {"start": span.start, "end": span.end, "text": span.of(text)}


def item_to_dict(item: Item, text: str) -> Plain:
    """An item in record form; a claim lacks `parent` and `entities`, which depend on others."""
    match item:
        case Entity():
            return _entity_to_dict(item, text)
        case Junk():
            return junk_to_list((item,), text)[0]
    return claim_to_dict(item, text, source_entity=item.source_entity)


def _entity_to_dict(entity: Entity, text: str) -> Plain:
    """An entity as it is stored; no record says its tier, or who did not suggest it."""
    plain = unattributed_to_list((entity,), text)[0]
    if entity.tier is not Tier.A:
        plain["tier"] = entity.tier.value
    if entity.suggested_by:
        plain["suggested_by"] = list(entity.suggested_by)
        plain["not_suggested_by"] = list(entity.not_suggested_by)
    return plain


def item_from_dict(
    plain: Mapping[str, Any], text: str | None = None, *, where: str = "item"
) -> Item:
    """The item that `plain` describes; raises RecordError naming an invalid field.

    With `text`, the words of its spans are compared.
    """
    try:
        if "content" in plain:
            return _claim(plain, text)
        if "label" in plain:
            return _entity(plain, text)
        return _junk(plain, text)
    except (KeyError, TypeError, ValueError):
        return _checked(_Reader(plain, text, where))


# Datasets have millions of items, nearly all valid: each is read by one dict display. If that
# fails, it is read again field by field, for the error message.


def _entity(plain: Mapping[str, Any], text: str | None) -> Entity:
    get = plain.get
    # Thousands of entities share a few labels, so intern them.
    label = intern(plain["label"])
    by, not_by = get("suggested_by"), get("not_suggested_by")
    return Entity(
        _text(get("id")),
        _span(plain, text),
        label,
        _text_or_none(get("identity")),
        _MAKERS[plain["made_by"]],
        _VERDICTS[plain["verdict"]],
        _score(get("score")),
        _text_or_none(get("note")),
        _TIERS[get("tier", "A")],
        () if by is None else _names(by),
        () if not_by is None else _names(not_by),
    )


def _claim(plain: Mapping[str, Any], text: str | None) -> Claim:
    get = plain.get
    return Claim(
        _text(get("id")),
        _pieces(plain["content"], text),
        _pieces(plain["cue"], text),
        _pieces(plain["source"], text),
        **{name: read(get(name)) for name, read in _ATTRIBUTES},
        source_entity=_text_or_none(get("source_entity")),
        made_by=_MAKERS[plain["made_by"]],
        verdict=_VERDICTS[plain["verdict"]],
        score=_score(get("score")),
        note=_text_or_none(get("note")),
    )


def _junk(plain: Mapping[str, Any], text: str | None) -> Junk:
    get = plain.get
    return Junk(
        _text(get("id")),
        _span(plain, text),
        _JUNK_KINDS[plain["kind"]],
        _MAKERS[plain["made_by"]],
        _VERDICTS[plain["verdict"]],
        _score(get("score")),
        _text_or_none(get("note")),
    )


def _pieces(rows: Any, text: str | None) -> Spans:
    if type(rows) is not list:
        raise TypeError("expected a list")
    return tuple([_span(row, text) for row in rows])


def _span(plain: Mapping[str, Any], text: str | None) -> Span:
    start, end = plain["start"], plain["end"]
    if type(start) is not int or type(end) is not int:
        raise TypeError("expected whole numbers")
    if text is not None and text[start:end] != plain["text"]:
        raise ValueError("the text differs there")
    return Span(start, end)


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    raise TypeError("expected text")


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _names(value: Any) -> tuple[str, ...]:
    if type(value) is list and all(type(name) is str and name for name in value):
        # Thousands of entities share a few names.
        return tuple(map(intern, value))
    raise TypeError("expected names")


def _score(value: Any) -> float | None:
    if value is None or (type(value) is float and 0.0 <= value <= 1.0):
        return value
    raise TypeError("expected 0 to 1 or null")


def _checked(read: _Reader) -> Item:
    """The item, read field by field; raises RecordError for the first invalid field."""
    plain = read.plain
    common: Plain = {
        "made_by": read.choice("made_by", MadeBy),
        "verdict": read.choice("verdict", Verdict),
        "score": read.score(),
        "note": read.optional("note", str),
    }
    if "content" in plain:
        return Claim(
            read.value("id", str),
            read.pieces("content"),
            read.pieces("cue"),
            read.pieces("source"),
            source_entity=read.optional("source_entity", str),
            **{one.name: read.attribute(one) for one in (*CLAIM_ATTRIBUTES, TIER)},
            **common,
        )
    if "label" in plain:
        label, identity = read.value("label", str), read.optional("identity", str)
        tier = read.choice("tier", Tier) if "tier" in plain else Tier.A
        common |= {name: read.names(name) for name in ("suggested_by", "not_suggested_by")}
        return Entity(read.value("id", str), read.span(plain), label, identity, **common, tier=tier)
    kind = read.choice("kind", JunkKind)
    return Junk(read.value("id", str), read.span(plain), kind, **common)


def outcome_to_dict(outcome: Outcome | None, text: str) -> Plain | None:
    """The outcome of a decision as a plain dict."""
    match outcome:
        case None:
            return None
        case Entity() | Claim() | Junk():
            return item_to_dict(outcome, text)
        case ArticleNote():
            return note_to_dict(outcome)
        case Answer():
            return {"answer": outcome.value}
        case Tie():
            return tie_to_dict(outcome)
        case Finished():
            return finished_to_dict(outcome, text)


def outcome_from_dict(plain: Mapping[str, Any] | None) -> Outcome | None:
    """The inverse of `outcome_to_dict`; raises RecordError or ValueError."""
    if plain is None:
        return None
    if "answer" in plain:
        return Answer(plain["answer"])
    if "relation" in plain:
        return tie_from_dict(plain, "after")
    if "unfolded" in plain:
        return finished_from_dict(plain)
    if "reviewer" in plain:
        return note_from_dict(plain)
    return item_from_dict(plain, where="after")


def decision_to_dict(decision: Decision, text: str) -> Plain:
    """A decision with the fields of the contract in order, and its basis (`upon`) if it has one."""
    plain: Plain = {
        "id": decision.id,
        "article": decision.article,
        "reviewer": decision.reviewer,
        "at": time_to_text(decision.at),
        "seq": decision.seq,
        "group": decision.group,
        "kind": decision.kind.value,
        "target": decision.target,
        "before": outcome_to_dict(decision.before, text),
        "after": outcome_to_dict(decision.after, text),
        "keys": decision.keys,
        "seconds": decision.seconds,
    }
    if decision.adjudicates:
        plain["adjudicates"] = True
    if decision.upon is not None:
        plain["upon"] = basis_to_dict(decision.upon)
    return plain


def basis_to_dict(basis: Basis) -> Plain:
    """The basis of a decision as a plain dict."""
    return {"log": basis.log, "newest": dict(basis.newest)}


def decision_from_dict(plain: Mapping[str, Any]) -> Decision:
    """The inverse of `decision_to_dict`; raises RecordError or ValueError."""
    read = _Reader(plain, None, "decision")
    before = plain.get("before")
    return Decision(
        id=read.value("id", str),
        article=read.value("article", str),
        reviewer=read.value("reviewer", str),
        at=time_from_text(read.value("at", str)),
        seq=read.value("seq", int),
        group=read.value("group", str),
        kind=read.choice("kind", Kind),
        target=read.optional("target", str),
        before=None if before is None else item_from_dict(before, where="before"),
        after=outcome_from_dict(plain.get("after")),
        keys=read.value("keys", int),
        seconds=float(plain.get("seconds") or 0.0),
        upon=_basis(read.optional("upon", dict)),
        adjudicates=plain.get("adjudicates") is True,
    )


def _basis(plain: Mapping[str, Any] | None) -> Basis | None:
    if plain is None:
        return None
    read = _Reader(plain, None, "upon")
    newest = read.value("newest", dict)
    for item, decision in newest.items():
        if not isinstance(item, str) or not isinstance(decision, str | None):
            raise read.fail("newest", f"expected ids, found {decision!r:.80}")
    return Basis(read.value("log", str), newest)


def note_to_dict(note: ArticleNote) -> Plain:
    """A note on an article in record form."""
    return {"reviewer": note.reviewer, "at": time_to_text(note.at), "text": note.text}


def note_from_dict(plain: Mapping[str, Any]) -> ArticleNote:
    """The inverse of `note_to_dict`; raises RecordError."""
    read = _Reader(plain, None, "note")
    at = time_from_text(read.value("at", str))
    return ArticleNote(read.value("reviewer", str), at, read.value("text", str))


def time_to_text(at: datetime) -> str:
    """RFC 3339 in UTC with a Z; microseconds only if not zero."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def time_from_text(text: str) -> datetime:
    """The time (timezone-aware, UTC) of RFC 3339 `text`; raises RecordError."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RecordError(f"{text!r} is not a time.", hint="Write it as RFC 3339.") from error
    raise RecordError(f"{text!r} has no time zone.", hint="Write it in UTC, with a Z.")


class _Reader:
    """Reads typed values from a plain dict; errors name the field."""

    def __init__(self, plain: Mapping[str, Any], text: str | None, where: str) -> None:
        self.plain, self.text, self.where = plain, text, where

    def fail(self, field: str, why: str) -> RecordError:
        return RecordError(f"{self.where}.{field}: {why}")

    def value(self, field: str, kind: type[Any]) -> Any:
        value = self.plain.get(field)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fail(field, f"expected {kind.__name__}, found {value!r:.80}")
        return value

    def optional(self, field: str, kind: type[Any]) -> Any:
        return None if self.plain.get(field) is None else self.value(field, kind)

    def names(self, field: str) -> tuple[str, ...]:
        value = self.plain.get(field)
        try:
            return () if value is None else _names(value)
        except TypeError:
            raise self.fail(field, f"expected names, found {value!r:.80}") from None

    def choice(self, field: str, choices: type[_Choice]) -> _Choice:
        try:
            return choices(self.plain.get(field, ""))
        except ValueError:
            known = ", ".join(choices)
            raise self.fail(field, f"{self.plain.get(field)!r:.80} is not one of {known}") from None

    def attribute(self, attribute: Attribute) -> Any:
        """The value of a claim attribute."""
        if attribute.choices is None:
            return self.optional(attribute.name, bool)
        if attribute.default is None and self.plain.get(attribute.name) is None:
            return None
        return self.choice(attribute.name, attribute.choices)

    def score(self) -> float | None:
        value = self.plain.get("score")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.fail("score", f"expected 0 to 1 or null, found {value!r:.80}")
        return float(value)

    def span(self, plain: Any, field: str = "span") -> Span:
        if not isinstance(plain, Mapping):
            raise self.fail(field, f"expected a span, found {plain!r:.80}")
        start, end = plain.get("start"), plain.get("end")
        try:
            span = Span(start, end)  # type: ignore[arg-type]  # checked by Span and just below
        except (TypeError, ValueError):
            raise self.fail(field, f"[{start!r}, {end!r}) is not a valid span") from None
        if type(start) is not int or type(end) is not int:
            raise self.fail(field, f"offsets must be integers, found {start!r}, {end!r}")
        if self.text is not None and span.of(self.text) != plain.get("text"):
            raise self.fail(
                field,
                f"[{start}, {end}) reads {span.of(self.text)!r:.60} in the text, "
                f"not {plain.get('text')!r:.60}",
            )
        return span

    def pieces(self, field: str) -> Spans:
        rows = self.value(field, list)
        return tuple(self.span(row, f"{field}[{n}]") for n, row in enumerate(rows))
