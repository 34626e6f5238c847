"""Writes brat standoff files: a folder with `ID.txt` and `ID.ann` for each article, and settings.

Entities and junk lines are text-bound; claims are events as in attribution corpora: `E1
Attribution:T4 Content:T3 Cue:T2 Source:T1`, where T4 repeats the cue or, without one, the first
piece of the content. Attributes of claims are attributes of the event, notes are notes, an identity
is a normalisation (`identity:ID`), the entity behind a source a relation, and so is a tie of two
claims of the text. Offsets are code points.
Each piece and each line of a piece is a fragment; adjacent fragments are joined, since brat rejects
them. Unreviewed articles and those marked to skip or as unusable are omitted: a file without
annotations would mean that the article has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    MadeBy,
    Tier,
    Verdict,
    unattributed,
)
from annotator.core.article import Article, Spans
from annotator.core.claim_ties import Relation, Tie
from annotator.core.record import Record
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.formats.base import Format, FormatReader, Losses, Option, counted
from annotator.formats.brat import brat_names as names
from annotator.formats.brat.brat_in import read
from annotator.formats.brat.brat_references import as_written, lines_of
from annotator.formats.decided_items import decided_only
from annotator.formats.external_text import ExternalText, InvalidAnnotation, imported
from annotator.formats.imported_items import AnItem, bare_item
from annotator.formats.iob import is_reviewed
from annotator.formats.loss_report import (
    MOVED,
    LossTerms,
    count_article,
    count_losses,
    count_undecided,
    words_of,
)
from annotator.formats.signs import Signs
from annotator.formats.tie_relations import LABELS, within

_AnyItem = TypeVar("_AnyItem", bound=Entity | Claim | Junk)

_KEPT = {
    Entity: ("identity", "note"),
    Junk: ("note",),
    Claim: (*(attribute.name for attribute in CLAIM_ATTRIBUTES), "source_entity", "note"),
}
_TERMS = LossTerms(keeps_ids=False)


def write(
    records: Iterable[Record], target: Path, losses: Losses, labels: Sequence[str] = ()
) -> int:
    """Write two files for each reviewed record, named by the article's id, and brat's settings;
    returns how many records.

    In the settings `labels` come first, then other labels of the records.
    """
    seen = dict.fromkeys(labels)
    count = 0
    for record in records:
        if not is_reviewed(record):
            count_article(record, losses)
            continue
        count += 1
        whole = _as_brat_has_it(record)
        _count(record, whole, losses)
        seen |= dict.fromkeys(sorted({entity.label for entity in whole.entities}))
        stem = _free_name(target, record.article.id)
        (target / f"{stem}.txt").write_bytes(whole.article.text.encode())
        (target / f"{stem}.ann").write_bytes("".join(_annotation_lines(whole)).encode())
    for name, content in _settings([names.to_type(label) for label in seen]).items():
        (target / name).write_bytes(content.encode())
    return count


def expected(record: Record) -> Record | None:
    """The text and the decided items, without what brat cannot represent, with brat's ids; None if
    the article is omitted."""
    if not is_reviewed(record):
        return None
    whole = _as_brat_has_it(record)
    by_id = {entity.id: name for entity, name in _named(whole.entities, "T")}
    record = imported(whole.article, (_as_read(item, name, by_id) for item, name in _all(whole)))
    events = {claim.id: name for claim, name in _named(whole.claims, "E")}
    return replace(
        record,
        identities=whole.identities,
        ties=tuple(_tie_as_read(tie, events, record.article.id) for tie in whole.ties),
    )


# What brat represents


def _as_brat_has_it(record: Record) -> Record:
    """The decided items with spans as brat's fragments represent them, and nothing else."""
    text = ExternalText(record.article.text)
    decided = decided_only(record)
    held = [one for item in decided.items if (one := _representable(item, text)) is not None]
    article = Article(text.text)
    entities = tuple(item for item in held if isinstance(item, Entity))
    claims = tuple(item for item in held if isinstance(item, Claim))
    return replace(
        imported(article, ()),
        entities=entities,
        claims=claims,
        junk=tuple(item for item in held if isinstance(item, Junk)),
        identities=as_written(record.identities, (one.identity for one in entities)),
        ties=tuple(replace(tie, article=article.id) for tie in _related(record, claims)),
    )


def _related(record: Record, claims: Iterable[Claim]) -> Iterable[Tie]:
    """The ties between two of these claims, which relations can show."""
    if not record.ties:
        return ()
    return within(record.ties, record.article.id, {claim.id for claim in claims})


