"""Writes Prodigy JSONL: a record as tasks with one input: entities, claims, and junk lines if any.

The pieces of a claim are spans (CONTENT, CUE, SOURCE), joined by relations from its first piece of
content; ties of claims are relations of these pieces. Prodigy's `relations` view does not support
overlapping spans; a task that has them uses `spans_manual` and still contains the relations.
Prodigy keeps custom properties of a task, so these hold everything that it does not support. A
skipped article is answered `ignore`, an unusable one `reject`. An unreviewed one is answered
`ignore` too, so that nobody trains on it; its suggestions can still be viewed. `prodigy_in` reads
tasks, also those of others.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

import orjson

from annotator.core.annotations import Claim, Entity, Item, Junk, Verdict
from annotator.core.article import Span
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.core.records.codec import Plain, item_to_dict
from annotator.formats import record_envelope
from annotator.formats.base import Format, FormatReader, Losses, Option
from annotator.formats.decided_items import is_open, with_their_claims
from annotator.formats.iob import edges_of, token_spans
from annotator.formats.loss_report import count_losses, count_stretches
from annotator.formats.prodigy.prodigy_in import numbered
from annotator.formats.prodigy.prodigy_signs import PRODIGY_SIGNS
from annotator.formats.prodigy.prodigy_ties import shown
from annotator.formats.tie_relations import LABELS, rows_of

_ROLES = {"content": "CONTENT", "cue": "CUE", "source": "SOURCE"}
_RELATIONS = {"content": "CONTINUES", "cue": "CUE", "source": "SOURCE"}
_ANSWERS = {Answer.ACCEPT: "accept", Answer.SKIP: "ignore", Answer.UNUSABLE: "reject"}
# A span or a piece of a claim in a task: its place and its label.
_Labelled = tuple[Span, str]


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Write the tasks of each record, one per line; returns how many records."""
    count = 0
    for count, record in enumerate(records, start=1):  # noqa: B007  # the count is the result
        held = expected(record)
        count_losses(record, held, losses)
        count_stretches(held, losses)  # we read them back, but Prodigy ignores them
        for task in _tasks(held):
            target.write(orjson.dumps(task, option=orjson.OPT_APPEND_NEWLINE))
    return count


def expected(record: Record) -> Record:
    """The record without rejected items, offered claims and, if reviewed, open items.

    An unreviewed record keeps its suggestions, all of them open.
    """
    bare = replace(record, rejected=(), offered=())
    if record.review.kind == "none":
        return _with(bare, (_opened(item) for item in record.items))
    return _with(bare, (item for item in record.items if not is_open(item)))


def _with(record: Record, items: Iterable[Item]) -> Record:
    kept = tuple(items)
    known = {item.id for item in kept if isinstance(item, Entity)}
    claims = tuple(
        claim if claim.source_entity in known else replace(claim, source_entity=None)
        for claim in kept
        if isinstance(claim, Claim)
    )
    return replace(
        record,
        entities=tuple(item for item in kept if isinstance(item, Entity)),
        claims=claims,
        junk=tuple(item for item in kept if isinstance(item, Junk)),
        ties=with_their_claims(record, claims),
    )


def _opened(item: Item) -> Item:
    return item if is_open(item) else replace(item, verdict=Verdict.PENDING)


def _tasks(record: Record) -> Iterator[Plain]:
    entities = [((entity.span, entity.label), _particulars(entity)) for entity in record.entities]
    junk = [((line.span, f"junk/{line.kind.value}"), _particulars(line)) for line in record.junk]
    pieces: list[tuple[_Labelled, Plain]] = [(key, {}) for key in _pieces(record.claims)]
    edges = [span for (span, _), _ in (*entities, *pieces, *junk)]
    shared = _Input(record, edges)
    yield shared.task("entities", entities, flat_view="ner_manual")
    if record.answer is not Answer.ACCEPT:
        return
    claims = [item_to_dict(claim, record.article.text) for claim in record.claims]
    for plain in claims:
        del plain["parent"], plain["entities"]
    ties = shown(record)
    related = (
        *_relations(record.claims),
        *((*ends, LABELS[one.relation].upper()) for one, ends in ties.items()),
    )
    yield shared.task(
        "claims",
        pieces,
        flat_view="relations",
        relations=[shared.relation(*relation) for relation in related],
        table={"claims": claims, **rows_of(record.ties, ties.keys())},
    )
    if junk:
        yield shared.task("junk", junk, flat_view="spans_manual")


def _particulars(item: Entity | Junk) -> Plain:
    """Further fields of a span besides offsets and label."""
    said: Plain = {"id": item.id, "made_by": item.made_by.value, "verdict": item.verdict.value}
    if isinstance(item, Entity):
        if item.identity is not None:
            said["identity"] = item.identity
        if item.suggested_by:
            said["suggested_by"] = list(item.suggested_by)
    if item.score is not None:
        said["score"] = item.score
    if item.note is not None:
        said["note"] = item.note
    return said


