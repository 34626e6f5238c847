"""Writes CSV for spreadsheets: one row for each entity, claim and junk line. Write-only.

UTF-8 with byte order mark, without which spreadsheets guess another encoding; rows end with CRLF,
line ends within a cell stay LF. A cell that a spreadsheet would take for a formula is prefixed with
an apostrophe, as OWASP advises.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    MadeBy,
    Verdict,
    in_text_order,
    unattributed,
)
from annotator.core.article import Article, Origin, Spans
from annotator.core.claim_ties import Tie
from annotator.core.record import Record, ReviewFacts
from annotator.core.records.fields import CLAIM_ATTRIBUTES, TIER
from annotator.formats.base import Format, Losses
from annotator.formats.decided_items import decided_only
from annotator.formats.imported_items import NO_SCHEME
from annotator.formats.loss_report import count_losses
from annotator.formats.signs import Sign, Signs, Strength

# `text` is the text of an entity or a junk line, or the content of a claim; `pieces` has the
# offsets of each piece; `label` is the kind of a junk line.
COLUMNS = (
    *("article", "title", "file", "outlet", "published", "reviewer", "review"),
    *("item", "id", "start", "end", "pieces", "text", "label", "identity"),
    *("cue", "cue_pieces", "source", "source_pieces", "source_entity"),
    *(attribute.name for attribute in (*CLAIM_ATTRIBUTES, TIER)),
    *("verdict", "made_by", "score", "note"),
    *("identity_name", "identity_type", "identity_link", "story", "ties"),
)
# First characters of a formula in various spreadsheets; tab, CR and LF are skipped before one.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_BETWEEN = " … "
MARK = b"\xef\xbb\xbf"
_Row = dict[str, str | int | float | None]


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Write a header and the rows of all records; returns how many records have rows."""
    lines = io.StringIO(newline="")
    rows = csv.DictWriter(lines, COLUMNS, restval="")
    rows.writeheader()
    target.write(MARK)
    count = 0
    for record in records:
        held = _representable(record)
        if held.items:
            count_losses(record, held, losses)
            losses.add(record.article.id, None, "text")
            count += 1
        else:
            losses.add(record.article.id, None, "article without items")
        rows.writerows(_safe(row, record, losses) for row in _rows(held))
        target.write(lines.getvalue().encode())
        lines.seek(0)
        lines.truncate()
    target.write(lines.getvalue().encode())
    return count


def _representable(record: Record) -> Record:
    """The record as the rows represent it."""
    article, review = record.article, record.review
    origin = article.origin
    shown = Origin(name=origin.name, outlet=origin.outlet, published=origin.published)
    decided = decided_only(record)
    named = {one.identity for one in decided.entities}
    return Record(
        Article(article.text, title=article.title, origin=shown),
        NO_SCHEME,
        review=ReviewFacts(review.reviewer, review.kind),
        entities=tuple(map(unattributed, decided.entities)),
        claims=decided.claims,
        junk=decided.junk,
        identities=tuple(one for one in record.identities if one.id in named),
        story=record.story,
        ties=tuple(map(_as_shown, decided.ties)),
    )


def _as_shown(tie: Tie) -> Tie:
    """The tie as its cell represents it."""
    return Tie(tie.claim, tie.relation, tie.article, tie.other, MadeBy.IMPORT, Verdict.ACCEPTED)


def _rows(record: Record) -> Iterator[_Row]:
    article, review = record.article, record.review
    shared: _Row = {
        "article": article.id,
        "title": article.title,
        "file": article.origin.name,
        "outlet": article.origin.outlet,
        "published": article.origin.published,
        "reviewer": review.reviewer,
        "review": review.kind,
        "story": record.story,
    }
    beyond = _beyond(record)
    nothing: _Row = {}
    for item in sorted(record.items, key=in_text_order):
        more = beyond.get(item.id, nothing)
        yield shared | _place(item, article.text) | _particulars(item, article.text) | more


def _beyond(record: Record) -> Mapping[str, _Row]:
    """By item, the name of an entity's identity, and how a claim is tied: `same c4 of ARTICLE`."""
    if not record.identities and not record.ties:
        return {}
    named = {one.id: one for one in record.identities}
    rows: dict[str, _Row] = {
        entity.id: _named(one)
        for entity in record.entities
        if (one := named.get(entity.identity or ""))
    }
    ties = defaultdict[str, list[str]](list)
    for tie in record.ties:
        ties[tie.claim].append(f"{tie.relation} {tie.other} of {tie.article}")
    return rows | {claim: {"ties": "; ".join(told)} for claim, told in ties.items()}


def _named(one: Identity) -> _Row:
    return {"identity_name": one.name, "identity_type": one.type, "identity_link": one.link}


def _place(item: Item, text: str) -> _Row:
    spans = item.content if isinstance(item, Claim) else (item.span,)
    return {
        "id": item.id,
        "start": spans[0].start,
        "end": spans[-1].end,
        "pieces": _pieces(spans),
        "text": _words(spans, text),
        "verdict": item.verdict.value,
        "made_by": item.made_by.value,
        "score": item.score,
        "note": item.note,
    }


def _particulars(item: Item, text: str) -> _Row:
    match item:
        case Entity():
            return {"item": "entity", "label": item.label, "identity": item.identity}
        case Junk():
            return {"item": "junk", "label": item.kind.value}
        case Claim():
            return {
                "item": "claim",
                "cue": _words(item.cue, text),
                "cue_pieces": _pieces(item.cue),
                "source": _words(item.source, text),
                "source_pieces": _pieces(item.source),
                "source_entity": item.source_entity,
                **{one.name: one.word(item) for one in (*CLAIM_ATTRIBUTES, TIER)},
            }


def _pieces(spans: Spans) -> str:
    """The half-open offsets of the pieces: `[12, 22) [30, 41)`; a spreadsheet would turn `8-12`
    into a date."""
    return " ".join(f"[{span.start}, {span.end})" for span in spans)


def _words(spans: Spans, text: str) -> str:
    return _BETWEEN.join(span.of(text) for span in spans)


def _safe(row: _Row, record: Record, losses: Losses) -> _Row:
    """The row with formulas escaped; each of them is counted as a loss."""
    safe = dict(row)
    for column, value in row.items():
        if isinstance(value, str) and value.startswith(FORMULA):
            safe[column] = f"'{value}"
            losses.add(record.article.id, str(row["id"]), "cell like a formula", column)
    return safe


FORMAT = Format(
    "csv",
    ".csv",
    writer=write,
    signs=Signs(
        heads=(
            Sign(
                "the spreadsheet that annotator writes",
                head=rf"\A{','.join(COLUMNS[:8])}",
                out="It can be written, not read; export to another format.",
                strength=Strength.SHAPE,
            ),
        ),
    ),
)