def _representable(item: Item, text: ExternalText) -> Item | None:
    """The item as fragments represent it; None if it has only characters that our texts omit."""

    def moved(spans: Spans, *, whole: bool = False) -> Spans:
        placed = [text.span(span.start, span.end) for span in spans]
        return names.pieces(names.fragments(placed, text.text), text.text, whole=whole)

    note = names.one_line(item.note) if item.note else None
    try:
        match item:
            case Claim():
                cue, source = moved(item.cue), moved(item.source)
                if content := moved(item.content):
                    return replace(item, content=content, cue=cue, source=source, note=note)
            case Entity():
                for span in moved((item.span,), whole=True):
                    return replace(item, span=span, note=note, identity=item.identity or None)
            case Junk():
                for span in moved((item.span,), whole=True):
                    return replace(item, span=span, note=note)
    except InvalidAnnotation:
        pass
    return None


def _all(whole: Record) -> Iterator[tuple[Item, str]]:
    """All items with their ids in the brat file."""
    bound: tuple[Item, ...] = (*whole.entities, *whole.junk)
    yield from _named(bound, "T")
    yield from _named(whole.claims, "E")


def _named(items: Iterable[_AnyItem], letter: str) -> Iterator[tuple[_AnyItem, str]]:
    return ((item, f"{letter}{number}") for number, item in enumerate(items, start=1))


def _as_read(item: Item, name: str, by_id: Mapping[str, str]) -> Item:
    plain = replace(item, id=name, made_by=MadeBy.IMPORT, verdict=Verdict.ACCEPTED, score=None)
    if isinstance(plain, Claim):
        return replace(plain, tier=Tier.A, source_entity=by_id.get(plain.source_entity or ""))
    return unattributed(plain) if isinstance(plain, Entity) else plain


def _tie_as_read(tie: Tie, events: Mapping[str, str], article: str) -> Tie:
    name = LABELS[tie.relation]
    return names.tie_read(events[tie.claim], name, article, events[tie.other])


def _count(record: Record, whole: Record, losses: Losses) -> None:
    """Count what is lost of a record of which brat has `whole`."""
    decided = count_undecided(record, losses)
    count_losses(decided, _kept(decided, whole), losses, _TERMS)
    text = ExternalText(record.article.text)
    if text.text != record.article.text:
        losses.add(record.article.id, None, MOVED)
    for item in decided.items:
        for kind in _changes(item, text, record.article.text):
            losses.add(record.article.id, item.id, kind, words_of(item))


def _kept(decided: Record, whole: Record) -> Record:
    """The decided items as brat represents them, except for changes of spans by fragments; with
    the ids of the record."""
    article = decided.article.id
    return replace(
        imported(Article(decided.article.text), ()),
        entities=tuple(map(_with_kept, decided.entities)),
        claims=tuple(map(_with_kept, decided.claims)),
        junk=tuple(map(_with_kept, decided.junk)),
        identities=whole.identities,
        ties=tuple(
            names.tie_read(tie.claim, LABELS[tie.relation], article, tie.other)
            for tie in whole.ties
        ),
    )


def _with_kept(item: AnItem) -> AnItem:
    return replace(bare_item(item), **{name: getattr(item, name) for name in _KEPT[type(item)]})


def _changes(item: Item, text: ExternalText, ours: str) -> Iterator[str]:
    """The losses of an item due to brat's fragments and lines."""
    held = _representable(item, text)
    if held is None:
        yield "item that holds only a byte order mark"
        return
    if text.text == ours and held.spans != item.spans:
        is_claim = isinstance(item, Claim)
        yield "pieces that touch, or meet at a line end" if is_claim else "line end at an edge"
    if item.note != held.note:
        yield "line end in a note"
    if isinstance(item, Entity) and item.identity == "":
        yield "identity without a name"


# The files


def _free_name(folder: Path, stem: str) -> str:
    """`stem`, with a number if another review of the same text uses it."""
    name, number = stem, 1
    while (folder / f"{name}.txt").exists():
        number += 1
        name = f"{stem}-{number}"
    return name


