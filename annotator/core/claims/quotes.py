"""Builds claims from separately marked sources, cues and contents.

Pieces that the annotators linked belong together. The others are joined by distance, as in the
guidelines: a cue belongs to the nearest content, a source to the nearest cue, first in the same
sentence, then in the next one or the adjacent paragraph. A quotation that continues is joined with
the one before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

from annotator.core.article import Span, Spans
from annotator.core.text.paragraph_bounds import crosses_paragraphs, paragraph_spans
from annotator.core.text.words import Words

CONTENT, CUE, SOURCE = "content", "cue", "source"
ROLES = frozenset((CONTENT, CUE, SOURCE))
"""The roles of pieces of a claim, named as in a record."""
_NAMES = {
    "content": CONTENT,
    "cue": CUE,
    "source": SOURCE,
    # Names of the roles in quotation corpora: StanfordNLP and novels (quote and speaker).
    "quote": CONTENT,
    "quotation": CONTENT,
    "speaker": SOURCE,
}
_SAME, _NEXT, _FAR = 0, 1, 2
_AROUND = 8  # candidate claims on each side of a piece
_OPENING = tuple("\"'“‘«„")

Key = TypeVar("Key", bound=Hashable)


def role_of(label: str) -> str | None:
    """The role that newsrooms and corpora mean by this label; None for other labels."""
    return _NAMES.get(label.casefold())


@dataclass(frozen=True, slots=True)
class Parts(Generic[Key]):
    """The keys of the pieces of one claim; the first of `content` is its anchor."""

    content: tuple[Key, ...]
    cue: tuple[Key, ...] = ()
    source: tuple[Key, ...] = ()

    @property
    def every(self) -> tuple[Key, ...]:
        """All pieces of the claim."""
        return (*self.content, *self.cue, *self.source)


def within_paragraphs(span: Span, text: str) -> Spans:
    """The span split at the ends of paragraphs, without blank pieces."""
    if not crosses_paragraphs(span, text):
        return (span,)
    found = (
        Span(max(span.start, one.start), min(span.end, one.end))
        for one in paragraph_spans(text)
        if one.start < span.end and span.start < one.end
    )
    return tuple(one for one in found if one.of(text).strip())


def linked_parts(
    pieces: Mapping[Key, tuple[str, Span]], links: Iterable[tuple[Key, Key]]
) -> tuple[Parts[Key], ...]:
    """Claims from pieces (key to role and span) and undirected links between them.

    Linked contents form one claim. A cue belongs to the claims it is linked to, a source to those
    that it or its cue is linked to. A content without links is a claim by itself.
    """
    near: dict[Key, list[Key]] = {key: [] for key in pieces}
    for one, other in links:
        if one in near and other in near and one != other:
            near[one].append(other)
            near[other].append(one)

    def linked(keys: Iterable[Key], role: str) -> list[Key]:
        found = {other for key in keys for other in near[key] if pieces[other][0] == role}
        return sorted(found, key=lambda key: pieces[key][1])

    made: list[Parts[Key]] = []
    done: set[Key] = set()
    for key in _in_order(pieces, CONTENT):
        if key in done:
            continue
        content, due = {key}, [key]
        while due:
            more = [other for other in linked((due.pop(),), CONTENT) if other not in content]
            content.update(more)
            due += more
        done |= content
        cue = linked(content, CUE)
        source = linked((*content, *cue), SOURCE)
        ordered = sorted(content, key=lambda other: pieces[other][1])
        made.append(Parts(tuple(ordered), tuple(cue), tuple(source)))
    return tuple(made)


def near_parts(
    pieces: Mapping[Key, tuple[str, Span]], links: Iterable[tuple[Key, Key]], text: str
) -> tuple[Parts[Key], ...]:
    """Claims from pieces and links between some of them; pieces without links are joined by
    distance. A cue or source without content belongs to no claim and is omitted.
    """
    links = [link for link in links if link[0] in pieces and link[1] in pieces]
    made = linked_parts(pieces, links)
    linked = any(one.cue or one.source for one in made)
    if linked and pieces.keys() - {key for one in made for key in one.every}:
        alone = {one.content[0] for one in made if not one.cue and not one.source}
        made = tuple(_Completing(pieces, made, alone, Places(text)).parts())
    told = tuple(one for one in made if one.cue or one.source)
    used = {key for one in told for key in one.every}
    left = {key: piece for key, piece in pieces.items() if key not in used}
    bare = [one.content for one in made if not one.cue and not one.source]
    return (*told, *_Nearness(left, bare, links, Places(text)).parts()) if left else told


class _Completing(Generic[Key]):
    """Completes partly linked claims with unlinked pieces of their sentence."""

    def __init__(
        self,
        pieces: Mapping[Key, tuple[str, Span]],
        made: Sequence[Parts[Key]],
        alone: Collection[Key],
        places: Places,
    ) -> None:
        self.pieces, self.made, self.alone, self.places = pieces, made, alone, places
        self.starts = [self._span(one.content[0]).start for one in made]

    def parts(self) -> Iterator[Parts[Key]]:
        """The claims; those without links and complete ones are unchanged."""
        used = {key for one in self.made for key in one.every}
        given: dict[Key, dict[str, Key]] = {}
        for role in (CUE, SOURCE):
            for key in _in_order(self.pieces, role):
                anchor = None if key in used else self._nearest(key, role, given)
                if anchor is not None:
                    given.setdefault(anchor, {})[role] = key
        for one in self.made:
            more = given.get(one.content[0], {})
            cue = one.cue or ((more[CUE],) if CUE in more else ())
            source = one.source or ((more[SOURCE],) if SOURCE in more else ())
            yield Parts(one.content, cue, source)

    def _nearest(self, key: Key, role: str, given: Mapping[Key, Mapping[str, Key]]) -> Key | None:
        """The anchor of the nearest claim, if that has links and lacks a piece of this role."""
        place = bisect_right(self.starts, self._span(key).start)
        near = [
            (self._gap(key, content), one.content[0])
            for one in self.made[max(0, place - _AROUND) : place + _AROUND]
            for content in one.content
            if self.places.apart(self._span(key), self._span(content)) == _SAME
        ]
        anchor = min(near, key=lambda pair: pair[0], default=(0, None))[1]
        if anchor is None or anchor in self.alone or role in given.get(anchor, {}):
            return None
        owner = self.made[bisect_left(self.starts, self._span(anchor).start)]
        return None if owner.content[0] != anchor or getattr(owner, role) else anchor

    def _gap(self, one: Key, other: Key) -> int:
        return _gap(self._span(one), self._span(other))

    def _span(self, key: Key) -> Span:
        return self.pieces[key][1]


class Places:
    """Finds the sentence and paragraph of an offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._sentences = [one.start for one in Words(text).sentences]
        self._paragraphs = [one.start for one in paragraph_spans(text)]

    def apart(self, one: Span, other: Span) -> int:
        """The distance class of two spans: same sentence, next sentence or adjacent paragraph, or
        farther."""
        first, last = sorted((one, other))
        end = max(first.start, min(first.end, last.start) - 1)
        if last.start < first.end or self._between(self._sentences, end, last.start) == 0:
            return _SAME
        near = self._between(self._paragraphs, end, last.start) <= 1
        return _NEXT if near or self._between(self._sentences, end, last.start) == 1 else _FAR

    def share_paragraph(self, one: Span, other: Span) -> bool:
        """Whether both start in the same paragraph."""
        return self._between(self._paragraphs, one.start, other.start) == 0

    def goes_on(self, before: Span, after: Span, between: Iterable[Span]) -> bool:
        """Whether a quotation continues after a break: in the same sentence, or at the start of the
        next one, apart from the spans between."""
        sentences = self._between(self._sentences, before.end - 1, after.start)
        if sentences == 0:
            return True
        start = self._sentences[bisect_right(self._sentences, after.start) - 1]
        own = list(self.text[start : after.start])
        for span in between:
            for place in range(max(span.start, start), min(span.end, after.start)):
                own[place - start] = " "
        return sentences == 1 and not any(letter.isalnum() for letter in own)

    @staticmethod
    def _between(starts: list[int], one: int, other: int) -> int:
        return abs(bisect_right(starts, other) - bisect_right(starts, one))


