"""The label scheme: the labels that reviewers choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from annotator.errors import SchemeError
from annotator.lexicon.label_roles import GROUPS, PERSON

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Role(StrEnum):
    """The role of entities of a label in claims; those without a role are never a source."""

    PERSON = "person"
    GROUP = "group"


_USUAL_ROLES = dict.fromkeys(GROUPS, Role.GROUP) | {PERSON: Role.PERSON}


@dataclass(frozen=True, slots=True)
class Label:
    """A label: name, key, colour (`#rrggbb`) and meaning in one line.

    `role` says whether its entities can be the source of a claim.
    """

    name: str
    key: str
    color: str
    meaning: str
    role: Role | None = None


@dataclass(frozen=True)
class LabelScheme:
    """Labels in order; the digits 1 to 9 and 0 choose the first ten."""

    name: str
    version: str
    labels: tuple[Label, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Label]:
        """Each label by its name, in the order of the scheme."""
        return {label.name: label for label in self.labels}

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """The roles of labels, by name; defaults if the scheme gives none."""
        own = {label.name: label.role for label in self.labels if label.role is not None}
        return own or _USUAL_ROLES

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def digit(self, digit: str) -> Label | None:
        """The label that `digit` chooses: 1 the first, 0 the tenth."""
        place = (int(digit) - 1) % 10
        return self.labels[place] if place < len(self.labels) else None

    def coloured(self, colours: Mapping[str, str]) -> LabelScheme:
        """The scheme with other colours for some labels; SchemeError for an unknown label."""
        for name, colour in colours.items():
            if name not in self:
                raise SchemeError(
                    f"The colours name {name}, which is not a label of {self.name}.",
                    hint=f"Labels: {', '.join(self.by_name)}",
                )
            _check_colour(name, colour)
        chosen = (replace(one, color=colours.get(one.name, one.color)) for one in self.labels)
        return replace(self, labels=tuple(chosen))


def label_map_rows(lines: Iterable[str], name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Parses lines such as `LOCATION=GPE,LOC,FAC`: a foreign label and ours for it.

    `#` begins a comment. Raises SchemeError, mentioning `name`, for an invalid line.
    """
    for number, written in enumerate(lines, 1):
        line = written.split("#", 1)[0].strip()
        if not line:
            continue
        theirs, equals, ours = (part.strip() for part in line.partition("="))
        names = tuple(part.strip() for part in ours.split(",") if part.strip())
        if not (theirs and equals and names):
            raise SchemeError(
                f"Line {number} of {name} is not a label mapping: {line}",
                hint="Write it as LOCATION=GPE,LOC,FAC",
            )
        yield theirs, names


def scheme_from(table: Mapping[str, Any]) -> LabelScheme:
    """The label scheme in a parsed `labels.toml`; raises SchemeError if it is invalid."""
    _only(table, ("name", "version", "label"), where="the label scheme")
    rows = table.get("label")
    if not isinstance(rows, list) or not rows:
        raise SchemeError("The label scheme has no labels.", hint="Add a [[label]] table.")
    labels = tuple(_label(row) for row in rows)
    _distinct((label.name for label in labels), "name")
    _distinct((label.key for label in labels), "key")
    return LabelScheme(_text(table, "name"), _text(table, "version"), labels)


def _label(row: Any) -> Label:
    if not isinstance(row, dict):
        raise SchemeError("A label must be a table.", hint="Write it as [[label]].")
    known = ("name", "key", "color", "meaning")
    _only(row, (*known, "role"), where=f"label {row.get('name', '?')}")
    name, key, color, meaning = (_text(row, field) for field in known)
    label = Label(name, key, color, meaning, _role(row))
    if label.name.split() != [label.name]:
        raise SchemeError(
            f"The label {label.name!r} has blanks in its name.", hint="Write it as TWO_WORDS."
        )
    if len(label.key) != 1 or label.key.isspace():
        raise SchemeError(f"The key of {label.name} is {label.key!r}.", hint="Give one character.")
    _check_colour(label.name, label.color)
    return label


def _role(row: Mapping[str, Any]) -> Role | None:
    said = row.get("role")
    if said is None or said in [*Role]:
        return Role(said) if said is not None else None
    raise SchemeError(
        f"The role of {row.get('name', '?')} is {said!r}.",
        hint=f"Write one of {', '.join(Role)}, or leave it out: such entities are never a source.",
    )


def _check_colour(name: str, colour: str) -> None:
    if not _COLOUR.fullmatch(colour):
        raise SchemeError(f"The colour of {name} is {colour!r}.", hint="Write it as #rrggbb.")


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip():
        raise SchemeError(
            f"The label scheme lacks a text for {name!r} in {table.get('name', 'its head')!r}.",
            hint=f'Add {name} = "..."',
        )
    return value


def _only(table: Mapping[str, Any], known: tuple[str, ...], *, where: str) -> None:
    for key in table:
        if key not in known:
            raise SchemeError(f"Unknown key {key!r} in {where}.", hint=f"Known: {', '.join(known)}")


def _distinct(values: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise SchemeError(f"Two labels share the {what} {value!r}.", hint="Change one of them.")
        seen.add(value)
