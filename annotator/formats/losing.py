"""What formats other than ours leave out of a record, and how each such loss is counted.

Items that nobody decided on are left out by contract; what else goes depends on the format, which
names what it keeps.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace

from annotator.core.annotations import Claim, Entity, Item, Junk, MadeBy, Verdict
from annotator.core.article import Origin, Span, Spans
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts, SchemeId
from annotator.formats.base import Losses

# What is said of a record that comes from a file which does not say it.
IMPORTED = ReviewFacts(kind="import")
NO_SCHEME = SchemeId("unknown", "0")

_KINDS = {Entity: "entity", Claim: "claim", Junk: "junk line"}
_ONE = {Entity: "an entity", Claim: "a claim", Junk: "a junk line"}
_WHERE = frozenset({"span", "content", "cue", "source", "label", "kind"})


def settled(record: Record) -> Record:
    """The record with what was decided alone: no open items, nothing that was merely offered."""
    entities = tuple(item for item in record.entities if not is_open(item))
    known = {entity.id for entity in entities}
    return replace(
        record,
        entities=entities,
        claims=tuple(
            claim if claim.source_entity in known else replace(claim, source_entity=None)
            for claim in record.claims
            if not is_open(claim)
        ),
        junk=tuple(item for item in record.junk if not is_open(item)),
        offered=(),
    )


def is_open(item: Item) -> bool:
    """Whether nobody decided on `item`."""
    return item.verdict is Verdict.PENDING


def lose_unsettled(record: Record, losses: Losses) -> None:
    """Counts what `settled` leaves out."""
    for item in record.items:
        if is_open(item):
            losses.add(record.article.id, item.id, f"open {_KINDS[type(item)]}", words_of(item))
    for claim in record.offered:
        losses.add(record.article.id, claim.id, "offered claim", words_of(claim))
    kept = {entity.id for entity in record.entities if not is_open(entity)}
    for claim in record.claims:
        if not is_open(claim) and claim.source_entity and claim.source_entity not in kept:
            losses.add(
                record.article.id, claim.id, "link to an open entity", str(claim.source_entity)
            )


def lose_unknown(record: Record, losses: Losses) -> None:
    """Counts the article, where a format leaves out what was not reviewed to the end."""
    kind = "unreviewed article" if record.review.kind == "none" else "article put aside"
    losses.add(record.article.id, None, kind)


def lose_stretches(record: Record, losses: Losses) -> None:
    """Counts the stretches of the text of which the record says nothing, for a format that takes
    all that is not marked for nothing."""
    for span in record.unknown:
        losses.add(
            record.article.id, None, "stretch that nobody decided on", f"[{span.start}, {span.end})"
        )


def lose_rejected(record: Record, losses: Losses) -> None:
    """Counts what the reviewer turned down."""
    for item in record.rejected:
        kind = f"rejected {_KINDS[type(item)]}"
        losses.add(record.article.id, item.id or None, kind, words_of(item))


def lose_facts(record: Record, losses: Losses, *, but: Collection[str] = ()) -> None:
    """Counts what is known of the article and its review, but for the fields named."""
    article = record.article
    facts = {
        "title": article.title,
        "language": article.language,
        "answer": None if record.answer is Answer.ACCEPT else record.answer.value,
        "also_from": article.also_from,
        "origin": None if article.origin == Origin() else article.origin.name or "no name",
        "meta": article.meta,
        "scheme": None if record.scheme == NO_SCHEME else record.scheme.name,
        "pipeline": record.pipeline and record.pipeline.name,
        "review": None if record.review == IMPORTED else record.review.reviewer or "nobody",
        "notes": record.notes,
    }
    for name, value in facts.items():
        if value and name not in but:
            losses.add(article.id, None, name, value if isinstance(value, str) else "")


def lose_attributes(item: Item, losses: Losses, *, record: str, but: Collection[str] = ()) -> None:
    """Counts what an item says beyond where it stands, but for the attributes named."""
    plain = plain_item(item)
    for field in fields(item):
        name = field.name
        value = getattr(item, name)
        if name not in _WHERE and name not in but and value != getattr(plain, name):
            losses.add(record, item.id, f"{name} of {_ONE[type(item)]}", str(value))


def plain_item(item: Item) -> Item:
    """The item as a file gives it that holds no more than where it stands."""
    match item:
        case Entity():
            return entity_read("", item.span, item.label)
        case Junk():
            return Junk("", item.span, item.kind, MadeBy.IMPORT, Verdict.ACCEPTED)
        case Claim():
            return claim_read("", item.content, item.cue, item.source)


def entity_read(name: str, span: Span, label: str, identity: str | None = None) -> Entity:
    """An entity that another program's file holds: somebody's finished work."""
    return Entity(name, span, label, identity, MadeBy.IMPORT, Verdict.ACCEPTED)


def claim_read(name: str, content: Spans, cue: Spans, source: Spans) -> Claim:
    """A claim that another program's file holds: somebody's finished work."""
    return Claim(name, content, cue, source, made_by=MadeBy.IMPORT, verdict=Verdict.ACCEPTED)


def words_of(item: Item) -> str:
    """Where an item stands, for a list of losses: `[3, 9) ORG`."""
    what = item.label if isinstance(item, Entity) else ""
    return f"[{item.span.start}, {item.span.end}) {what}".strip()
