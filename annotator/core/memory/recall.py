"""Improves suggestions by memory: corrects labels and edges, adds missed names, and gives low
confidence to forms that were rejected repeatedly.

Suggestions of a pipeline are the input; those with unknown forms are unchanged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.core.annotations import Claim, Entity, Item, Junk, MadeBy, Tier, unattributed
from annotator.core.article import Span
from annotator.core.memory.entries import LONGEST, Subject, cue_of, form_of
from annotator.core.memory.known import Form, Known
from annotator.core.text.words import Words, distinct_tokens, token_starts

MOST_TOKENS = 12
"""Maximum number of tokens in a missed name."""
_REACH = 2 * LONGEST
Memory = Mapping[Form, Known]


@dataclass(frozen=True, slots=True)
class Recalling:
    """The use of memory: a form gets low confidence after `wrong_after` key presses that rejected
    it since its last acceptance."""

    wrong_after: int = 3


BY_DEFAULT = Recalling()


def recalling_after(wrong_after: int) -> Recalling | None:
    """The use of memory for the setting `wrong_after`; None (not used) for 0."""
    return Recalling(wrong_after) if wrong_after else None


def forms_asked(items: Iterable[Item], text: str) -> frozenset[Form]:
    """The forms of suggestions to look up in the memory."""
    return frozenset(form for item in items if (form := form_asked(item, text)) is not None)


def form_asked(item: Item, text: str) -> Form | None:
    """The form that an item is remembered by: its words, or a claim's cue; None if it is not."""
    match item:
        case Entity():
            form = (Subject.ENTITY, form_of(item.span.of(text)))
        case Claim():
            form = (Subject.CUE, cue_of(item, text))
        case _:
            return None
    return form if form[1] else None


def heads_in(text: str) -> frozenset[str]:
    """The words of this text with which a remembered form may begin."""
    return frozenset(map(form_of, distinct_tokens(text))) - {""}


def head_of(form: str) -> str:
    """The first word of a form, as in `heads_in`."""
    first = next(iter(Words(form).tokens_in(Span(0, len(form)))), None) if form else None
    return form if first is None else first.of(form)


def recall(
    items: Sequence[Item], words: Words, memory: Memory, how: Recalling = BY_DEFAULT
) -> tuple[Item, ...]:
    """The suggestions of a pipeline, improved by memory, in no particular order; what does not
    change is the same object.

    Items that it changes or adds are made by memory; forms known to be wrong get tier B; the
    statistics of form and cue change the scores of entities and claims. Items keep their ids.
    """
    if not memory:
        return tuple(items)
    suggested = [item for item in items if isinstance(item, Entity)]
    apart = _apart([(one, _recalled(one, words.text, memory, how)) for one in suggested])
    junk = [item for item in items if isinstance(item, Junk)]
    names = _Names(words, memory).found([line.span for line in junk])
    entities, instead = _with_missed(apart, names)
    gone = {one.id for one in suggested} - {one.id for one in entities}
    claims = [
        _rescored(_speaking(item, gone, instead), words.text, memory)
        for item in items
        if isinstance(item, Claim)
    ]
    return (*entities, *claims, *junk)


def _recalled(entity: Entity, text: str, memory: Memory, how: Recalling) -> Entity:
    """One suggestion with the usual label and edges of its form, if these are clear."""
    known = memory.get((Subject.ENTITY, form_of(entity.span.of(text))))
    if known is None:
        return entity
    moved = known.replacement(entity.label)
    if moved is not None:
        span = _moved(entity.span, moved.left, moved.right, text)
        if span is not None and form_of(span.of(text)) == moved.form:
            return _relabelled(replace(entity, span=span), memory, moved.form)
    if known.is_wrong(how.wrong_after):
        return replace(_scored(entity, known), tier=Tier.B)
    label = known.label()
    if label is not None and label != entity.label:
        return _by_memory(entity, known, label)
    return _scored(entity, known)


def _scored(entity: Entity, known: Known) -> Entity:
    score = known.score(entity.label, entity.score)
    return entity if score == entity.score else replace(entity, score=score)


def is_changed(known: Known, label: str, how: Recalling = BY_DEFAULT) -> bool:
    """Whether memory would change a suggestion of a form under this label, or its tier."""
    if known.replacement(label) is not None or known.is_wrong(how.wrong_after):
        return True
    return known.label() not in (None, label)


def _relabelled(entity: Entity, memory: Memory, form: str) -> Entity:
    """An entity with other edges, with the label of its new form."""
    known = memory.get((Subject.ENTITY, form), Known())
    return _by_memory(entity, known, known.label() or entity.label)


def _by_memory(entity: Entity, known: Known, label: str) -> Entity:
    good, bad = known.support(label)
    score = round((good + 1) / (good + bad + 2), 4)
    # No pipeline suggested it like this.
    own = unattributed(entity)
    return replace(own, label=label, made_by=MadeBy.MEMORY, score=score)


