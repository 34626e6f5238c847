"""Lines of brat about other annotations: attributes, normalisations, relations and notes.

We write the identity of an entity as `identity:ID`, and if it is known by name, as
`identity:ID:TYPE` with the name as the text of the line; a second line has its link. Files without
types, ours too, have the words of the entity as text: these are no name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from annotator.core.across.identity_log import Identity
from annotator.formats.brat import brat_names as names
from annotator.formats.external_text import InvalidAnnotation
from annotator.formats.label_escaping import from_name, to_name

NO_LINE = "not a brat line"
_TWICE = "identity with two names or links"
_NORMALISATION = "unsupported normalisation"


@dataclass(frozen=True)
class Reference:
    """A line about another annotation: an attribute, a normalisation, a relation or a note. `words`
    are the text of a normalisation."""

    letter: str
    what: str
    value: str
    line: int
    words: str = ""


def reference_in(letter: str, rest: str, line: int) -> tuple[str, Reference]:
    """The annotation that a line refers to, and the line's content; raises InvalidAnnotation."""
    fields, _, words = rest.partition("\t")
    what, *more = fields.split() or [""]
    if not more:
        raise InvalidAnnotation(f"it refers to no annotation: {rest!r:.60}", NO_LINE)
    target, *values = more
    value = " ".join(values)
    if letter == "#":
        return target, Reference(letter, what, words, line)
    if letter == "R":
        if len(more) != 2 or not all(":" in one for one in more):
            raise InvalidAnnotation(f"not a binary relation: {rest!r:.60}", NO_LINE)
        first, second = (one.partition(":")[2] for one in more)
        return first, Reference(letter, what, second, line)
    return target, Reference(letter, what, value, line, words if letter == "N" else "")


def is_tie(one: Reference) -> bool:
    """Whether a line is a relation that ties two claims."""
    return one.letter == "R" and one.what in names.TIES


@dataclass
class NamedIdentities:
    """The identities that the normalisations of one file name, by id; each is named once."""

    known: dict[str, Identity] = field(default_factory=dict)

    def in_order(self) -> tuple[Identity, ...]:
        """The identities known by name, by id."""
        return tuple(self.known[id] for id in sorted(self.known))

    def named(
        self, rows: Sequence[Reference], words: str, label: str
    ) -> tuple[str, list[tuple[int, InvalidAnnotation]]]:
        """The id of the identity of an entity with these words and this label, and the lines that
        say something else, each with the reason."""
        read = [_Normalised.of(one) for one in rows]
        own = [one for one in read if one.is_ours] or read[:1]
        links = [one for one in read if one not in own]
        identity = own[0].identity(words, label, links[0].id if links else None)
        problems = [
            (one.line, InvalidAnnotation(f"a second identity, {one.id!r:.60}", _NORMALISATION))
            for one in (*own[1:], *(links if identity is None else links[1:]))
        ]
        if identity is not None:
            known = self.known.setdefault(identity.id, identity)
            if own[0].type is not None and known != identity:
                why = f"{identity.id!r:.60} has another name, type or link on an earlier line"
                problems.append((own[0].line, InvalidAnnotation(why, _TWICE)))
        return own[0].id, problems


@dataclass(frozen=True)
class _Normalised:
    """A normalisation: an id, here or (with its base) elsewhere, its text and its line. `type` is
    that of an identity that we wrote with its name."""

    id: str
    words: str
    line: int
    is_ours: bool
    type: str | None = None

    @classmethod
    def of(cls, one: Reference) -> _Normalised:
        base, _, name = one.value.partition(":")
        if base != names.IDENTITY:
            return cls(one.value, one.words, one.line, is_ours=False)
        id, colon, type = name.partition(":")
        return cls(
            from_name(id),
            one.words,
            one.line,
            is_ours=True,
            type=from_name(type) if colon else None,
        )

    def identity(self, words: str, label: str, link: str | None) -> Identity | None:
        """The identity, if it is named: with a type, or by other words than the entity's."""
        if not self.id:
            return None
        if self.type is not None:
            return Identity(self.id, self.words, self.type, link)
        if not self.words.strip() or self.words == words:
            return None
        own = None if self.is_ours else self.id
        return Identity(self.id, self.words.strip(), label, link or own)


def lines_of(identity: str, words: str, named: Identity | None) -> Iterator[tuple[str, str]]:
    """The normalisations of an entity with this identity and these words: what each refers to, and
    its text."""
    if named is None:
        yield f"{names.IDENTITY}:{to_name(identity)}", words
        return
    type = to_name(named.type)
    yield f"{names.IDENTITY}:{to_name(identity)}:{type}", named.name
    if named.link is not None:
        yield named.link, named.name


def as_written(named: Iterable[Identity], ids: Iterable[str | None]) -> tuple[Identity, ...]:
    """The identities with these ids as lines represent them, by id."""
    wanted = set(ids)
    return tuple(
        Identity(one.id, names.one_line(one.name), one.type, names.link_written(one.link))
        for one in sorted(named, key=lambda one: one.id)
        if one.id in wanted
    )