def _pieces(claims: Iterable[Claim]) -> list[_Labelled]:
    """The pieces of the claims, each once, in text order."""
    found = {
        (span, label)
        for claim in claims
        for role, label in _ROLES.items()
        for span in getattr(claim, role)
    }
    return sorted(found)


def _relations(claims: Iterable[Claim]) -> list[tuple[_Labelled, _Labelled, str]]:
    """The relations from each claim's first content to its other pieces, each once."""
    found: dict[tuple[_Labelled, _Labelled, str], None] = {}
    for claim in claims:
        anchor = (claim.content[0], _ROLES["content"])
        for role, label in _RELATIONS.items():
            for span in getattr(claim, role):
                if (piece := (span, _ROLES[role])) != anchor:
                    found[anchor, piece, label] = None
    return list(found)


class _Input:
    """The common fields of the tasks of one record: text, tokens, hash, answer, annotator, time."""

    def __init__(self, record: Record, spans: Collection[Span]) -> None:
        article, review = record.article, record.review
        self.text = article.text
        self.tokens = _tokens(article.text, spans)
        self.first = {token["start"]: token["id"] for token in self.tokens}
        self.last = {token["end"]: token["id"] for token in self.tokens}
        self.hash = _hash(article.text.encode())
        self.head = record_envelope.head_of(record)
        shown = {
            "title": article.title,
            "source": article.origin.name,
            "outlet": article.origin.outlet,
            "url": article.origin.url,
        }
        self.meta = {name: value for name, value in shown.items() if value is not None}
        unreviewed = review.kind == "none" and record.answer is Answer.ACCEPT
        self.said: Plain = {
            "answer": "ignore" if unreviewed else _ANSWERS[record.answer],
            "_annotator_id": review.reviewer,
            "_session_id": review.reviewer,
        }
        if review.finished is not None and not unreviewed:
            self.said["_timestamp"] = int(review.finished.timestamp())

    def task(
        self,
        kind: str,
        spans: list[tuple[_Labelled, Plain]],
        *,
        flat_view: str,
        relations: list[Plain] | None = None,
        table: Mapping[str, Any] | None = None,
    ) -> Plain:
        rows = [self._span(key) | particulars for key, particulars in spans]
        more = {} if relations is None else {"relations": relations}
        told = [kind, self.hash, [[r["start"], r["end"], r["label"]] for r in rows], more]
        return {
            "text": self.text,
            "tokens": self.tokens,
            "spans": rows,
            **more,
            "meta": self.meta,
            "_input_hash": self.hash,
            "_task_hash": _hash(orjson.dumps(told)),
            "_is_binary": False,
            "_view_id": "spans_manual" if _overlap(key[0] for key, _ in spans) else flat_view,
            **self.said,
            record_envelope.KEY: {"task": kind, **self.head, **(table or {})},
        }

    def relation(self, head: _Labelled, child: _Labelled, label: str) -> Plain:
        """A relation; `head` and `child` are the last tokens of the spans, as in Prodigy."""
        return {
            "head": self.last[head[0].end],
            "child": self.last[child[0].end],
            "label": label,
            "head_span": self._span(head),
            "child_span": self._span(child),
        }

    def _span(self, key: _Labelled) -> Plain:
        """A span; `token_end` is its last token, inclusive."""
        span, label = key
        return {
            "start": span.start,
            "end": span.end,
            "token_start": self.first[span.start],
            "token_end": self.last[span.end],
            "label": label,
            "text": span.of(self.text),
        }


def _tokens(text: str, spans: Collection[Span]) -> list[Plain]:
    """The tokens of `text`, divided where spans start or end. As in spaCy, `ws` is set if a blank
    follows that is not a token; other white space is in separate tokens."""
    edges = sorted(set(edges_of(spans)))
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    found: list[Plain] = []

    def add(start: int, end: int) -> None:
        row = {"text": text[start:end], "start": start, "end": end, "id": len(found), "ws": False}
        found.append(row)

    def add_gap(start: int, end: int) -> None:
        if found and text[start] == " " and start not in starts and start + 1 not in ends:
            found[-1]["ws"] = True
            start += 1
        for edge in edges[bisect_right(edges, start) : bisect_left(edges, end)]:
            add(start, edge)
            start = edge
        if start < end:
            add(start, end)

    place = 0
    for token in token_spans(text, edges):
        if place < token.start:
            add_gap(place, token.start)
        add(token.start, token.end)
        place = token.end
    if place < len(text):
        add_gap(place, len(text))
    return found


def _overlap(spans: Iterable[Span]) -> bool:
    reach = 0
    for span in sorted(spans):
        if span.start < reach:
            return True
        reach = max(reach, span.end)
    return False


def _hash(content: bytes) -> int:
    """A signed 32-bit hash, like Prodigy's; equal for equal content."""
    return int.from_bytes(hashlib.sha256(content).digest()[:4], "big", signed=True)


FORMAT = Format(
    "prodigy",
    ".jsonl",
    writer=write,
    reader=FormatReader(numbered, expected, takes=frozenset({Option.OFFSETS, Option.MEANS})),
    signs=PRODIGY_SIGNS,
)