class _AnnotationLines:
    """The lines of one `.ann` file; each kind of line has its own numbers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: list[str] = []
        self._numbers: Counter[str] = Counter()

    def bound(self, kind: str, spans: Spans) -> str:
        """Add a text-bound annotation; returns its id."""
        parts = names.fragments(spans, self.text)
        places = ";".join(f"{span.start} {span.end}" for span in parts)
        return self.add("T", f"{kind} {places}", names.surface(parts, self.text))

    def add(self, letter: str, *fields: str) -> str:
        self._numbers[letter] += 1
        name = f"{letter}{self._numbers[letter]}"
        self.lines.append("\t".join((name, *fields)) + "\n")
        return name

    def attribute(self, kind: str, target: str, value: str) -> None:
        self.add("A", f"{kind} {target} {value}")

    def note(self, target: str, item: Item) -> None:
        if item.note:
            self.add("#", f"AnnotatorNotes {target}", item.note)


def _annotation_lines(whole: Record) -> list[str]:
    made = _AnnotationLines(whole.article.text)
    named = {one.id: one for one in whole.identities}
    by_id: dict[str, str] = {}
    for entity in whole.entities:
        by_id[entity.id] = target = made.bound(names.to_type(entity.label), entity.spans)
        if entity.identity:
            words = names.surface(names.fragments(entity.spans, made.text), made.text)
            for what, said in lines_of(entity.identity, words, named.get(entity.identity)):
                made.add("N", f"Reference {target} {what}", said)
        made.note(target, entity)
    for line in whole.junk:
        target = made.bound(names.JUNK, line.spans)
        made.attribute(names.JUNK_KIND, target, line.kind)
        made.note(target, line)
    events = {claim.id: _event(made, claim, by_id) for claim in whole.claims}
    for tie in whole.ties:
        one, other = events[tie.claim], events[tie.other]
        made.add("R", f"{LABELS[tie.relation]} Arg1:{one} Arg2:{other}")
    return made.lines


def _event(made: _AnnotationLines, claim: Claim, by_id: Mapping[str, str]) -> str:
    """Add the lines of a claim; returns the id of its event."""
    parts = {
        role: made.bound(role, spans)
        for role in (names.SOURCE, names.CUE, names.CONTENT)
        if (spans := getattr(claim, names.ROLES[role]))
    }
    trigger = made.bound(names.ATTRIBUTION, claim.cue or claim.content[:1])
    roles = (f"{role}:{name}" for role, name in reversed(parts.items()))
    event = made.add("E", " ".join((f"{names.ATTRIBUTION}:{trigger}", *roles)))
    for name, value in names.attributes_of(claim):
        made.attribute(name, event, value)
    if entity := by_id.get(claim.source_entity or ""):
        made.add("R", f"{names.SOURCE_ENTITY} Arg1:{event} Arg2:{entity}")
    made.note(event, claim)
    return event


def _settings(types: Sequence[str]) -> dict[str, str]:
    """The settings files for these entity types; `tools.conf` makes each line a sentence."""
    bound = (*types, names.SOURCE, names.CUE, names.CONTENT, names.JUNK)
    attributes = (
        f"{name}\tArg:{names.JUNK if name == names.JUNK_KIND else names.ATTRIBUTION}, "
        f"Value:{'|'.join(values)}"
        for name, values in names.VALUES.items()
    )
    roles = f"{names.CONTENT}+:{names.CONTENT}, {names.CUE}*:{names.CUE}"
    return {
        names.SETTINGS: _sections(
            entities=bound,
            relations=[
                f"{names.SOURCE_ENTITY}\tArg1:{names.ATTRIBUTION}, Arg2:<ENTITY>",
                *(_relation(name, relation) for name, relation in names.TIES.items()),
            ],
            events=[f"{names.ATTRIBUTION}\t{roles}, {names.SOURCE}*:{names.SOURCE}"],
            attributes=attributes,
        ),
        "visual.conf": _sections(
            labels=[f"{name} | {names.from_type(name)}" for name in (*bound, names.ATTRIBUTION)],
            drawing=[
                "SPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken",
                f"{names.CONTENT}\tbgColor:#fff3c4",
                f"{names.CUE}\tbgColor:#f6c9a8",
                f"{names.SOURCE}\tbgColor:#bcd8f5",
                f"{names.JUNK}\tbgColor:#dddddd",
                "ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5",
            ],
        ),
        "tools.conf": _sections(
            options=[
                "Tokens\ttokenizer:whitespace",
                "Sentences\tsplitter:newline",
                "Validation\tvalidate:none",
                "Annotation-log\tlogfile:<NONE>",
            ],
        ),
    }


def _relation(name: str, relation: Relation) -> str:
    both = f"{name}\tArg1:{names.ATTRIBUTION}, Arg2:{names.ATTRIBUTION}"
    return both if relation is Relation.SUPPORTS else f"{both}, <REL-TYPE>:symmetric"


def _sections(**sections: Iterable[str]) -> str:
    return "\n".join(
        f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items()
    )


FORMAT = Format(
    "brat",
    "",
    folder_writer=write,
    reader=FormatReader(counted(read), expected, takes=frozenset({Option.OFFSETS, Option.MEANS})),
    signs=Signs(
        endings=(".ann",),
        line=names.A_LINE.pattern,
        example="T1\\tPERSON 0 7\\tAda Low",
        is_folder=True,
        texts=(".txt",),
    ),
)
