"""Makes items from the results of a Label Studio annotation or prediction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    Verdict,
)
from annotator.core.article import Span, Spans
from annotator.core.claims.claim_defaults import with_guesses
from annotator.core.claims.quotes import ROLES, Parts
from annotator.core.record import is_item_id
from annotator.core.records.fields import CLAIM_ATTRIBUTES, TIER
from annotator.formats import record_envelope
from annotator.formats.base import Means, nothing
from annotator.formats.counting import Row
from annotator.formats.counting import Spans as Counted
from annotator.formats.external_text import (
    NO_OBJECT,
    ExternalText,
    InvalidAnnotation,
    check,
    label_in,
    name_in,
    score_in,
    suggesters_in,
)
from annotator.formats.label_studio.label_studio_ties import TieRow, drawn, relation_of
from annotator.formats.proving import all_stand
from annotator.formats.quotation_spans import CLAIM, parts_of, role_in, spans_of
from annotator.formats.refusals import RefusedPiece
from annotator.formats.tie_relations import Drawn

_INVALID = "invalid region"
_ATTRIBUTES: Mapping[str, Callable[[str], Any]] = {
    attribute.name: attribute.of_word for attribute in (*CLAIM_ATTRIBUTES, TIER)
}


def region_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """The offsets of all regions of these annotations, with their `text`."""
    for row in rows:
        for region in _regions(row):
            value = region["value"]
            if "labels" in value:
                yield value.get("start"), value.get("end"), value.get("text")


def holds_regions(raw: str, rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether there are regions with a `text`, and this text has all of these at their offsets.

    False if the regions are on several texts.
    """
    try:
        text = ExternalText(raw)
    except InvalidAnnotation:
        return False
    marked = [region for row in rows for region in _regions(row) if "start" in region["value"]]
    with_text = [one["value"] for one in marked if isinstance(one["value"].get("text"), str)]
    of_one = len({str(one.get("to_name")) for one in marked}) == 1
    return (
        bool(with_text)
        and of_one
        and all_stand(
            text.reader, [(one["start"], one.get("end"), one["text"]) for one in with_text]
        )
    )


def regions_of(rows: Iterable[Mapping[str, Any]]) -> set[Any]:
    """The names (`to_name`) of the texts with labels of these annotations."""
    every = (region for row in rows for region in _regions(row) if region.get("type") == "labels")
    return {name_in(region.get("to_name")) for region in every}


