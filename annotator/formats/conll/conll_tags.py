"""Parses cells of column files: tags of all schemes, marks for missing tags, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

OUTSIDE = "O"
UNKNOWN = frozenset({"-", "_", "", "?"})
"""Cells that stand for a missing tag."""
CONTINUING = "ILEM"
_OPEN = "BIM"
_PREFIXED = re.compile(r"[BILUESMW]-(?P<label>.+)", re.DOTALL)
_FIRST = re.compile(r"(?P<prefix>[BILUESMW]_|[bilu][-_])(?P<label>\w.*)", re.DOTALL)
_LAST = re.compile(r"(?P<label>\w.*)[-_](?P<prefix>[BILUESMW])", re.DOTALL)
_BRACKET = re.compile(r"(?:\((?P<label>[A-Za-z][\w-]*))?(?P<star>\*?)(?P<end>\)?)", re.ASCII)
_IN_FIELD = re.compile(r"(?:^|\|)(?P<key>ner|ne|ner_tag|ne_tag)=(?P<tag>[^|]*)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_RANGE = re.compile(r"\d{1,9}[-.]\d{1,9}", re.ASCII)
_PLAIN_LABEL = re.compile(r"[A-Za-z][\w/&.-]*")
_CHUNKS = frozenset(
    {"NP", "VP", "PP", "ADJP", "ADVP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NX"}
    | {"WHNP", "WHPP", "WHADVP"}
)
_ROLE = re.compile(r"V|C-V|(?:[CR]-)?A(?:RG)?(?:\d|[AM]?(?:-.*)?)|ARGM.*")


def label_of(tag: str) -> str | None:
    """The label of a prefixed tag (`B-PER`); None for other cells."""
    found = _PREFIXED.fullmatch(tag)
    return found["label"] if found else None


def is_tag(cell: str) -> bool:
    """Whether this is O or a prefixed label."""
    return cell == OUTSIDE or _PREFIXED.fullmatch(cell) is not None


def respelled(cell: str) -> str | None:
    """The tag for another spelling: `B_PERSON`, `PERSON-B`, `PERSON_B`, `b-person`; None if it is
    not one."""
    found = _FIRST.fullmatch(cell) or _LAST.fullmatch(cell)
    return f"{found['prefix'][0].upper()}-{found['label']}" if found else None


def may_go_on(tag: str) -> bool:
    """Whether an entity with this tag may continue in the next word."""
    return tag != OUTSIDE and tag[0] in _OPEN


def is_bracket(cell: str) -> bool:
    """Whether this is a cell in CoNLL-2012's bracket notation: `(PERSON*`, `*`, `*)`, `(GPE)`."""
    found = _BRACKET.fullmatch(cell)
    if found is None:
        return False
    return bool(found["star"] or (found["label"] and found["end"]))


def bracket_label(cell: str) -> str | None:
    """The label of an opening bracket; None if the cell opens none."""
    found = _BRACKET.fullmatch(cell)
    return found["label"] if found else None


def field_in(cell: str) -> tuple[str, str] | None:
    """The key and the tag of an entity in a cell with fields such as `SpaceAfter=No|NER=B-PER`;
    None if there is none."""
    found = _IN_FIELD.search(cell)
    return (found["key"], found["tag"]) if found else None


def is_plain_label(cell: str) -> bool:
    """Whether this may be a label without a prefix."""
    return _PLAIN_LABEL.fullmatch(cell) is not None


def number_in(cell: str) -> int | None:
    """The number in a cell; None if it is not a number."""
    return int(cell) if _NUMBER.fullmatch(cell) else None


def is_no_word_of_its_own(cell: str) -> bool:
    """Whether this is the number of a multiword token or an empty node (CoNLL-U's `2-3` and
    `2.1`)."""
    return _RANGE.fullmatch(cell) is not None


def are_chunks(labels: Iterable[str]) -> bool:
    """Whether all labels are phrase types, not entity types."""
    return all(label in _CHUNKS for label in labels)


def are_roles(labels: Iterable[str]) -> bool:
    """Whether all labels are semantic roles."""
    return all(_ROLE.fullmatch(label) for label in labels)


@dataclass(frozen=True, slots=True)
class Tangle:
    """The words `[start, stop)` of a sentence with nested or unmatched brackets."""

    start: int
    stop: int
    why: str


def tangled(cells: Sequence[str | None]) -> Iterator[Tangle]:
    """The places in one sentence with nested or unmatched brackets."""
    opened: list[int] = []
    is_deep = False
    for place, cell in enumerate(cells):
        found = _BRACKET.fullmatch(cell) if cell is not None else None
        if found is None:
            opened, is_deep = [], False
            continue
        if found["label"]:
            is_deep = is_deep or bool(opened)
            opened.append(place)
        if found["end"] and not opened:
            yield Tangle(place, place + 1, "a bracket is closed but not opened")
        elif found["end"]:
            start = opened.pop()
            if is_deep and not opened:
                is_deep = False
                yield Tangle(start, place + 1, "an entity contains another one")
    if opened:
        yield Tangle(opened[0], len(cells), "a bracket is opened but not closed")


def from_brackets(cells: Iterable[str | None]) -> Iterator[str | None]:
    """The prefixed tags for the brackets of one sentence; None for other cells and for tangled
    brackets."""
    label: str | None = None
    held = list(cells)
    lost = {place for one in tangled(held) for place in range(one.start, one.stop)}
    for place, cell in enumerate(held):
        found = _BRACKET.fullmatch(cell) if cell is not None and place not in lost else None
        if found is None:
            label = None
            yield None
            continue
        prefix = "I"
        if found["label"]:
            label, prefix = found["label"], "B"
        yield OUTSIDE if label is None else f"{prefix}-{label}"
        if found["end"]:
            label = None


def resolved(tags: list[str | None], bad: Iterable[int]) -> list[str | None]:
    """The tags, None for unknown words.

    An entity that continues after an unknown word is unknown, since its beginning is. A word with a
    `bad` tag may have continued the entity before it, so that is unknown too.
    """
    known = list(tags)
    for place in bad:
        before = place - 1
        while before >= 0 and (known[before] or OUTSIDE)[0] in _OPEN and known[before] != OUTSIDE:
            begins = (known[before] or "")[0] == "B"
            known[before] = None
            before -= 1
            if begins:
                break
    for place, tag in enumerate(known):
        goes_on = tag is not None and tag != OUTSIDE and tag[0] in CONTINUING
        if goes_on and place and known[place - 1] is None:
            known[place] = None
    return known
