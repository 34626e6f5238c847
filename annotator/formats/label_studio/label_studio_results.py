"""The rows of one of Label Studio's annotations or predictions, made into items."""

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
from annotator.core.records.fields import CLAIM_ATTRIBUTES, TIER
from annotator.formats import record_envelope
from annotator.formats.base import Means, nothing
from annotator.formats.counting import Row
from annotator.formats.counting import Spans as Counted
from annotator.formats.external_text import (
    NO_OBJECT,
    ForeignText,
    Misfit,
    check,
    label_in,
    name_in,
    score_in,
)
from annotator.formats.proving import all_stand
from annotator.formats.quotation_spans import CLAIM, parts_of, role_in, spans_of
from annotator.formats.refusals import RefusedPiece

_MISFIT = "region that does not fit its text"
_ATTRIBUTES: Mapping[str, Callable[[str], Any]] = {
    attribute.name: attribute.of_word for attribute in (*CLAIM_ATTRIBUTES, TIER)
}


def told_in(rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """The offsets of every region of these annotations, with the words that it says it holds."""
    for row in rows:
        for region in _regions(row):
            value = region["value"]
            if "labels" in value:
                yield value.get("start"), value.get("end"), value.get("text")


def holds_regions(raw: str, rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether there are regions that say which words they hold, all of which stand in this text.

    Those of several texts never do.
    """
    try:
        text = ForeignText(raw)
    except Misfit:
        return False
    marked = [region for row in rows for region in _regions(row) if "start" in region["value"]]
    told = [one["value"] for one in marked if isinstance(one["value"].get("text"), str)]
    of_one = len({str(one.get("to_name")) for one in marked}) == 1
    return (
        bool(told)
        and of_one
        and all_stand(text.reader, [(one["start"], one.get("end"), one["text"]) for one in told])
    )


def regions_of(rows: Iterable[Mapping[str, Any]]) -> set[Any]:
    """What the texts are called that the labels of these annotations stand in."""
    every = (region for row in rows for region in _regions(row) if region.get("type") == "labels")
    return {name_in(region.get("to_name")) for region in every}


def _regions(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    result = row.get("result")
    for region in result if isinstance(result, list) else ():
        if isinstance(region, dict) and isinstance(region.get("value"), dict):
            yield region


@dataclass
class _Region:
    """What the rows of one region of one control say together."""

    span: Span
    labels: list[str]
    row: Mapping[str, Any]


@dataclass
class _RegionAnswer:
    """A choice or a text that is said of a region, or of the whole text; `used` once it is read."""

    row: Mapping[str, Any]
    values: list[Any]
    used: bool = False


@dataclass
class Results:
    """Reads the rows of one annotation or prediction; what does not fit goes to `lost`.

    `means` says which labels have a meaning; `ours`, whether we wrote the task; `about`, what the
    text is called where there are regions of others.
    """

    text: ForeignText
    spans: Counted
    lost: list[RefusedPiece]
    verdict: Verdict
    means: Means = nothing
    ours: bool = False
    about: str | None = None
    pieces: dict[Any, tuple[str, _Region]] = field(default_factory=dict)
    beside: dict[tuple[Any, str], _RegionAnswer] = field(default_factory=dict)
    relations: list[Mapping[str, Any]] = field(default_factory=list)
    marked: frozenset[Any] = frozenset()
    marks: bool = True

    def items(self, row: Mapping[str, Any]) -> list[Item]:
        """The items of one annotation or prediction, valid in the text, not sorted; Misfit if it
        has no list of results."""
        regions: list[_Region] = []
        result = row.get("result")
        if not isinstance(result, list):
            raise Misfit(f"result: expected a list, found {result!r:.60}", NO_OBJECT)
        labels = [one for one in result if isinstance(one, dict) and one.get("type") == "labels"]
        self.marked = frozenset(name_in(one.get("id")) for one in labels)
        # Whoever only answered questions about the text has not marked that nothing is in it.
        self.marks = bool(labels) or not result
        for entry in result:
            try:
                regions += self._take(entry)
            except Misfit as misfit:
                self._refuse(entry, misfit)
        found: list[Item] = []
        entities: dict[Any, str] = {}
        for region in regions:
            for label in region.labels:
                try:
                    item = check(self._plain_item(region, label), self.text.text)
                except Misfit as misfit:
                    self._refuse(region.row, misfit)
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
        told = kind or (why.kind if isinstance(why, Misfit) else "") or _MISFIT
        self.lost.append(RefusedPiece(reason, told, self._where(row)))

    def _where(self, row: Any) -> Spans | None:
        """Of which words a row that was refused speaks; None if that cannot be said."""
        value = row.get("value") if isinstance(row, dict) else None
        if not isinstance(value, dict) or self._is_of_another(row):
            return ()
        with suppress(Misfit):
            span = self._span(value)
            about_another = row.get("type") != "labels" and name_in(row.get("id")) in self.marked
            return () if about_another else (span,)
        marks = "start" in value or str(row.get("type")).endswith("labels")
        return None if marks or not self.marks else ()

    def _is_of_another(self, row: Mapping[str, Any]) -> bool:
        """Whether a row marks another text of the task than this."""
        return self.about is not None and row.get("to_name") not in (None, self.about)

    def _span(self, value: Mapping[str, Any]) -> Span:
        return self.spans.at(value.get("start"), value.get("end"), value.get("text"))

    def _refuse_unread(self) -> None:
        """Tells of choices and texts that are no particulars of an item."""
        for (_, control), one in self.beside.items():
            left = one.values[1:] if one.used else one.values
            if left:
                said, kind = ", ".join(map(str, left)), str(one.row.get("type"))
                why = f"what {control} says ({kind}) is not read: {said:.60}"
                self._refuse(one.row, why, f"{kind} of Label Studio")

    def _take(self, row: Any) -> Iterator[_Region]:
        """The region of one row, if it is one that makes items; all else is remembered."""
        if not isinstance(row, dict):
            raise Misfit(f"expected an object, found {row!r:.60}", NO_OBJECT)
        kind, control, value = row.get("type"), row.get("from_name"), row.get("value")
        if kind == "relation":
            self.relations.append(row)
            return
        if not isinstance(value, dict):
            raise Misfit(f"value: expected an object, found {value!r:.60}", NO_OBJECT)
        if kind in ("choices", "textarea"):
            self._remember(row, value.get("choices" if kind == "choices" else "text"))
            return
        if kind != "labels":
            raise Misfit(
                f"{kind!r:.40} is not read, only labels of plain text", f"{kind} of Label Studio"
            )
        if self._is_of_another(row):
            name = row.get("to_name")
            raise Misfit(f"is of another text, {name!r:.40}", "region of another text")
        labels = value.get("labels")
        if not isinstance(labels, list) or not labels:
            raise Misfit("no label", "label that is no name")
        names = [label_in(label) for label in labels]
        span = self._span(value)
        plain = []
        for name in names[:1] if control == "claim" else names:
            if role := self._role(name, control):
                # A piece without a name can still be a claim by itself.
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
        """Which piece of a claim a label of a control stands for, if it does."""
        if control == "junk":
            return None
        if control != "claim":
            return role_in(label, self.means)
        if label.casefold() not in ROLES:
            raise Misfit(
                f"{label!r:.40} is neither Content, Cue nor Source",
                "label that is no piece of a claim",
            )
        return label.casefold()

    def _remember(self, row: Mapping[str, Any], said: Any) -> None:
        values = said if isinstance(said, list) else [said]
        name, control = name_in(row.get("id")), str(row.get("from_name"))
        known = self.beside.setdefault((name, control), _RegionAnswer(row, []))
        known.values += values

    def _said(self, name: Any, control: str) -> Any:
        """What was said of a region by a control; None if nothing was."""
        one = self.beside.get((name_in(name), control))
        if one is None or not one.values:
            return None
        one.used = True
        return one.values[0]

    def _plain_item(self, region: _Region, label: str) -> Entity | Junk:
        common = self._common(region.row)
        name = _own_id(
            region.row.get("id"), "junk" if region.row.get("from_name") == "junk" else "entity"
        )
        if region.row.get("from_name") == "junk":
            try:
                return Junk(name, region.span, JunkKind(label), **common)
            except ValueError:
                raise Misfit(f"{label!r:.40} is no kind of junk", "junk without its kind") from None
        identity = self._said(region.row.get("id"), "identity")
        return Entity(
            name,
            region.span,
            label,
            identity=identity if isinstance(identity, str) else None,
            **common,
        )

    def _common(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Score, note, who made it and what became of it, as far as a region says."""
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
        return common

    def _claims(self, entities: Mapping[Any, str]) -> Iterator[Claim]:
        pieces = {name: (role, region.span) for name, (role, region) in self.pieces.items()}
        links, sources = [], {}
        for row in self.relations:
            one, other = name_in(row.get("from_id")), name_in(row.get("to_id"))
            if one in pieces and other in pieces:
                links.append((one, other))
            elif one in pieces and other in entities:
                sources[one] = entities[other]
            elif other in pieces and one in entities:
                sources[other] = entities[one]
            else:
                kind = "relation that joins no parts of claims"
                self._refuse(row, f"the relation from {one} to {other} is no part of a claim", kind)
        near = not self.ours and (not links or self._has_other_controls())
        for parts in parts_of(pieces, links, self.text.text, self.lost, near=near):
            source_entity = next((sources[key] for key in parts.every if key in sources), None)
            try:
                claim = self._claim(parts, pieces, source_entity)
                yield check(claim, self.text.text)  # type: ignore[misc]  # what went in comes out
            except Misfit as misfit:
                where = tuple(pieces[key][1] for key in parts.every)
                self.lost.append(RefusedPiece(f"claim {misfit}", CLAIM, where))

    def _has_other_controls(self) -> bool:
        """Whether pieces of claims are marked as such by a control that is not ours."""
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
                self._refuse(row, f"{said!r:.40} is no value of {key}", "value that is none")
        return claim


def _own_id(name: Any, kind: str) -> str:
    """The item's id where we named the region after it, else the region's; blanks are no part."""
    called = name_in(name) or ""
    return "_".join(called.removeprefix(f"{kind}/").split())[:200]