def _regions(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    result = row.get("result")
    for region in result if isinstance(result, list) else ():
        if isinstance(region, dict) and isinstance(region.get("value"), dict):
            yield region


@dataclass
class _Region:
    """A region: its span, its labels and its row."""

    span: Span
    labels: list[str]
    row: Mapping[str, Any]


@dataclass
class _RegionAnswer:
    """Choices or texts on a region or on the whole text; `used` once an item has taken them."""

    row: Mapping[str, Any]
    values: list[Any]
    used: bool = False


@dataclass
class Results:
    """Reads the results of one annotation or prediction; adds refused ones to `lost`.

    `means` tests for known labels; `ours` is set if we wrote the task; `about` is the name of the
    text if there are regions on other texts. `tied` are the ties of claims once the items are read.
    """

    text: ExternalText
    spans: Counted
    lost: list[RefusedPiece]
    verdict: Verdict
    means: Means = nothing
    ours: bool = False
    about: str | None = None
    pieces: dict[Any, tuple[str, _Region]] = field(default_factory=dict)
    beside: dict[tuple[Any, str], _RegionAnswer] = field(default_factory=dict)
    relations: list[Mapping[str, Any]] = field(default_factory=list)
    tied: list[Drawn] = field(default_factory=list)
    marked: frozenset[Any] = frozenset()
    marks: bool = True

    def items(self, row: Mapping[str, Any]) -> list[Item]:
        """The valid items of one annotation or prediction, unsorted; raises InvalidAnnotation if it
        has no list of results."""
        regions: list[_Region] = []
        result = row.get("result")
        if not isinstance(result, list):
            raise InvalidAnnotation(f"result: expected a list, found {result!r:.60}", NO_OBJECT)
        labels = [one for one in result if isinstance(one, dict) and one.get("type") == "labels"]
        self.marked = frozenset(name_in(one.get("id")) for one in labels)
        # Answers to questions about the text do not mean that there is nothing to mark in it.
        self.marks = bool(labels) or not result
        for entry in result:
            try:
                regions += self._take(entry)
            except InvalidAnnotation as invalid:
                self._refuse(entry, invalid)
        found: list[Item] = []
        entities: dict[Any, str] = {}
        for region in regions:
            for label in region.labels:
                try:
                    item = check(self._plain_item(region, label), self.text.text)
                except InvalidAnnotation as invalid:
                    self._refuse(region.row, invalid)
                    continue
                if isinstance(item, Entity) and item.id:
                    entities.setdefault(name_in(region.row.get("id")), item.id)
                found.append(item)
        found += self._claims(entities)
        self._refuse_unread()
        return found

    def _refuse(self, row: Any, why: object, kind: str = "") -> None:
        name = row.get("id") if isinstance(row, dict) else None
        reason = f"result {name}: {why}" if name is not None else f"result: {why}"
        told = kind or (why.kind if isinstance(why, InvalidAnnotation) else "") or _INVALID
        self.lost.append(RefusedPiece(reason, told, self._where(row)))

    def _where(self, row: Any) -> Spans | None:
        """The spans that a refused row is about; None if unknown."""
        value = row.get("value") if isinstance(row, dict) else None
        if not isinstance(value, dict) or self._is_of_another(row):
            return ()
        with suppress(InvalidAnnotation):
            span = self._span(value)
            about_another = row.get("type") != "labels" and name_in(row.get("id")) in self.marked
            return () if about_another else (span,)
        marks = "start" in value or str(row.get("type")).endswith("labels")
        return None if marks or not self.marks else ()

    def _is_of_another(self, row: Mapping[str, Any]) -> bool:
        """Whether a row is on another text of the task."""
        return self.about is not None and row.get("to_name") not in (None, self.about)

    def _span(self, value: Mapping[str, Any]) -> Span:
        return self.spans.at(value.get("start"), value.get("end"), value.get("text"))

    def _refuse_unread(self) -> None:
        """Refuse choices and texts that no item has taken."""
        for (_, control), one in self.beside.items():
            left = one.values[1:] if one.used else one.values
            if left:
                values, kind = ", ".join(map(str, left)), str(one.row.get("type"))
                why = f"{kind} {control} is not imported: {values:.60}"
                self._refuse(one.row, why, f"{kind} of Label Studio")

    def _take(self, row: Any) -> Iterator[_Region]:
        """The region of one row, if it makes an item by itself; other rows are kept for later."""
        if not isinstance(row, dict):
            raise InvalidAnnotation(f"expected an object, found {row!r:.60}", NO_OBJECT)
        kind, control, value = row.get("type"), row.get("from_name"), row.get("value")
        if kind == "relation":
            self.relations.append(row)
            return
        if not isinstance(value, dict):
            raise InvalidAnnotation(f"value: expected an object, found {value!r:.60}", NO_OBJECT)
        if kind in ("choices", "textarea"):
            self._remember(row, value.get("choices" if kind == "choices" else "text"))
            return
        if kind != "labels":
            raise InvalidAnnotation(
                f"{kind!r:.40} is not imported, only labels on plain text",
                f"{kind} of Label Studio",
            )
        if self._is_of_another(row):
            name = row.get("to_name")
            raise InvalidAnnotation(f"is on another text, {name!r:.40}", "region on another text")
        labels = value.get("labels")
        if not isinstance(labels, list) or not labels:
            raise InvalidAnnotation("no label", "invalid label")
        names = [label_in(label) for label in labels]
        span = self._span(value)
        plain = []
        for name in names[:1] if control == "claim" else names:
            if role := self._role(name, control):
                # A piece without an id can still be a claim of its own.
                key = name_in(row.get("id"))
                taken = key is None or key in self.pieces
                self.pieces[(key, len(self.pieces)) if taken else key] = (
                    role,
                    _Region(span, names, row),
                )
            else:
                plain.append(name)
        if plain:
            yield _Region(span, plain, row)

    def _role(self, label: str, control: Any) -> str | None:
        """The role of a label of this control in a claim; None if it has none."""
        if control == "junk":
            return None
        if control != "claim":
            return role_in(label, self.means)
        if label.casefold() not in ROLES:
            raise InvalidAnnotation(
                f"{label!r:.40} is neither Content, Cue nor Source",
                "label other than Content, Cue and Source",
            )
        return label.casefold()

    def _remember(self, row: Mapping[str, Any], said: Any) -> None:
        values = said if isinstance(said, list) else [said]
        name, control = name_in(row.get("id")), str(row.get("from_name"))
        known = self.beside.setdefault((name, control), _RegionAnswer(row, []))
        known.values += values

    def _said(self, name: Any, control: str) -> Any:
        """The value of a control for a region; None if there is none."""
        one = self.beside.get((name_in(name), control))
        if one is None or not one.values:
            return None
        one.used = True
        return one.values[0]

    def _plain_item(self, region: _Region, label: str) -> Entity | Junk:
        is_junk = region.row.get("from_name") == "junk"
        common = self._common(region.row, of_entity=not is_junk)
        name = _own_id(region.row.get("id"), "junk" if is_junk else "entity")
        if is_junk:
            try:
                return Junk(name, region.span, JunkKind(label), **common)
            except ValueError:
                raise InvalidAnnotation(
                    f"{label!r:.40} is not a kind of junk", "junk without a kind"
                ) from None
        identity = self._said(region.row.get("id"), "identity")
        return Entity(
            name,
            region.span,
            label,
            identity=identity if isinstance(identity, str) else None,
            **common,
        )

    def _common(self, row: Mapping[str, Any], *, of_entity: bool = False) -> dict[str, Any]:
        """The score, note, maker and verdict in a region, and the suggesters of an entity."""
        meta = row.get("meta")
        meta = meta if isinstance(meta, dict) else {}
        said = meta.get("text")
        lines = said if isinstance(said, list) else [said]
        note = "\n".join(line for line in lines if isinstance(line, str))
        score = row.get("score")
        common: dict[str, Any] = {
            "made_by": MadeBy.IMPORT,
            "verdict": self.verdict,
            "score": score_in(score),
            "note": note if any(isinstance(line, str) for line in lines) else None,
        }
        ours = meta.get(record_envelope.KEY)
        if isinstance(ours, dict):
            with suppress(ValueError):
                common["made_by"] = MadeBy(ours.get("made_by", ""))
                if self.verdict is not Verdict.PENDING:
                    common["verdict"] = Verdict(ours.get("verdict", ""))
            if of_entity and "suggested_by" in ours:
                common["suggested_by"] = suggesters_in(ours["suggested_by"])
        return common

    def _claims(self, entities: Mapping[Any, str]) -> Iterator[Claim]:
        pieces = {name: (role, region.span) for name, (role, region) in self.pieces.items()}
        links, sources, ties = [], {}, []
        for row in self.relations:
            one, other = name_in(row.get("from_id")), name_in(row.get("to_id"))
            if one in pieces and other in pieces:
                if relation := relation_of(row):
                    ties.append(TieRow(row, relation))
                else:
                    links.append((one, other))
            elif one in pieces and other in entities:
                sources[one] = entities[other]
            elif other in pieces and one in entities:
                sources[other] = entities[one]
            else:
                kind = "relation between other spans than parts of claims"
                self._refuse(
                    row, f"the relation from {one} to {other} does not join parts of a claim", kind
                )
        near = not self.ours and (not links or self._has_other_controls())
        owners: dict[Any, str] = {}
        # In the order of the file, which claims of one extent keep.
        places = {name: place for place, name in enumerate(pieces)}
        found = parts_of(pieces, links, self.text.text, self.lost, near=near)
        for parts in sorted(found, key=lambda parts: places[parts.content[0]]):
            source_entity = next((sources[key] for key in parts.every if key in sources), None)
            try:
                claim = self._claim(parts, pieces, source_entity)
                yield check(claim, self.text.text)  # type: ignore[misc]  # what went in comes out
                owners |= dict.fromkeys(parts.every, claim.id)
            except InvalidAnnotation as invalid:
                where = tuple(pieces[key][1] for key in parts.every)
                self.lost.append(RefusedPiece(f"claim {invalid}", CLAIM, where))
        for tie in ties:
            try:
                self.tied.append(drawn(tie, owners, self.verdict))
            except InvalidAnnotation as invalid:
                self._refuse(tie.row, invalid)

    def _has_other_controls(self) -> bool:
        """Whether any piece of a claim was marked with a control other than ours."""
        return any(region.row.get("from_name") != "claim" for _, region in self.pieces.values())

    def _claim(
        self,
        parts: Parts[Any],
        pieces: Mapping[Any, tuple[str, Span]],
        source_entity: str | None,
    ) -> Claim:
        anchor = parts.content[0]
        row = self.pieces[anchor][1].row
        name = row.get("id")
        claim = Claim(
            _own_id(name, "claim").removesuffix("/content/0"),
            *spans_of(pieces, parts, self.text.text),
            source_entity=source_entity,
            **self._common(row),
        )
        chosen = {key: said for key in _ATTRIBUTES if (said := self._said(name, key)) is not None}
        if not chosen and claim.content:
            return with_guesses(claim, self.text.text)
        for key, said in chosen.items():
            try:
                claim = replace(claim, **{key: _ATTRIBUTES[key](said)})
            except (KeyError, TypeError, ValueError):
                self._refuse(row, f"{said!r:.40} is not a value of {key}", "invalid value")
        return claim


def _own_id(name: Any, kind: str) -> str:
    """The item's id if we named the region after it, otherwise the region's, without blanks."""
    called = name_in(name) or ""
    own = called.removeprefix(f"{kind}/")
    return own if own != called and is_item_id(own) else "_".join(own.split())[:200]
