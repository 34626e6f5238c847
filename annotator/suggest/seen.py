"""Removes invisible characters from texts and Docs, and maps the results back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy
from spacy import attrs
from spacy.tokens import Doc, Span

from annotator.core.annotations import Claim, Item
from annotator.core.article import Span as Characters
from annotator.core.article import Spans
from annotator.core.text.invisible import Visible, seen_in
from annotator.suggest.claims.component import KEY as CLAIMS
from annotator.suggest.numbers import RECOGNISED
from annotator.suggest.scores import KEY as SCORES

_PARTS = ("content", "cue", "source")
_COPIED = (attrs.TAG, attrs.POS, attrs.MORPH, attrs.LEMMA, attrs.DEP)


def on_the_whole(items: Iterable[Item], seen: Visible) -> tuple[Item, ...]:
    """The items of the visible text, with offsets in the whole text."""
    return tuple(_placed(item, seen) for item in items)


def _placed(item: Item, seen: Visible) -> Item:
    if isinstance(item, Claim):
        content, cue, source = (
            _spans(spans, seen) for spans in (item.content, item.cue, item.source)
        )
        return replace(item, content=content, cue=cue, source=source)
    return replace(item, span=Characters(*seen.original(item.span.start, item.span.end)))


def _spans(spans: Spans, seen: Visible) -> Spans:
    return tuple(Characters(*seen.original(span.start, span.end)) for span in spans)


def seen_doc(doc: Doc) -> tuple[Doc, Visible, list[int]] | None:
    """A Doc of the visible part of `doc`, with its tokens, and the number of each token in it.

    None if everything is visible, or nothing is.
    """
    seen = seen_in(doc.text)
    if seen is None:
        return None
    words: list[str] = []
    spaces: list[bool] = []
    numbers: list[int] = []
    at = 0
    for token in doc:
        begin = at
        end = token.idx + len(token)
        while at < len(seen.places) and seen.places[at] < end:
            at += 1
        blank = bool(token.whitespace_)
        if at > begin:
            words.append(seen.text[begin:at])
            spaces.append(blank)
            numbers.append(token.i)
        elif blank and words and not spaces[-1]:
            spaces[-1] = True
        elif blank:
            words.append(" ")
            spaces.append(False)
            numbers.append(token.i)
        at += blank
    return (Doc(doc.vocab, words=words, spaces=spaces), seen, numbers) if words else None


def carried_back(doc: Doc, found: Doc, seen: Visible, numbers: list[int]) -> Doc:
    """`doc` with the annotations of its visible part."""
    _carry_words(doc, found, numbers)
    doc.ents = tuple(_carried_span(doc, ent, numbers) for ent in found.ents)
    for key, group in found.spans.items():
        doc.spans[key] = [_carried_span(doc, span, numbers) for span in group]
    data = found.user_data
    for key in (SCORES, RECOGNISED):
        if key in data:
            doc.user_data[key] = [
                [*seen.original(start, end), *rest] for start, end, *rest in data[key]
            ]
    if CLAIMS in data:
        doc.user_data[CLAIMS] = [_carried_claim(plain, seen) for plain in data[CLAIMS]]
    return doc


def _carried_claim(plain: dict[str, Any], seen: Visible) -> dict[str, Any]:
    parts = {part: [list(seen.original(*piece)) for piece in plain[part]] for part in _PARTS}
    entity = plain["source_entity"]
    return {**plain, **parts, "source_entity": list(seen.original(*entity)) if entity else None}


def _carried_span(doc: Doc, span: Span, numbers: list[int]) -> Span:
    return Span(doc, numbers[span.start], numbers[span.end - 1] + 1, label=span.label)


def _carry_words(doc: Doc, found: Doc, numbers: list[int]) -> None:
    """Copy tags, lemmas, trees and sentences; an invisible token depends on the word before it."""
    columns = [*_COPIED, attrs.SENT_START]
    values: Any = numpy.zeros((len(doc), len(columns)), dtype="uint64")
    values[numbers] = found.to_array(columns)
    if found.has_annotation("DEP"):
        heads: Any = numpy.zeros((len(doc),), dtype="int64")
        unseen = sorted(set(range(len(doc))) - set(numbers))
        for i in unseen:
            kept = numbers[max(bisect_left(numbers, i) - 1, 0)]
            heads[i] = kept - i
            values[i, columns.index(attrs.DEP)] = doc.vocab.strings.add("dep")
        for token in found:
            heads[numbers[token.i]] = numbers[token.head.i] - numbers[token.i]
        columns[-1] = attrs.HEAD
        values[:, -1] = heads.astype("uint64")
    doc.from_array(columns, values)