@dataclass
class _Claim(Generic[Key]):
    """A claim under construction."""

    content: list[Key]
    cue: list[Key] = field(default_factory=list)
    source: list[Key] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        """Whether the claim has a source or a cue."""
        return bool(self.cue or self.source)


class _Nearness(Generic[Key]):
    """Joins unlinked pieces to contents by distance."""

    def __init__(
        self,
        pieces: Mapping[Key, tuple[str, Span]],
        contents: Iterable[tuple[Key, ...]],
        links: Iterable[tuple[Key, Key]],
        places: Places,
    ) -> None:
        self.pieces = pieces
        self.places = places
        self.claims = [_Claim(list(keys)) for keys in contents]
        self.starts = [self._span(claim.content[0]).start for claim in self.claims]
        self.linked: dict[Key, list[Key]] = {}
        for one, other in links:
            if one in pieces and other in pieces:
                self.linked.setdefault(one, []).append(other)
                self.linked.setdefault(other, []).append(one)

    def parts(self) -> tuple[Parts[Key], ...]:
        """The claims, in text order."""
        self._assign(CUE)
        self._follow_links()
        self._assign(SOURCE)
        self._join()
        self._share_sources()
        return tuple(
            Parts(tuple(self._ordered(one.content)), tuple(one.cue), tuple(one.source))
            for one in self.claims
        )

    def _assign(self, role: str) -> None:
        """Assigns the pieces of a role to claims: nearest pairs first, one piece for each claim;
        then the others to the nearest claim if it is in the same sentence or has none."""
        taken = {key for claim in self.claims for key in getattr(claim, role)}
        due = [key for key in _in_order(self.pieces, role) if key not in taken]
        pairs = sorted(
            (*self._distance(key, claim), order, number)
            for order, key in enumerate(due)
            for number, claim in self._around(key)
        )
        done: set[int] = set()
        for far, _, order, number in pairs:
            own = getattr(self.claims[number], role)
            if far == _SAME and order not in done and not own:
                own.append(due[order])
                done.add(order)
        for far, _, order, number in pairs:
            own = getattr(self.claims[number], role)
            apart = not any(self._overlap(due[order], other) for other in own)
            if order not in done and apart and (far == _SAME or (far == _NEXT and not own)):
                own.append(due[order])
                done.add(order)
        for claim in self.claims:
            getattr(claim, role).sort(key=self._span)

    def _around(self, key: Key) -> Iterable[tuple[int, _Claim[Key]]]:
        """The candidates nearest to a piece: claims that begin before and after it."""
        place = bisect_right(self.starts, self._span(key).start)
        first = max(0, place - _AROUND)
        return enumerate(self.claims[first : place + _AROUND], start=first)

    def _distance(self, key: Key, claim: _Claim[Key]) -> tuple[int, int]:
        """The distance of a piece from a claim; of a source, from the claim's cue if it has one."""
        span = self._span(key)
        ends = (claim.cue or claim.content) if self.pieces[key][0] == SOURCE else claim.content
        return min(
            (self.places.apart(span, self._span(one)), _gap(span, self._span(one))) for one in ends
        )

    def _follow_links(self) -> None:
        """A source linked to a cue joins the claim of that cue."""
        for claim in self.claims:
            for cue in claim.cue:
                claim.source += [
                    key
                    for key in self.linked.get(cue, ())
                    if self.pieces[key][0] == SOURCE
                    and not any(self._overlap(key, other) for other in claim.source)
                ]

    def _join(self) -> None:
        """Join a continuing quotation without its own cue or source to the one before; and a
        quotation interrupted by its source to what follows."""
        joined: list[_Claim[Key]] = []
        for claim in self.claims:
            before = joined[-1] if joined else None
            if before and not claim.is_told and self._goes_on(before, claim):
                before.content += claim.content
            elif before and not before.is_told and self._is_broken_by(before, claim):
                claim.content += before.content
                joined[-1] = claim
            else:
                joined.append(claim)
        self.claims = joined

    def _goes_on(self, before: _Claim[Key], claim: _Claim[Key]) -> bool:
        if not before.is_told or self._share_words(before, claim):
            return False
        between = (self._span(key) for key in (*before.cue, *before.source))
        return self.places.goes_on(
            self._span(before.content[-1]), self._span(claim.content[0]), between
        )

    def _is_broken_by(self, before: _Claim[Key], claim: _Claim[Key]) -> bool:
        last, first = self._span(before.content[-1]), self._span(claim.content[0])
        told = [self._span(key) for key in (*claim.cue, *claim.source)]
        return (
            any(last.end <= one.start and one.end <= first.start for one in told)
            and self.places.apart(last, first) == _SAME
            and not self._share_words(before, claim)
        )

    def _share_words(self, one: _Claim[Key], other: _Claim[Key]) -> bool:
        return any(self._overlap(a, b) for a in one.content for b in other.content)

    def _share_sources(self) -> None:
        """A second cue in a sentence shares the source of the one before; so does a quotation
        without a source in the same paragraph."""
        for before, claim in pairwise(self.claims):
            if not before.source or claim.source:
                continue
            content = self._span(claim.content[0])
            if claim.cue and before.cue:
                one, other = self._span(before.cue[-1]), self._span(claim.cue[0])
                shared = self.places.apart(one, other) == _SAME
            else:
                alone = content.of(self.places.text).startswith(_OPENING)
                last = self._span(before.content[-1])
                shared = not claim.cue and alone and self.places.share_paragraph(last, content)
            if shared:
                claim.source += before.source

    def _span(self, key: Key) -> Span:
        return self.pieces[key][1]

    def _overlap(self, one: Key, other: Key) -> bool:
        return self._span(one).overlaps(self._span(other))

    def _ordered(self, keys: Iterable[Key]) -> list[Key]:
        return sorted(keys, key=self._span)


def _in_order(pieces: Mapping[Key, tuple[str, Span]], role: str) -> list[Key]:
    return sorted(
        (key for key, piece in pieces.items() if piece[0] == role), key=lambda key: pieces[key][1]
    )


def _gap(one: Span, other: Span) -> int:
    """The number of characters between two spans; 0 if they touch or overlap."""
    return max(0, other.start - one.end, one.start - other.end)
