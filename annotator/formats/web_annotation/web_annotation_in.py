"""Reads W3C Web Annotations: collections, pages, or single annotations.

Our collections have the text within; annotations of others are about a text elsewhere, which must
lie beside the file, with the suffix `.txt`. A quote proves the unit of the offsets; a target with a
quote alone is placed where its words, prefix and suffix are, if that is one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotator.formats import record_envelope
from annotator.formats.base import NumberedRecords, ReadOptions, Refused
from annotator.formats.counting import Counting, counting
from annotator.formats.external_text import InvalidAnnotation, decoded, name_in
from annotator.formats.json_values import values_in
from annotator.formats.marks.read_marks import read_marks
from annotator.formats.marks.shown_marks import (
    ATTRIBUTES,
    IDENTITY,
    NOTE,
    TITLES,
    MarkedText,
    MarkKind,
    MarkLink,
    SpanMark,
)
from annotator.formats.plain_files import content_of
from annotator.formats.refusals import RefusedPiece

_SAYS = ATTRIBUTES | {IDENTITY, NOTE}
_KINDS = {"classifying": MarkKind.ENTITY, "moderating": MarkKind.JUNK}
_ROLES = {title: role for role, title in TITLES.items()}
_NO_TEXT = "annotations without their text"
_INVALID = "invalid annotation"


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
    """A record for each of our collections, with its number (from 1), then one for each creator of
    the other annotations in the file; yields Refused for what cannot be read."""
    how = counting(path, options.offsets, options.notes)
    loose, first = [], 0
    for found in values_in(path):
        if isinstance(found, Refused):
            yield found.line or 0, found
        elif _is_ours(found.value):
            ours = found.value[record_envelope.KEY]
            parsed = _Annotations(ours=True)
            parsed.take_all(_items(found.value))
            told = parsed.shown(ours.get("text"), beside=ours["record"])
            for one in read_marks(told, how, options.means, found.number, tuple(parsed.lost)):
                yield found.number, one
        else:
            first = first or found.number
            loose += _items(found.value)
    if loose:
        for one in _of_others(loose, path, how, options, first):
            yield first, one


def _of_others(
    rows: list[Any], path: Path, how: Counting, options: ReadOptions, number: int
) -> Iterator[Any]:
    """A record for each creator of these annotations."""
    try:
        text = decoded(content_of(path.with_suffix(".txt"), (path.resolve().parent,)))
    except (OSError, UnicodeDecodeError, InvalidAnnotation):
        reason = (
            f"{len(rows):,} annotations are about a text that the file does not contain; put it "
            f"beside as {path.stem}.txt"
        )
        yield Refused(path.name, number, reason, kind=_NO_TEXT)
        return
    for creator in dict.fromkeys(map(_creator, rows)):
        parsed = _Annotations()
        parsed.take_all(row for row in rows if _creator(row) == creator)
        told = parsed.shown(text, reviewer=creator)
        yield from read_marks(told, how, options.means, number, tuple(parsed.lost))


def _is_ours(value: Any) -> bool:
    ours = value.get(record_envelope.KEY) if isinstance(value, dict) else None
    return isinstance(ours, dict) and isinstance(ours.get("record"), dict)


def _items(value: Any) -> list[Any]:
    """The annotations of a collection or a page; a single annotation as it is."""
    if not isinstance(value, dict):
        return [value]
    if isinstance(value.get("first"), dict):
        return _items({"items": [], **value["first"]})
    items = value.get("items")
    return items if isinstance(items, list) else [value]


def _creator(row: Any) -> str | None:
    who = row.get("creator") if isinstance(row, dict) else None
    if isinstance(who, dict):
        who = who.get("name") or who.get("nickname") or who.get("id")
    return name_in(who)


@dataclass
class _Annotations:
    """Reads annotations as marks and links; invalid ones are added to `lost`."""

    ours: bool = False
    marks: list[SpanMark] = field(default_factory=list)
    links: list[MarkLink] = field(default_factory=list)
    lost: list[RefusedPiece] = field(default_factory=list)
    quotes: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def take_all(self, rows: Iterable[Any]) -> None:
        """Read these annotations."""
        for number, row in enumerate(rows, start=1):
            try:
                if not isinstance(row, dict):
                    raise InvalidAnnotation(f"expected an object, found {row!r:.60}", _INVALID)
                self._take(row, name_in(row.get("id")) or f"annotation {number}")
            except InvalidAnnotation as invalid:
                self.lost.append(RefusedPiece(f"annotation {number}: {invalid}", invalid.kind))

    def shown(self, text: Any, *, beside: Any = None, reviewer: str | None = None) -> MarkedText:
        """What the annotations show of this text."""
        if isinstance(text, str):
            self.marks = list(self._placed(text))
        says = _SAYS if self.ours else frozenset()
        return MarkedText(
            text, tuple(self.marks), tuple(self.links), beside, says=says, reviewer=reviewer
        )

    def _take(self, row: Mapping[str, Any], name: str) -> None:
        bodies = list(_bodies(row))
        linked = [one for one in bodies if one.get("purpose") == "linking"]
        if linked or row.get("motivation") == "linking":
            ends = (one.get("source") for one in linked), (row.get("target"),)
            one, other = (next((e for e in end if isinstance(e, str)), "") for end in ends)
            label = next((said for kind, said in map(_told, bodies) if kind == "tagging"), "")
            self.links.append(MarkLink(label, one, other))
            return
        target = row.get("target")
        target = target[0] if isinstance(target, list) and len(target) == 1 else target
        if not isinstance(target, dict):
            raise InvalidAnnotation(f"no selector in its target {target!r:.60}", _INVALID)
        place, quote = _selectors(target.get("selector"))
        words = quote.get("exact")
        words = words if isinstance(words, str) else None
        if not place and words is None:
            raise InvalidAnnotation("neither a position nor a quote in its target", _INVALID)
        kind, label, said = self._said(bodies)
        if not place:
            self.quotes[name] = quote
        self.marks.append(
            SpanMark(name, kind, label, place.get("start"), place.get("end"), words, said)
        )

    def _said(
        self, bodies: Iterable[Mapping[str, Any]]
    ) -> tuple[MarkKind | None, str, Mapping[str, str]]:
        """The kind, the label and the facts in the bodies of an annotation."""
        kind, label, said = None, None, {}
        for purpose, value in map(_told, bodies):
            name, _, word = value.partition(":")
            if purpose == "identifying":
                said[IDENTITY] = value
            elif purpose == "commenting":
                said[NOTE] = value
            elif purpose == "assessing" and name in ATTRIBUTES:
                said[name] = word
            elif label is None:
                label = value
                if self.ours:
                    kind = _ROLES.get(value) if purpose == "tagging" else _KINDS.get(purpose)
        if label is None:
            raise InvalidAnnotation("no body says what it is", "annotation without a label")
        return kind, label, said

    def _placed(self, text: str) -> Iterator[SpanMark]:
        """The marks, those with a quote alone at the one place where it stands."""
        for mark in self.marks:
            if mark.name not in self.quotes:
                yield mark
                continue
            places = list(_places(text, self.quotes[mark.name], str(mark.words)))
            if len(places) != 1:
                found = "nowhere" if not places else "in several places"
                reason = f"{mark.words!r:.60} stands {found} in the text with its prefix and suffix"
                self.lost.append(RefusedPiece(reason, "quote without one place"))
                continue
            end = places[0] + len(str(mark.words))
            yield replace(mark, start=places[0], end=end, is_placed=True)


def _bodies(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    body = row.get("body", row.get("bodyValue"))
    for one in body if isinstance(body, list) else [body]:
        if isinstance(one, dict):
            yield one
        elif isinstance(one, str):
            yield {"value": one}


def _told(body: Mapping[str, Any]) -> tuple[str, str]:
    """The purpose of a body, and its value as text; tagging by default."""
    purpose, value = body.get("purpose"), body.get("value", body.get("source", body.get("id")))
    if isinstance(value, dict):
        value = value.get("label", value.get("id"))
    return purpose if isinstance(purpose, str) else "tagging", name_in(value) or ""


def _selectors(selector: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The position and the quote among these selectors; empty if there is none."""
    found = selector if isinstance(selector, list) else [selector]
    rows = [one for one in found if isinstance(one, dict)]
    known = {kind: one for one in rows if isinstance(kind := one.get("type"), str)}
    return known.get("TextPositionSelector", {}), known.get("TextQuoteSelector", {})


def _places(text: str, quote: Mapping[str, Any], words: str) -> Iterator[int]:
    """The places of these words, at most two, after their prefix and before their suffix."""
    before, after = (
        said if isinstance(said := quote.get(name), str) else "" for name in ("prefix", "suffix")
    )
    place, found = text.find(words) if words else -1, 0
    while place >= 0 and found < 2:
        end = place + len(words)
        if text.endswith(before, 0, place) and text.startswith(after, end):
            found += 1
            yield place
        place = text.find(words, place + 1)