def _moved(span: Span, left: int, right: int, text: str) -> Span | None:
    start, end = span.start + left, span.end + right
    return Span(start, end) if 0 <= start < end <= len(text) else None


def _apart(entities: Sequence[tuple[Entity, Entity]]) -> list[Entity]:
    """The entities as they are now (each after what it was), without those that the memory has
    moved onto another one."""
    moved = [now for before, now in entities if now.span != before.span]
    others = [now for before, now in entities if now.span == before.span]
    kept, end = [], 0
    for entity, over in _overlapping(moved, others):
        if not over and entity.span.start >= end:
            end = entity.span.end
            kept.append(entity)
    return _in_order((*others, *kept))


def _overlapping(
    ones: Iterable[Entity], others: Iterable[Entity]
) -> Iterator[tuple[Entity, tuple[Entity, ...]]]:
    """Each of `ones` in text order, with those of `others` that it overlaps; in linear time."""
    coming = iter(_in_order(others))
    following = next(coming, None)
    near: list[Entity] = []
    for one in _in_order(ones):
        while following is not None and following.span.start < one.span.end:
            near.append(following)
            following = next(coming, None)
        near = [other for other in near if other.span.end > one.span.start]
        yield one, tuple(other for other in near if other.span.overlaps(one.span))


def _in_order(entities: Iterable[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda one: one.span)


# Names that were missed


class _Names:
    """Finds the names known for sure in a text, the longest at each place."""

    def __init__(self, words: Words, memory: Memory) -> None:
        self.words, self.memory = words, memory
        self.by_head: dict[str, list[str]] = {}
        for (subject, form), known in memory.items():
            if subject is Subject.ENTITY and is_sure(form, known):
                self.by_head.setdefault(head_of(form), []).append(form)

    def found(self, junk: Sequence[Span]) -> Iterator[Entity]:
        """The names outside junk lines, in text order, none overlapping the one before it."""
        text, end = self.words.text, 0
        heads = {word: form_of(word) for word in distinct_tokens(text)}
        wanted = {word: self.by_head[head] for word, head in heads.items() if head in self.by_head}
        for start, word in token_starts(text, wanted):
            if start < end or any(line.start <= start < line.end for line in junk):
                continue
            entity = self._at(start, wanted[word])
            if entity is not None:
                end = entity.span.end
                yield entity

    def _at(self, start: int, forms: Sequence[str]) -> Entity | None:
        """The longest of these forms that begins at `start` and ends within the line."""
        text = self.words.text
        stop = text.find("\n", start, start + _REACH)
        line = Span(start, min(start + _REACH, len(text)) if stop < 0 else stop)
        for last in reversed(self.words.tokens_in(line)[:MOST_TOKENS]):
            span = Span(start, last.end)
            form = form_of(span.of(text))
            if form in forms:
                known = self.memory[Subject.ENTITY, form]
                label = known.label() or ""
                return _by_memory(Entity(f"m{start}", span, label), known, label)
        return None


def is_sure(form: str, known: Known) -> bool:
    """Whether a form is always a name: it has twice the weight of all contrary entries, and a form
    in lower case or digits was accepted three times."""
    label = known.label()
    if label is None:
        return False
    good, bad = known.support(label)
    enough = 1 if any(letter.isupper() for letter in form) else 3
    return good >= enough and good > 2 * bad


def _with_missed(
    entities: Sequence[Entity], names: Iterable[Entity]
) -> tuple[list[Entity], dict[str, str]]:
    """The entities and missed names, without entities inside these names.

    Also maps the ids of omitted entities to those that replace them.
    """
    added: list[Entity] = []
    instead: dict[str, str] = {}
    for name, over in _overlapping(names, entities):
        if not over:
            added.append(name)
        elif all(name.span.contains(one.span) and one.span != name.span for one in over):
            # The longer name replaces the first entity in it.
            added.append(replace(name, id=over[0].id))
            instead |= {one.id: over[0].id for one in over}
    kept = [one for one in entities if one.id not in instead]
    return _in_order((*kept, *added)), instead


# Claims


def _speaking(claim: Claim, gone: Collection[str], instead: Mapping[str, str]) -> Claim:
    """The claim with its speaker among the remaining entities."""
    speaker = claim.source_entity
    if speaker is None:
        return claim
    speaks = instead.get(speaker, speaker)
    if speaks == speaker and speaker not in gone:
        return claim
    return replace(claim, source_entity=None if speaks in gone else speaks)


def _rescored(claim: Claim, text: str, memory: Memory) -> Claim:
    known = memory.get((Subject.CUE, cue_of(claim, text)))
    score = None if known is None else known.score("", claim.score)
    return claim if score in (None, claim.score) else replace(claim, score=score)
