"""Writes Label Studio JSON: a list of tasks, one for each record, and the matching XML config.

Decided items become an annotation, open items a prediction, a skipped or unusable article a
cancelled annotation. Offsets are code points, as in Label Studio. A claim has one region for each
piece (`Content`, `Cue`, `Source`), joined by relations to its first piece of content, which has its
attributes as choices. Ties of claims are relations of these pieces. Everything that Label Studio
does not support is in `meta`, which it keeps. `label_studio_in` reads tasks, also those of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr

import orjson

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    Verdict,
    in_text_order,
)
from annotator.core.article import Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.decisions import Answer
from annotator.core.labels import LabelScheme
from annotator.core.record import Record
from annotator.core.records.codec import Plain, span_to_dict, time_to_text
from annotator.core.records.fields import CLAIM_ATTRIBUTES, TIER
from annotator.formats import record_envelope
from annotator.formats.base import Format, FormatReader, Losses, Option
from annotator.formats.decided_items import is_open, with_their_claims
from annotator.formats.label_studio.label_studio_in import numbered
from annotator.formats.loss_report import count_losses, count_stretches
from annotator.formats.shapes import ANY, SOME
from annotator.formats.signs import Sign, Signs, Strength
from annotator.formats.tie_relations import LABELS, rows_of, within

# The choices of a claim's first region, and their values in the XML config.
CHOICES: Mapping[str, tuple[str, ...]] = {
    attribute.name: attribute.words for attribute in (*CLAIM_ATTRIBUTES, TIER)
}
_ROLES = {"content": "Content", "cue": "Cue", "source": "Source"}
_RELATIONS = ("Content", "Cue", "Source", "Source entity", *LABELS.values())
_ORIGINS = {
    Verdict.ACCEPTED: "prediction",
    Verdict.CORRECTED: "prediction-changed",
    Verdict.ADDED: "manual",
    Verdict.PENDING: "prediction",
}
_ROLE_COLOURS = {"Content": "#9DC3E6", "Cue": "#F4B183", "Source": "#A9D18E"}


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Write a list with one task for each record, one per line; returns how many."""
    count = 0
    target.write(b"[")
    for count, record in enumerate(records, start=1):
        held = expected(record)
        count_losses(record, held, losses)
        count_stretches(held, losses)  # we read them back, but Label Studio ignores them
        target.write(b",\n" if count > 1 else b"\n")
        # Label Studio renumbers tasks, but its converters require a number.
        target.write(orjson.dumps({"id": count, **_task(held)}))
    target.write(b"\n]\n")
    return count


def expected(record: Record) -> Record:
    """The record without rejected items and claims that were only offered.

    A relation cannot join an annotation and a prediction, so a decided claim loses the link to an
    open source entity, and the reverse. A tie of two such claims stands beside the text alone.
    """
    open_ids = {entity.id for entity in record.entities if is_open(entity)}
    decided_ids = {entity.id for entity in record.entities} - open_ids
    claims = [
        claim
        if claim.source_entity in (open_ids if is_open(claim) else decided_ids)
        else replace(claim, source_entity=None)
        for claim in record.claims
    ]
    return replace(
        record,
        entities=tuple(_in_file_order(record.entities)),
        claims=tuple(_in_file_order(claims)),
        junk=tuple(_in_file_order(record.junk)),
        rejected=(),
        offered=(),
        ties=with_their_claims(record, claims),
    )


def companions(scheme: LabelScheme) -> dict[str, bytes]:
    """The labelling config to paste into the project, before the tasks are imported."""
    return {".config.xml": _config(scheme).encode()}


def _in_file_order(items: Iterable[Any]) -> list[Any]:
    """The items in text order; decided ones before open ones at the same place."""
    return sorted(items, key=lambda item: (in_text_order(item), is_open(item)))


def _task(record: Record) -> Plain:
    article, review = record.article, record.review
    shown = {
        "title": article.title,
        "name": article.origin.name,
        "outlet": article.origin.outlet,
        "url": article.origin.url,
    }
    decided = [item for item in record.items if not is_open(item)]
    left_open = [item for item in record.items if is_open(item)]
    tied = [tuple(_between(record, items)) for items in (decided, left_open)]
    annotations: list[Plain] = []
    if decided or review.kind != "none" or record.answer is not Answer.ACCEPT:
        annotation: Plain = {
            "result": [*_results(decided, article.text), *map(_tie, tied[0])],
            "was_cancelled": record.answer is not Answer.ACCEPT,
            # Without this, Label Studio treats the annotation as ground truth.
            "ground_truth": False,
            "lead_time": review.seconds,
        }
        if review.started:
            annotation["created_at"] = time_to_text(review.started)
        if review.finished:
            annotation["updated_at"] = time_to_text(review.finished)
        annotations.append(annotation)
    predictions: list[Plain] = []
    if left_open:
        made = record.pipeline
        version = f"{made.name} {made.version}" if made else "unknown"
        results = [*_results(left_open, article.text), *map(_tie, tied[1])]
        predictions.append({"model_version": version, "result": results})
    return {
        "data": {"text": article.text}
        | {name: value for name, value in shown.items() if value is not None},
        "meta": {
            record_envelope.KEY: {
                **record_envelope.head_of(record),
                **rows_of(record.ties, {*tied[0], *tied[1]}),
            }
        },
        "annotations": annotations,
        "predictions": predictions,
    }


def _results(items: Iterable[Item], text: str) -> list[Plain]:
    results: list[Plain] = []
    relations: list[Plain] = []
    for item in items:
        match item:
            case Entity():
                region = _region(f"entity/{item.id}", "label", item.label, item.span, text)
                results.append(region | _particulars(item))
                if item.identity is not None:
                    results.append(_identity(region, item.identity))
            case Junk():
                region = _region(f"junk/{item.id}", "junk", item.kind.value, item.span, text)
                results.append(region | _particulars(item))
            case Claim():
                results += _claim(item, text)
                relations += _relations(item)
    return results + relations


