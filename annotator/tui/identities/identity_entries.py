"""Proposals and identities as rows, and their mentions; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from annotator.core.across.identity_log import key_in
from annotator.tui.search.hit_lines import hit_line
from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.rows import Cell, Row

if TYPE_CHECKING:
    from annotator.core.across.open_identities import OpenIdentity
    from annotator.store.identities.identity_store import ListedIdentity, MentionedIn

_TYPE, _COUNT = 8, 16


@dataclass(frozen=True, slots=True)
class ProposedEntry:
    """A proposal in the list."""

    one: OpenIdentity

    @property
    def key(self) -> str:
        return f"proposal {self.one.key}"

    @property
    def forms(self) -> tuple[str, ...]:
        """Its forms, the most frequent first."""
        return tuple(form for form, _ in self.one.forms)

    @property
    def why(self) -> str:
        """Its evidence in words."""
        seen = (f"{one.one} – {one.other}: {one.why}" for one in self.one.proposal.evidence)
        known = "in several identities, to be merged" if len(self.one.known) > 1 else ""
        return (
            "; ".join(dict.fromkeys(filter(None, (known, *seen)))) or "one form in several articles"
        )


@dataclass(frozen=True, slots=True)
class IdentityEntry:
    """An identity in the list."""

    one: ListedIdentity

    @property
    def key(self) -> str:
        return f"identity {self.one.identity.id}"

    @property
    def forms(self) -> tuple[str, ...]:
        """Its forms, the most frequent first."""
        return tuple(form for form, _ in self.one.forms)

    @property
    def why(self) -> str:
        """Its link and note, and its forms."""
        identity = self.one.identity
        forms = ", ".join(
            f"{key_in(form)} {count}" if count else key_in(form) for form, count in self.one.forms
        )
        return "  ".join(filter(None, (identity.link, identity.note, forms)))


IdentityListEntry: TypeAlias = ProposedEntry | IdentityEntry


class IdentityEntries:
    """The rows of the list: proposals below a heading, then identities below another."""

    def __init__(
        self, proposals: Iterable[ProposedEntry] = (), identities: Iterable[IdentityEntry] = ()
    ) -> None:
        self.proposals, self.identities = tuple(proposals), tuple(identities)
        self._rows: list[IdentityListEntry | str] = []
        for title, own in (("Proposed", self.proposals), ("Identities", self.identities)):
            if own:
                self._rows += [title, *own]
        self._places = {
            row.key: place for place, row in enumerate(self._rows) if not isinstance(row, str)
        }

    def __len__(self) -> int:
        return len(self._rows)

    def place(self, key: str) -> int | None:
        """The index of the entry with this key, if any."""
        return self._places.get(key)

    def at(self, key: str | None) -> IdentityListEntry | None:
        """The entry with this key, if any."""
        place = self._places.get(key or "")
        found = None if place is None else self._rows[place]
        return None if isinstance(found, str) else found

    def row(self, index: int, marked: str | None) -> Row | None:
        """The row at an index; the identity `marked` is to be merged."""
        if index >= len(self._rows):
            return None
        found = self._rows[index]
        match found:
            case str():
                return Row.of(found, Cell(found, "info", bold=True), heading=True)
            case ProposedEntry():
                one = found.one.proposal
                places = _counts(len(one.mentions), len(one.articles))
                others = [words for words, _ in one.forms if words != one.name]
                return _row(found.key, (one.name, one.type, places), others, "info")
            case IdentityEntry():
                listed, identity = found.one, found.one.identity
                places = _counts(listed.mentions, listed.articles)
                sign = "merge ▸ " if identity.id == marked else ""
                others = [key_in(form) for form, _ in listed.forms]
                named = (f"{sign}{identity.name}", identity.type, places)
                return _row(found.key, named, others, "strong")


def mention_rows(mentions: Sequence[MentionedIn], width: int) -> list[Row]:
    """Mentions in context, below the names of their articles."""
    rows: list[Row] = []
    last = None
    for one in mentions:
        if one.article != last:
            last = one.article
            who = ", ".join(one.reviewers)
            head = (Cell(one.name, "info", bold=True), Cell(who, "muted", width_of(who)))
            rows.append(Row(one.article, (head,), heading=True))
        left, text, right = hit_line(one.hit, max(1, width))
        cells = (
            Cell(left, "muted", width=width_of(left)),
            Cell(text, "strong", width=width_of(text), bold=True, joined=True),
            Cell(right, joined=True),
        )
        rows.append(Row(f"{one.article} {one.hit.span.start} {one.hit.span.end}", (cells,)))
    return rows


def _row(key: str, named: tuple[str, str, str], others: Iterable[str], tone: str) -> Row:
    name, type, places = named
    return Row.of(
        key,
        Cell(type, f"label:{type}", width=_TYPE),
        Cell(places, "muted", width=_COUNT, align_right=True),
        Cell(name, tone, bold=True),
        Cell(" · ".join(others), "muted"),
    )


def _counts(mentions: int, articles: int) -> str:
    return f"{mentions:,} in {articles:,} art." if mentions else "none tied yet"
