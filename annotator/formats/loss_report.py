"""Counts the losses of a format by comparing a record with what the format keeps of it.

A format makes the record that it keeps and passes both to `count_losses`, so it cannot forget a
loss. It counts only losses that a record does not show by itself: a formula in a cell, spacing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Article, Origin
from annotator.core.decisions import Answer
from annotator.core.record import PipelineId, Record, ReviewFacts, SchemeId
from annotator.formats.base import Losses
from annotator.formats.decided_items import decided_only, is_open

MOVED = "byte order mark, or line ends of other systems"
"""The loss of a text that other programs read, or we from their files, without these."""
_KINDS = {Entity: "entity", Claim: "claim", Junk: "junk line"}
_OF = {Entity: "of an entity", Claim: "of a claim", Junk: "of a junk line"}
# No record says who did not suggest an entity.
_UNSAID = frozenset({"not_suggested_by"})
_NAMES = {
    kind: tuple(field.name for field in fields(kind) if field.name not in _UNSAID)
    for kind in _KINDS
}
_OF_ARTICLE = ("title", "language", "origin", "also_from", "meta")
_OF_RECORD = ("answer", "scheme", "pipeline", "review", "notes", "story", "suggesters")
_OF_TIE = ("relation", "made_by", "verdict", "score")
_OF_IDENTITY = ("name", "type", "link")


def kind_of(item: Item) -> str:
    """The kind of an item in words: `entity`, `claim`, `junk line`."""
    return _KINDS[type(item)]


def words_of(item: Item) -> str:
    """The span and label of an item, for a list of losses: `[3, 9) ORG`."""
    what = item.label if isinstance(item, Entity) else ""
    return f"[{item.span.start}, {item.span.end}) {what}".strip()


@dataclass(frozen=True, slots=True)
class LossTerms:
    """The names of a format's losses, and whether it keeps the ids of items.

    `gone` names the loss of a decided item, `link` that of the entity behind a claim's source.
    """

    keeps_ids: bool = True
    gone: Callable[[Item], str] = kind_of
    link: str = "source_entity of a claim"


_USUAL = LossTerms()
_UNDECIDED = LossTerms(link="link to an open entity")


def count_losses(record: Record, held: Record, losses: Losses, terms: LossTerms = _USUAL) -> None:
    """Add to `losses` all differences between `record` and `held`, which the format keeps.

    Both have the same text; their items are matched by id.
    """
    if record is held:
        return
    _count_facts(record.article, held.article, _OF_ARTICLE, record.article.id, losses)
    _count_facts(record, held, _OF_RECORD, record.article.id, losses)
    if record.unknown != held.unknown:
        count_stretches(record, losses)
    counting = _Items(record.article.id, losses, terms)
    counting.count(record.entities, held.entities)
    counting.count(record.claims, held.claims)
    counting.count(record.junk, held.junk)
    for item in _missing(record.rejected, held.rejected):
        losses.add(record.article.id, item.id or None, f"rejected {kind_of(item)}", words_of(item))
    for claim in _missing(record.offered, held.offered):
        losses.add(record.article.id, claim.id, "offered claim", words_of(claim))
    if record.ties != held.ties:
        _count_ties(record, held, losses)
    if record.identities != held.identities:
        _count_identities(record, held, losses)


def _count_ties(record: Record, held: Record, losses: Losses) -> None:
    known = {tie.pair: tie for tie in held.ties}
    for tie in record.ties:
        now = known.get(tie.pair)
        if now is None:
            detail = f"{tie.relation} {tie.other} of {tie.article[:12]}"
            losses.add(record.article.id, tie.claim, "tie of a claim", detail)
            continue
        for field in _OF_TIE:
            if (value := getattr(tie, field)) != getattr(now, field):
                losses.add(record.article.id, tie.claim, f"{field} of a tie", str(value))


def _count_identities(record: Record, held: Record, losses: Losses) -> None:
    """Count what is lost of the names of identities; their ids stay with the entities."""
    known = {one.id: one for one in held.identities}
    for one in record.identities:
        now = known.get(one.id)
        for field in _OF_IDENTITY if now else _OF_IDENTITY[:1]:
            if now is None or getattr(one, field) != getattr(now, field):
                detail = f"{one.id}: {getattr(one, field)}"
                losses.add(record.article.id, None, f"{field} of an identity", detail)


def count_undecided(record: Record, losses: Losses) -> Record:
    """Count the undecided items, and return the record without them."""
    decided = decided_only(record)
    count_losses(record, decided, losses, _UNDECIDED)
    return decided


def count_article(record: Record, losses: Losses) -> None:
    """Count an article that a format omits because it was not reviewed or not usable."""
    kind = "unreviewed article" if record.review.kind == "none" else "article put aside"
    losses.add(record.article.id, None, kind)


def count_stretches(record: Record, losses: Losses) -> None:
    """Count the unknown stretches of a text, for a format in which unmarked words are outside."""
    for span in record.unknown:
        losses.add(
            record.article.id, None, "stretch that nobody decided on", f"[{span.start}, {span.end})"
        )


def _count_facts(
    said: Article | Record,
    held: Article | Record,
    names: Iterable[str],
    article: str,
    losses: Losses,
) -> None:
    for name in names:
        if (value := getattr(said, name)) != (kept := getattr(held, name)):
            losses.add(article, None, name, _detail(value, kept))


def _detail(value: Any, kept: Any) -> str:
    """A lost fact in a word or two; empty for one that is kept in part."""
    match value:
        case str():
            return value.value if isinstance(value, Answer) else value
        case Origin():
            return (value.name or "no name") if kept == Origin() else ""
        case ReviewFacts():
            return (value.reviewer or "nobody") if not kept.reviewer else ""
        case SchemeId() | PipelineId():
            return value.name
    return ""


@dataclass(frozen=True, slots=True)
class _Items:
    """Counts the losses of the items of one article."""

    article: str
    losses: Losses
    terms: LossTerms

    def count(self, items: Sequence[Item], kept: Sequence[Item]) -> None:
        if items == kept and self.terms.keeps_ids:
            return
        known = {item.id: item for item in kept}
        for item in items:
            now = known.get(item.id)
            if now is None:
                kind = f"open {kind_of(item)}" if is_open(item) else self.terms.gone(item)
                self.losses.add(self.article, item.id, kind, words_of(item))
            else:
                self._compare(item, now)

    def _compare(self, item: Item, now: Item) -> None:
        if now is item and self.terms.keeps_ids:
            return
        for field in _NAMES[type(item)]:
            value = getattr(item, field)
            is_lost_id = field == "id" and value and not self.terms.keeps_ids
            if is_lost_id or value != getattr(now, field):
                kind = f"{field} {_OF[type(item)]}"
                kind = self.terms.link if field == "source_entity" else kind
                detail = ", ".join(value) if field == "suggested_by" else str(value)
                self.losses.add(self.article, item.id, kind, detail)


def _missing(items: Sequence[Item], kept: Sequence[Item]) -> Sequence[Item]:
    return () if items == kept else [item for item in items if item not in kept]
