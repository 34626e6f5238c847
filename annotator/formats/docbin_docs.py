"""Converts records to spaCy Docs and back: the part of the format `docbin` that loads spaCy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from spacy.lang.en import English
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as DocSpan
from spacy.vocab import Vocab
from srsly.msgpack import msgpack_decoders, msgpack_encoders

from annotator.core.annotations import Entity
from annotator.core.article import Article, Span
from annotator.core.record import FORMAT, Record, ReviewFacts, record_from_dict
from annotator.core.records.tie_rows import ties_from_list
from annotator.core.records.unknown import stretches
from annotator.errors import RecordError
from annotator.formats.across_rows import with_ties, without_invalid
from annotator.formats.base import Losses, Refused
from annotator.formats.decided_items import decided_only
from annotator.formats.external_text import ExternalText, InvalidAnnotation, check, imported
from annotator.formats.imported_items import entity_read
from annotator.formats.iob import cut, edges_of, tags_of, trimmed, unknown_spans, without_overlap
from annotator.formats.loss_report import count_undecided
from annotator.formats.refusals import RefusedPiece, refused_then_record

_OURS = "annotator"
_ATTRIBUTES = ("ENT_IOB", "ENT_TYPE", "ENT_KB_ID")
_PARTS = ("content", "cue", "source")
_IN_SPANS = frozenset({"start", "end", "text", "label", "kind", *_PARTS, "parent", "entities"})
Plain = dict[str, Any]


@cache
def _without_lookups() -> None:
    """Tell srsly once that no plugins are installed, if that is so.

    Otherwise it searches all installed packages for plugins with more types, five times for each
    article, which takes longer than reading. If there are plugins, it still does.
    """
    for registry in (msgpack_encoders, msgpack_decoders):
        registry.entry_points = bool(registry.get_entry_points())


# Out


def pack(records: Iterable[Record], losses: Losses) -> tuple[bytes, int]:
    """The content of a file with these records, and their number."""
    _without_lookups()
    language = _english()
    packed = DocBin(attrs=_ATTRIBUTES, store_user_data=True)
    # A vocabulary keeps all words it has seen; those of a file are forgotten with it.
    with language.memory_zone():
        for record in records:
            count_undecided(record, losses)
            packed.add(doc_of(record, language))
        return packed.to_bytes(), len(packed)


@cache
def _english() -> English:
    """The language of all files: its tokeniser takes a tenth of a second to make."""
    return English()


def doc_of(record: Record, language: English) -> Doc:
    """The record as a Doc with its text, its decided items, and the rest as user data."""
    whole = decided_only(record)
    text = record.article.text
    kept = [_Flat(entity, trimmed(entity.span, text)) for entity in without_overlap(whole.entities)]
    spans = [*(span for item in whole.items for span in item.spans), *(one.span for one in kept)]
    layout = _Layout.of(text, spans, language)
    doc = Doc(language.vocab, words=layout.words(text), spaces=layout.spaces)
    _set_entities(doc, layout, record, kept)
    if record.review.kind != "none":
        doc.spans["sc"] = [
            layout.span(doc, one.span, one.label, one.id, one.identity) for one in whole.entities
        ]
        doc.spans["claims"] = [
            layout.span(doc, piece, part.upper(), claim.id)
            for claim in whole.claims
            for part in _PARTS
            for piece in getattr(claim, part)
        ]
        doc.spans["junk"] = [
            layout.span(doc, one.span, one.kind.value, one.id) for one in whole.junk
        ]
    doc.user_data[_OURS] = _rest(whole)
    return doc


@dataclass(frozen=True)
class _Flat:
    entity: Entity
    span: Span


@dataclass(frozen=True)
class _Layout:
    """The tokens of a Doc; `spaces` marks those followed by a blank that is not a token."""

    tokens: Sequence[Span]
    spaces: Sequence[bool]
    at_start: Mapping[int, int]
    at_end: Mapping[int, int]

    @classmethod
    def of(cls, text: str, spans: Sequence[Span], language: English) -> _Layout:
        starts, ends = {span.start for span in spans}, {span.end for span in spans}
        edges = sorted(set(edges_of(spans)))
        tokens: list[Span] = []
        spaces: list[bool] = []
        for token in language.tokenizer(text):
            pieces = list(cut([Span(token.idx, token.idx + len(token))], edges))
            spaced = bool(token.whitespace_)
            end = pieces[-1].end
            # A blank at the start or end of an item must be a token of its own.
            if spaced and (end in starts or end + 1 in ends):
                pieces.append(Span(end, end + 1))
                spaced = False
            tokens += pieces
            spaces += [False] * (len(pieces) - 1) + [spaced]
        return cls(
            tokens,
            spaces,
            {token.start: place for place, token in enumerate(tokens)},
            {token.end: place + 1 for place, token in enumerate(tokens)},
        )

    def words(self, text: str) -> list[str]:
        return [token.of(text) for token in self.tokens]

    def span(
        self, doc: Doc, span: Span, label: str, name: str = "", identity: str | None = None
    ) -> DocSpan:
        first, end = self.at_start[span.start], self.at_end[span.end]
        return DocSpan(doc, first, end, label=label, kb_id=identity or "", span_id=name)


def _set_entities(doc: Doc, layout: _Layout, record: Record, kept: Sequence[_Flat]) -> None:
    whole = [one.entity for one in kept]
    tags = tags_of(layout.tokens, whole, unknown_spans(record, whole))
    doc.set_ents(
        [layout.span(doc, one.span, one.entity.label, "", one.entity.identity) for one in kept],
        missing=[doc[place : place + 1] for place, tag in enumerate(tags) if tag is None],
        default="outside",
    )


def _rest(whole: Record) -> Plain:
    """The record without its text and without the offsets of items, which the Doc has."""
    plain = whole.to_dict()
    del plain["text"], plain["offered"]
    for name in ("entities", "claims", "junk"):
        plain[name] = [
            {key: value for key, value in row.items() if key not in _IN_SPANS}
            for row in plain[name]
        ]
    return plain


# In


def read_file(path: Path) -> Iterator[Record | Refused]:
    """The records of a file, in order; raises RecordError if it is not a DocBin."""
    _without_lookups()
    number = 0
    try:
        for number, doc in enumerate(DocBin().from_disk(path).get_docs(Vocab()), start=1):
            yield from _read_doc(doc, path.name, number)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, EOFError) as error:
        if number == 0:
            raise RecordError(
                f"{path.name} is not a DocBin of spaCy 3: {str(error).rstrip('.')}.",
                hint="Write it again with spaCy.",
            ) from error
        yield Refused(
            path.name,
            number + 1,
            f"the file is truncated: {error}",
            kind="truncated file",
        )


def _read_doc(doc: Doc, file: str, number: int) -> Iterator[Record | Refused]:
    ours = doc.user_data.get(_OURS)
    lost: list[RefusedPiece] = []
    try:
        if isinstance(ours, dict) and ours.get("format") == FORMAT:
            record = _ours(doc, _listed(ours), lost)
        else:
            record = _theirs(doc, lost)
    except (InvalidAnnotation, RecordError, ValueError, KeyError, TypeError) as error:
        yield Refused(file, number, str(error), kind=getattr(error, "kind", ""))
    else:
        yield from refused_then_record(record, lost, file, number)


def _theirs(doc: Doc, lost: list[RefusedPiece]) -> Record:
    """The record of a Doc made by others: its entities, with categories as `meta`."""
    text = ExternalText(doc.text)
    found: dict[tuple[Span, str], Entity] = {}
    for one in (*doc.ents, *doc.spans.get("sc", ())):
        try:
            span = text.span(one.start_char, one.end_char)
            entity = entity_read("", span, one.label_, one.kb_id_ or None)
            check(entity, text.text)
            found.setdefault((span, one.label_), entity)
        except InvalidAnnotation as error:
            lost.append(RefusedPiece(str(error), error.kind))
    for name, group in doc.spans.items():
        if name != "sc":
            about = tuple(text.span(one.start_char, one.end_char) for one in group if len(one.text))
            why = f"spans of the group {name!r} are not imported"
            lost.append(RefusedPiece(why, "unsupported span groups", about))
    article = Article(text.text, meta={"cats": dict(doc.cats)} if doc.cats else {})
    record = imported(article, found.values())
    if not doc.has_annotation("ENT_IOB"):
        # No word is marked as outside, so nobody has reviewed the article.
        return record if "sc" in doc.spans else replace(record, review=ReviewFacts())
    return replace(record, unknown=stretches(_missing(doc, text), text.text))


def _missing(doc: Doc, text: ExternalText) -> Iterator[Span]:
    """The stretches of words with missing entity annotation."""
    words = (token for token in doc if not token.text.isspace())
    for missing, run in groupby(words, key=lambda token: token.ent_iob == 0):
        if missing:
            tokens = list(run)
            yield text.span(tokens[0].idx, tokens[-1].idx + len(tokens[-1]))


def _ours(doc: Doc, plain: Plain, lost: list[RefusedPiece]) -> Record:
    """The record of a Doc that we wrote, with items at its spans, which others may have moved."""
    text = doc.text
    plain = without_invalid(plain, lost)
    ties = ties_from_list(plain.pop("ties", ()))
    by_part: dict[str, dict[str, list[Plain]]] = defaultdict(lambda: defaultdict(list))
    for piece in doc.spans.get("claims", ()):
        by_part[piece.id_][piece.label_.lower()].append(_place(piece))
    named = {row["id"]: row.get("identity") for row in plain["entities"]}
    entities = [
        {**_place(one), "label": one.label_, "identity": _identity_of(one, named.get(one.id_))}
        for one in doc.spans.get("sc", ())
    ]
    junk = [{**_place(one), "kind": one.label_} for one in doc.spans.get("junk", ())]
    plain["entities"] = _completed(entities, plain["entities"], doc.spans.get("sc", ()))
    plain["junk"] = _completed(junk, plain["junk"], doc.spans.get("junk", ()))
    plain["claims"] = [
        {**row, **{part: by_part[row["id"]][part] for part in _PARTS}}
        for row in plain["claims"]
        if by_part[row["id"]]["content"]
    ]
    kept = {row["id"] for row in plain["claims"]}
    why = "claims without content"
    lost += (
        RefusedPiece(f"claim {name!r} has no content", why) for name in by_part if name not in kept
    )
    return with_ties(record_from_dict({**plain, "text": text, "offered": []}), ties, lost)


def _completed(
    rows: Sequence[Plain], known: Sequence[Plain], spans: Sequence[DocSpan]
) -> list[Plain]:
    """Rows of spans completed by id with known fields; a span without an id is new."""
    by_id = {row["id"]: row for row in known}
    new = {"made_by": "import", "verdict": "accepted"}
    return [
        {"id": span.id_ or f"span-{n}", **new, **by_id.get(span.id_, {}), **row}
        for n, (row, span) in enumerate(zip(rows, spans, strict=True), start=1)
    ]


def _identity_of(span: DocSpan, known: Any) -> Any:
    """The identity of an entity: the known one, unless `kb_id` was changed."""
    return known if span.kb_id_ == (known or "") else span.kb_id_ or None


def _place(span: DocSpan) -> Plain:
    return {"start": span.start_char, "end": span.end_char, "text": span.text}


def _listed(value: Any) -> Any:
    """`value` with lists instead of the tuples that msgpack returns."""
    if isinstance(value, dict):
        return {key: _listed(one) for key, one in value.items()}
    return [_listed(one) for one in value] if isinstance(value, tuple) else value
