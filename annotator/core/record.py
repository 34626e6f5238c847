"""Records: one reviewed article as one line of a dataset, `annotator.record/1`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    Verdict,
    in_text_order,
    is_known_wrong,
    problems,
)
from annotator.core.article import Article, Spans, identity_of
from annotator.core.claim_ties import Tie, ties_of
from annotator.core.decisions import Answer, ArticleNote
from annotator.core.folds import undecided_among
from annotator.core.records.codec import (
    Plain,
    item_from_dict,
    note_from_dict,
    note_to_dict,
)
from annotator.core.records.encode import (
    claims_to_list,
    entities_to_list,
    junk_to_list,
    origin_to_dict,
)
from annotator.core.records.identity_list import identities_from_list, identities_to_list
from annotator.core.records.record_checks import (
    article_from_dict,
    facts,
    names,
    rows,
    table,
    words,
)
from annotator.core.records.rejected_rows import rejected_from_dict, rejected_to_dict
from annotator.core.records.review_facts import ReviewFacts as ReviewFacts
from annotator.core.records.review_facts import facts_to_dict
from annotator.core.records.suggesters import (
    SuggesterId,
    suggesters_from_list,
    suggesters_to_list,
)
from annotator.core.records.tie_rows import check_ties, tie_to_dict, ties_from_list
from annotator.core.records.unknown import unknown_after, unknown_from_list, unknown_to_list
from annotator.core.review import Review
from annotator.core.speakers import with_speakers_in_sources
from annotator.errors import RecordError

FORMAT = "annotator.record/1"
LONGEST_ID = 200
_Item = TypeVar("_Item", Entity, Claim, Junk, Item)


@dataclass(frozen=True, slots=True)
class PipelineId:
    """The pipeline: name, version, and a hash (hex) of everything that affects its suggestions."""

    name: str
    version: str
    hash: str


@dataclass(frozen=True, slots=True)
class SchemeId:
    """The label scheme of a record."""

    name: str
    version: str


@dataclass(frozen=True)
class Record:
    """An article with the outcome of its review; one line of a dataset.

    `unknown` are spans about which the record says nothing, neither items nor their absence (see
    `core.unknown`); `suggesters` are further pipelines that suggested, beside `pipeline`;
    `identities` are those that its entities name, as far as they are known by name; `story` is the
    id of the story that the article belongs to.
    """

    article: Article
    scheme: SchemeId
    pipeline: PipelineId | None = None
    answer: Answer = Answer.ACCEPT
    review: ReviewFacts = field(default_factory=ReviewFacts)
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    junk: tuple[Junk, ...] = ()
    rejected: tuple[Item, ...] = ()
    offered: tuple[Claim, ...] = ()
    notes: tuple[ArticleNote, ...] = ()
    unknown: Spans = ()
    suggesters: tuple[SuggesterId, ...] = ()
    identities: tuple[Identity, ...] = ()
    story: str | None = None
    ties: tuple[Tie, ...] = ()

    @classmethod
    def of(
        cls,
        article: Article,
        review: Review,
        *,
        scheme: SchemeId,
        pipeline: PipelineId | None,
        facts: ReviewFacts | None = None,
    ) -> Record:
        """The record of a finished review; `facts` are those of the review by default.

        Where no screen showed who speaks, `source_entity` is exported only within the source; those
        of imports are kept. The words of entities that stayed folded are unknown.
        """
        facts = facts or ReviewFacts.of(review)
        if review.answer is not Answer.ACCEPT:
            return cls(article, scheme, pipeline, review.answer, facts, notes=review.notes)
        claims = review.claims
        entities = tuple(one for one in review.entities if not is_known_wrong(one))
        if facts.kind != "import" and not review.showed_speakers:
            claims = with_speakers_in_sources(claims, entities)
        tied = {tie.claim for tie in review.ties}  # on the board, whatever was folded elsewhere
        offered = undecided_among(claims, review.never_shown - tied)
        if facts.kind != "import":
            offered = with_speakers_in_sources(offered, entities)
        left = {claim.id for claim in offered}
        shown = _sorted(claim for claim in claims if claim.id not in left)
        return cls(
            article,
            scheme,
            pipeline,
            review.answer,
            facts,
            entities=_sorted(entities),
            claims=shown,
            junk=_sorted(review.junk),
            rejected=review.rejected,
            offered=_sorted(offered),
            notes=review.notes,
            unknown=unknown_after(review, entities, article.text),
            ties=ties_of([claim.id for claim in shown], review.ties),
        )

    @classmethod
    def unreviewed(
        cls,
        article: Article,
        suggestions: Iterable[Item],
        *,
        scheme: SchemeId,
        pipeline: PipelineId | None,
    ) -> Record:
        """The record of an unreviewed article: all items pending."""
        items = _sorted(suggestions)
        entities = tuple(item for item in items if isinstance(item, Entity))
        claims = tuple(item for item in items if isinstance(item, Claim))
        return cls(
            article,
            scheme,
            pipeline,
            entities=entities,
            claims=claims,
            junk=tuple(item for item in items if isinstance(item, Junk)),
        )

    @property
    def items(self) -> tuple[Item, ...]:
        """Entities, then claims, then junk lines."""
        return (*self.entities, *self.claims, *self.junk)

    def to_dict(self) -> Plain:
        """The record as a dict, with keys in the order of the contract; deterministic."""
        article, text, pipeline = self.article, self.article.text, self.pipeline
        entities = entities_to_list(self.entities, text)
        return {
            "format": FORMAT,
            "id": article.id,
            "text": text,
            "title": article.title,
            "language": article.language,
            "answer": self.answer.value,
            "also_from": [origin_to_dict(origin) for origin in article.also_from],
            "origin": origin_to_dict(article.origin),
            "meta": dict(article.meta),
            "scheme": {"name": self.scheme.name, "version": self.scheme.version},
            "pipeline": pipeline
            and {"name": pipeline.name, "version": pipeline.version, "hash": pipeline.hash},
            "review": facts_to_dict(self.review),
            "entities": entities,
            "claims": claims_to_list(self.claims, entities, text),
            "junk": junk_to_list(self.junk, text),
            "rejected": [rejected_to_dict(item, text) for item in self.rejected],
            "offered": claims_to_list(self.offered, entities, text),
            "notes": [note_to_dict(note) for note in self.notes],
            **({"identities": identities_to_list(self.identities)} if self.identities else {}),
            **({} if self.story is None else {"story": self.story}),
            **({"ties": [tie_to_dict(tie) for tie in self.ties]} if self.ties else {}),
            **({"unknown": unknown_to_list(self.unknown, text)} if self.unknown else {}),
            **({"suggesters": suggesters_to_list(self.suggesters)} if self.suggesters else {}),
        }


def record_from_dict(plain: Mapping[str, Any]) -> Record:
    """The record in `plain`; RecordError names the first field that violates the contract."""
    if plain.get("format") != FORMAT:
        raise RecordError(f"format: expected {FORMAT!r}, found {plain.get('format')!r:.60}")
    text = plain.get("text")
    if not isinstance(text, str):
        raise RecordError(f"text: expected text, found {text!r:.60}")
    try:
        if plain.get("id") != identity_of(text):
            raise RecordError("id: not the SHA-256 of the text")
        return _read(plain, text)
    except RecordError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"{type(error).__name__}: {error}") from error


def _sorted(items: Iterable[_Item]) -> tuple[_Item, ...]:
    """In text order, then by id, independent of the order of decisions."""
    return tuple(sorted(items, key=lambda item: (*in_text_order(item), item.id)))


def _read(plain: Mapping[str, Any], text: str) -> Record:
    article = article_from_dict(plain, text)
    scheme = names(table(plain, "scheme"), "scheme", ("name", "version"))
    pipeline: tuple[str, ...] | None = None
    if plain.get("pipeline", ...) is not None:
        pipeline = names(table(plain, "pipeline"), "pipeline", ("name", "version", "hash"))
    if plain.get("answer") not in _ANSWERS:
        raise RecordError(
            f"answer: {plain.get('answer')!r:.60} is not one of {', '.join(map(str, Answer))}"
        )
    parts: dict[str, Any] = {name: _items(plain, name, text) for name in _PARTS}
    record = Record(
        article,
        SchemeId(*scheme),
        PipelineId(*pipeline) if pipeline else None,
        _ANSWERS[plain["answer"]],
        ReviewFacts(**facts(table(plain, "review"))),
        rejected=tuple(
            rejected_from_dict(row, text, f"rejected[{n}]")
            for n, row in enumerate(rows(plain, "rejected"))
        ),
        notes=tuple(_note(row, f"notes[{n}]") for n, row in enumerate(rows(plain, "notes"))),
        unknown=unknown_from_list(rows(plain, "unknown"), text) if "unknown" in plain else (),
        suggesters=suggesters_from_list(rows(plain, "suggesters")) if "suggesters" in plain else (),
        identities=identities_from_list(rows(plain, "identities")) if "identities" in plain else (),
        story=words(plain, "story") if "story" in plain else None,
        ties=ties_from_list(rows(plain, "ties")) if "ties" in plain else (),
        **parts,
    )
    _check_names(record)
    _check_together(record)
    check_ties(record.ties, {claim.id for claim in record.claims})
    return record


_ANSWERS = {answer.value: answer for answer in Answer}
# The identifying field of the items in each list.
_PARTS = {"entities": "label", "claims": "content", "junk": "kind", "offered": "content"}


def _items(plain: Mapping[str, Any], name: str, text: str) -> tuple[Item, ...]:
    known_by, found = _PARTS[name], rows(plain, name)
    items = []
    for n, row in enumerate(found):
        if known_by not in row:
            raise RecordError(
                f"{name}[{n}].{known_by}: is missing, so this is not one of the {name}"
            )
        item = item_from_dict(row, text, where=f"{name}[{n}]")
        for problem in problems(item, text):
            raise RecordError(f"{name}[{n}]: {problem}")
        if type(item) is not _KINDS[name]:
            raise RecordError(f"{name}[{n}]: this is not one of the {name}")
        items.append(item)
    return tuple(items)


_KINDS = {"entities": Entity, "claims": Claim, "junk": Junk, "offered": Claim}


def _check_names(record: Record) -> None:
    """Checks that ids are unique names and labels are names; a fast check comes first."""
    ids = [item.id for item in (*record.items, *record.offered)]
    named = (*record.entities, *record.rejected)
    labels = {item.label for item in named if isinstance(item, Entity)}
    good = len(set(ids)) == len(ids) and " ".join(ids).split() == list(map(str.strip, ids))
    if good and max(map(len, ids), default=0) <= LONGEST_ID and all(map(_is_name, labels)):
        return
    seen: set[str] = set()
    for name in (*_PARTS, "rejected"):
        items: tuple[Item, ...] = getattr(record, name)
        for n, item in enumerate(items):
            where = f"{name}[{n}]"
            if isinstance(item, Entity) and not _is_name(item.label):
                raise RecordError(f"{where}.label: {item.label!r:.60} is empty or has blanks")
            if name == "rejected":
                continue
            if not is_item_id(item.id):
                raise RecordError(
                    f"{where}.id: {item.id!r:.60} is empty, has blanks or more than "
                    f"{LONGEST_ID} characters"
                )
            if item.id in seen:
                raise RecordError(f"{where}.id: {item.id!r:.60} is the id of another item too")
            seen.add(item.id)


def is_item_id(text: str) -> bool:
    """Whether a text can be the id of an item: one word, not longer than LONGEST_ID. Records have
    always been read with blanks around ids, which belong to them."""
    return len(text) <= LONGEST_ID and len(text.split()) == 1


def _is_name(text: str) -> bool:
    return text.split() == [text]


def _check_together(record: Record) -> None:
    """Checks that span several fields."""
    for name in ("entities", "claims", "junk"):
        items: tuple[Item, ...] = getattr(record, name)
        if items and record.answer is not Answer.ACCEPT:
            raise RecordError(f"{name}: an article whose answer is not accept has no items")
        if record.review.kind == "none":
            for n, item in enumerate(items):
                if item.verdict is not Verdict.PENDING:
                    raise RecordError(
                        f"{name}[{n}].verdict: must be pending, since nobody reviewed this"
                    )


def _note(row: Mapping[str, Any], where: str) -> ArticleNote:
    try:
        return note_from_dict(row)
    except RecordError as error:
        raise RecordError(f"{where}: {error.message}", hint=error.hint) from error
