"""Revisions of texts that know where every character came from, and reviews to carry over.

The sentences here are cut by a plain pattern of their own, so that what is tested does not mark
its own work.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, MadeBy, Stance
from annotator.core.article import Span, Spans, identity_of
from annotator.core.decisions import Change, accept, add, correct, finish, note, reject
from annotator.core.record import Record, record_from_dict
from annotator.core.review import Review
from tests.helpers.strategies import stamped

SEEDS = Path(__file__).parents[2] / "seeds"
_SENTENCE = re.compile(r"[^\n]+?[.!?]+[\"”’)\]]*(?=\s+[\"“‘(\[]*[A-Z0-9]|\n|$)|[^\n]+")
_INVENTED = (
    "The ferry was late again.",
    "Nobody at the tannery would say why.",
    "“We shall see,” the lock keeper told reporters.",
    "It rained.",
    "Advertisement",
    "He said so.",
    "Oda Quill, 44, runs the mill on Gannet Row.",
)


@dataclass(frozen=True)
class Piece:
    """Part of a revised text: `old` is where it stood before, None if it is new; `same` says
    whether its words are the same."""

    words: str
    old: Span | None
    same: bool


@dataclass(frozen=True)
class Revision:
    """A text, its revision, and the outcome for each part."""

    old: str
    pieces: tuple[Piece, ...]

    @cached_property
    def new(self) -> str:
        return "".join(piece.words for piece in self.pieces)

    def place_of(self, span: Span) -> Span | None:
        """The new place of a span in unchanged sentences; None if it has none."""
        places = self._places[span.start : span.end]
        found = [place for place in places if place is not None]
        if len(found) < len(places) or found[-1] - found[0] != len(found) - 1:
            return None
        return Span(found[0], found[-1] + 1)

    @cached_property
    def _places(self) -> list[int | None]:
        """The new offset of each character of the old text."""
        places: list[int | None] = [None] * len(self.old)
        start = 0
        for piece in self.pieces:
            if piece.same and piece.old:
                places[piece.old.start : piece.old.end] = range(start, start + len(piece.old))
            start += len(piece.words)
        return places


def revised(text: str, rng: random.Random, edits: int) -> Revision:
    """`text` with sentences inserted, removed and reworded at random."""
    pieces = _cut(text)
    often = {piece.words: sum(one.words == piece.words for one in pieces) for piece in pieces}
    for _ in range(edits):
        n = rng.randrange(len(pieces))
        piece = pieces[n]
        is_sentence = piece.old is not None and piece.same and bool(piece.words.strip())
        match rng.choice(("insert", "insert copy", "remove", "reword")):
            case "insert":
                pieces.insert(n, _new(pieces, n, rng.choice(_INVENTED), rng))
            case "insert copy" if is_sentence and often[piece.words] == 1:
                # Put where it stands or somewhere else; its original stays from now on.
                often[piece.words] = 0
                place = rng.randrange(len(pieces) + 1)
                pieces.insert(place, _new(pieces, place, piece.words, rng))
            case "remove" if is_sentence and often[piece.words]:
                pieces[n] = Piece("", piece.old, same=False)
            case "reword" if is_sentence and often[piece.words]:
                pieces[n] = Piece(_reword(piece.words, rng), piece.old, same=False)
    return Revision(text, tuple(pieces))


def _cut(text: str) -> list[Piece]:
    pieces, end = [], 0
    for found in _SENTENCE.finditer(text):
        start = found.start() + len(found.group()) - len(found.group().lstrip())
        if start > end:
            pieces.append(Piece(text[end:start], Span(end, start), same=True))
        if found.end() > start:
            pieces.append(Piece(text[start : found.end()], Span(start, found.end()), same=True))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:], Span(end, len(text)), same=True))
    return pieces


def _new(pieces: list[Piece], place: int, words: str, rng: random.Random) -> Piece:
    """A sentence put in: within a paragraph where it is one there, else as a paragraph."""
    before = "".join(piece.words for piece in pieces[:place]).rstrip()
    is_inside = before.endswith((".", "!", "?", "”")) and words.endswith((".", "!", "?", "”"))
    if is_inside and rng.random() < 0.5:
        return Piece(f" {words} ", None, same=False)
    return Piece(f"\n\n{words}\n\n", None, same=False)


def _reword(words: str, rng: random.Random) -> str:
    tokens = words.split(" ")
    n = rng.randrange(len(tokens))
    tokens[n] = rng.choice(("reportedly", "Ottavia", tokens[n] + " then", "seven"))
    return " ".join(tokens)


@cache
def seeds() -> tuple[Record, ...]:
    """The reviewed gold of the sample articles."""
    paths = sorted((SEEDS / "gold").glob("*.jsonl"))
    return tuple(record_from_dict(json.loads(path.read_text(encoding="utf-8"))) for path in paths)


def reviewed_seed(record: Record, rng: random.Random) -> Review:
    """A finished review of a seed: most is accepted, some corrected, rejected, added, left open."""
    suggested: list[Item] = []
    added: list[Item] = []
    for item in record.items:
        (added if rng.random() < 0.1 else suggested).append(item)
    review = Review.of(identity_of(record.article.text), "ada", suggested)
    text = record.article.text
    for item in suggested:
        chance = rng.random()
        changes: Sequence[Change] = (accept(item),)
        if chance < 0.05:
            changes = ()
        elif chance < 0.15:
            changes = (reject(item),)
        elif chance < 0.3:
            changes = (correct(item, _corrected(item, text, rng)),)
        if chance > 0.95:
            changes = (*changes, note(item, "check"))
        review = _press(review, *changes)
    for n, item in enumerate(added):
        made = replace(item, id=f"added-{n}", made_by=MadeBy.REVIEWER, score=None)
        review = _press(review, add(made))
    return _press(review, finish())


def _press(review: Review, *changes: Change) -> Review:
    return review.decide(*stamped(changes, review)) if changes else review


def _corrected(item: Item, text: str, rng: random.Random) -> Item:
    match item:
        case Entity():
            words = item.span.of(text).split(" ")
            start = item.span.start + len(words[0]) + 1
            if len(words) > 1 and rng.random() < 0.5:
                return replace(item, span=Span(start, item.span.end))
            return replace(item, label="GPE" if item.label != "GPE" else "ORG")
        case Claim():
            return replace(item, stance=Stance.PREDICTS, cue=())
        case Junk():
            return replace(item, kind=JunkKind.TAG_LINE)


def suggestions_for(
    revision: Revision, review: Review, rng: random.Random, *, noise: float
) -> tuple[Item, ...]:
    """What a pipeline suggests for the new text: for unchanged sentences the same as before, but
    for `noise` of them something else or nothing; in new words some names."""
    found: list[Item] = []
    for n, item in enumerate(review.suggestions):
        placed = placed_in(item, revision.place_of)
        if placed is None or rng.random() < noise / 2:
            continue
        if rng.random() < noise / 2:
            placed = _corrected(placed, revision.new, rng)
        if isinstance(placed, Claim):
            placed = replace(placed, source_entity=None)
        found.append(replace(placed, id=f"new-{n}", made_by=MadeBy.PIPELINE, score=0.5))
    start = 0
    for piece in revision.pieces:
        for name in re.finditer(r"Oda Quill|Gannet Row|Ottavia", "" if piece.same else piece.words):
            at = Span(start + name.start(), start + name.end())
            found.append(Entity(f"name-{at.start}", at, "PERSON", made_by=MadeBy.PIPELINE))
        start += len(piece.words)
    return tuple(found)


def placed_in(item: Item, place_of: Callable[[Span], Span | None]) -> Item | None:
    """The item with every span at its new place; None if one has none."""
    places = {span: place_of(span) for span in item.spans}
    if None in places.values():
        return None

    def now(spans: Spans) -> Spans:
        return tuple(place for span in spans if (place := places[span]) is not None)

    if isinstance(item, Claim):
        return replace(item, content=now(item.content), cue=now(item.cue), source=now(item.source))
    (span,) = now(item.spans)
    return replace(item, span=span)