def _region(name: str, control: str, label: str, span: Span, text: str) -> Plain:
    return {
        "id": name,
        "from_name": control,
        "to_name": "text",
        "type": "labels",
        "value": {**span_to_dict(span, text), "labels": [label]},
    }


def _particulars(item: Item) -> Plain:
    """Further fields of a region: origin, score, note, maker."""
    note = {} if item.note is None else {"text": [item.note]}
    made: Plain = {"made_by": item.made_by.value, "verdict": item.verdict.value}
    if isinstance(item, Entity) and item.suggested_by:
        made["suggested_by"] = list(item.suggested_by)
    more: Plain = {"origin": _ORIGINS[item.verdict], "meta": {**note, record_envelope.KEY: made}}
    return more if item.score is None else {**more, "score": item.score}


def _identity(region: Plain, identity: str) -> Plain:
    value = {key: region["value"][key] for key in ("start", "end")}
    return {
        **{key: region[key] for key in ("id", "to_name")},
        "from_name": "identity",
        "type": "textarea",
        "value": {**value, "text": [identity]},
    }


def _claim(claim: Claim, text: str) -> Iterator[Plain]:
    regions = [
        _region(_piece(claim, role, n), "claim", name, span, text)
        for role, name in _ROLES.items()
        for n, span in enumerate(getattr(claim, role))
    ]
    regions[0] |= _particulars(claim)
    yield from regions
    for attribute in (*CLAIM_ATTRIBUTES, TIER):
        word = attribute.word(claim)
        if word is not None:
            yield {
                **{key: regions[0][key] for key in ("id", "to_name")},
                "from_name": attribute.name,
                "type": "choices",
                "value": {**span_to_dict(claim.content[0], text), "choices": [word]},
            }


def _relations(claim: Claim) -> Iterator[Plain]:
    anchor = _piece(claim, "content", 0)
    for role, name in _ROLES.items():
        for n in range(len(getattr(claim, role))):
            if (piece := _piece(claim, role, n)) != anchor:
                yield _relation(piece, anchor, name)
    if claim.source_entity is not None:
        yield _relation(anchor, f"entity/{claim.source_entity}", "Source entity")


def _between(record: Record, items: Iterable[Item]) -> Iterable[Tie]:
    """The ties between two claims among these items, which a relation can show."""
    if not record.ties:
        return ()
    claims = {item.id for item in items if isinstance(item, Claim)}
    return within(record.ties, record.article.id, claims)


def _tie(tie: Tie) -> Plain:
    """The relation between the first pieces of content of two claims."""
    direction = "right" if tie.relation is Relation.SUPPORTS else "bi"
    one, other = f"claim/{tie.claim}/content/0", f"claim/{tie.other}/content/0"
    return _relation(one, other, LABELS[tie.relation]) | {"direction": direction}


def _relation(one: str, other: str, label: str) -> Plain:
    ends = {"from_id": one, "to_id": other}
    return {"type": "relation", **ends, "direction": "right", "labels": [label]}


def _piece(claim: Claim, role: str, number: int) -> str:
    return f"claim/{claim.id}/{role}/{number}"


def _config(scheme: LabelScheme) -> str:
    labels = "\n".join(
        f"    <Label value={quoteattr(label.name)} background={quoteattr(label.color)}"
        f" hotkey={quoteattr(label.key)} hint={quoteattr(label.meaning)}/>"
        for label in scheme
    )
    roles = "\n".join(
        f'    <Label value="{name}" background="{colour}"/>'
        for name, colour in _ROLE_COLOURS.items()
    )
    junk = "\n".join(f'    <Label value="{kind}" background="#BFBFBF"/>' for kind in JunkKind)
    choices = "\n".join(
        f'  <Choices name="{name}" toName="text" perRegion="true" showInline="true"'
        ' whenTagName="claim" whenLabelValue="Content">\n'
        + "\n".join(f'    <Choice value="{value}"/>' for value in values)
        + "\n  </Choices>"
        for name, values in CHOICES.items()
    )
    relations = "\n".join(f'    <Relation value="{name}"/>' for name in _RELATIONS)
    return f"""<View>
  <Style>.htx-text {{ white-space: pre-wrap; }}</Style>
  <Relations>
{relations}
  </Relations>
  <Labels name="label" toName="text">
{labels}
  </Labels>
  <Labels name="claim" toName="text">
{roles}
  </Labels>
  <Labels name="junk" toName="text">
{junk}
  </Labels>
  <Text name="text" value="$text" granularity="symbol"/>
{choices}
  <TextArea name="identity" toName="text" perRegion="true" editable="true" maxSubmissions="1"
    whenTagName="label"/>
</View>
"""


FORMAT = Format(
    "label-studio",
    ".json",
    writer=write,
    reader=FormatReader(numbered, expected, takes=frozenset({Option.OFFSETS, Option.MEANS})),
    companions=companions,
    signs=Signs(
        # Tasks, and the short form, in which results are beside the text.
        values=(
            Sign("Label Studio's tasks", {"data": dict}),
            Sign("Label Studio's short form", {"annotation_id": ANY}),
            Sign("Label Studio's short form", {SOME: [{"labels": []}]}),
        ),
        heads=(
            Sign(
                "a table of Label Studio",
                head=r"\A[^\n]*\bannotation_id\b[^\n]*",
                out="Export from there as JSON, which includes the offsets.",
                strength=Strength.SHAPE,
            ),
        ),
    ),
)
