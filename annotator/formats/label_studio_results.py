"""The rows of one of Label Studio's annotations or predictions, made into items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.core.annotations import (
    Certainty,
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    Quotation,
    SourceKind,
    Stance,
    Tier,
    Verdict,
)
from annotator.core.article import Span
from annotator.core.quotes import CONTENT, ROLES, Parts, linked_parts
from annotator.formats import heads
from annotator.formats.counting import Row, Spans
from annotator.formats.foreign import ForeignText, Misfit, check, label_in, name_in, score_in
from annotator.formats.proving import all_stand
from annotator.formats.quotations import spans_of

_ATTRIBUTES: Mapping[str, Callable[[Any], Any]] = {
    "quotation": Quotation,
    "source_kind": SourceKind,
    "stance": Stance,
    "certainty": Certainty,
    "check_worthy": {"true": True, "false": False}.__getitem__,
    "tier": Tier,
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
class Results:
    """Reads the rows of one annotation or prediction; what does not fit goes to `problems`."""

    text: ForeignText
    spans: Spans
    problems: list[str]
    verdict: Verdict
    pieces: dict[Any, _Region] = field(default_factory=dict)
    particulars: dict[Any, dict[str, Any]] = field(default_factory=dict)
    relations: list[Mapping[str, Any]] = field(default_factory=list)

    def items(self, row: Mapping[str, Any]) -> list[Item]:
        """The items of one annotation or prediction, valid in the text, not sorted; Misfit if it
        has no list of results."""
        regions: list[_Region] = []
        result = row.get("result")
        if not isinstance(result, list):
            raise Misfit(f"result: expected a list, found {result!r:.60}")
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
        return [*found, *self._claims(entities)]

    def _refuse(self, row: Any, why: object) -> None:
        name = row.get("id") if isinstance(row, dict) else None
        self.problems.append(f"result {name}: {why}" if name is not None else f"result: {why}")

    def _take(self, row: Any) -> Iterator[_Region]:
        """The region of one row, if it is one that makes items; all else is remembered."""
        if not isinstance(row, dict):
            raise Misfit(f"expected an object, found {row!r:.60}")
        kind, control, value = row.get("type"), row.get("from_name"), row.get("value")
        if kind == "relation":
            self.relations.append(row)
            return
        if not isinstance(value, dict):
            raise Misfit(f"value: expected an object, found {value!r:.60}")
        if kind in ("choices", "textarea"):
            said = value.get("choices" if kind == "choices" else "text")
            first = said[0] if isinstance(said, list) and said else said
            self.particulars.setdefault(name_in(row.get("id")), {})[str(control)] = first
            return
        if kind != "labels":
            raise Misfit(f"{kind!r:.40} is not read, only labels of plain text")
        labels = value.get("labels")
        if not isinstance(labels, list) or not labels:
            raise Misfit("no label")
        span = self.spans.at(value.get("start"), value.get("end"), value.get("text"))
        region = _Region(span, [label_in(label) for label in labels], row)
        if control == "claim":
            role = region.labels[0].casefold()
            if role not in ROLES:
                raise Misfit(f"{region.labels[0]!r:.40} is neither Content, Cue nor Source")
            # A piece without a name can still be a claim by itself.
            self.pieces[name_in(row.get("id")) or (None, len(self.pieces))] = region
        else:
            yield region

    def _plain_item(self, region: _Region, label: str) -> Entity | Junk:
        common = self._common(region.row)
        name = _own_id(
            region.row.get("id"), "junk" if region.row.get("from_name") == "junk" else "entity"
        )
        if region.row.get("from_name") == "junk":
            try:
                return Junk(name, region.span, JunkKind(label), **common)
            except ValueError:
                raise Misfit(f"{label!r:.40} is no kind of junk") from None
        identity = self.particulars.get(name_in(region.row.get("id")), {}).get("identity")
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
        ours = meta.get(heads.KEY)
        if isinstance(ours, dict):
            with suppress(ValueError):
                common["made_by"] = MadeBy(ours.get("made_by", ""))
                if self.verdict is not Verdict.PENDING:
                    common["verdict"] = Verdict(ours.get("verdict", ""))
        return common

    def _claims(self, entities: Mapping[Any, str]) -> Iterator[Claim]:
        pieces = {
            name: (region.labels[0].casefold(), region.span) for name, region in self.pieces.items()
        }
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
                self._refuse(row, f"the relation from {one} to {other} is no part of a claim")
        used: set[Any] = set()
        for parts in linked_parts(pieces, links):
            every = (*parts.content, *parts.cue, *parts.source)
            used.update(every)
            source_entity = next((sources[key] for key in every if key in sources), None)
            try:
                claim = self._claim(parts, pieces, source_entity)
                yield check(claim, self.text.text)  # type: ignore[misc]  # what went in comes out
            except Misfit as misfit:
                self._refuse(self.pieces[parts.content[0]].row, misfit)
        for name, (role, _) in pieces.items():
            if name not in used and role != CONTENT:
                self._refuse(self.pieces[name].row, f"a {role} that no relation joins to a content")

    def _claim(
        self, parts: Parts[Any], pieces: Mapping[Any, tuple[str, Span]], source_entity: str | None
    ) -> Claim:
        anchor = parts.content[0]
        claim = Claim(
            _own_id(anchor, "claim").removesuffix("/content/0"),
            *spans_of(pieces, parts, self.text.text),
            source_entity=source_entity,
            **self._common(self.pieces[anchor].row),
        )
        chosen = self.particulars.get(anchor, {})
        for name, kind in _ATTRIBUTES.items():
            if name in chosen:
                try:
                    claim = replace(claim, **{name: kind(chosen[name])})
                except (KeyError, TypeError, ValueError):
                    self._refuse(
                        self.pieces[anchor].row, f"{chosen[name]!r:.40} is no value of {name}"
                    )
        return claim


def _own_id(name: Any, kind: str) -> str:
    """The item's id where we named the region after it, else the region's; blanks are no part."""
    called = name_in(name) or ""
    return "_".join(called.removeprefix(f"{kind}/").split())[:200]
