"""One form treated differently: under two labels, with and without its article; one identity under
two labels; within an article and across articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from annotator.core.annotations import Entity
from annotator.core.lint.lint_finding import FindingKind, LintFinding
from annotator.core.lint.rules import findings_in
from annotator.core.memory.entries import form_of
from annotator.core.record import Record
from annotator.lexicon.label_roles import NUMBERS

MOST_PLACES = 100
"""Places of a form under one label that are kept; further ones are only counted."""
_CAPITAL_ARTICLE = re.compile(r"(?:The|An?) (?=\S)")
_Form = tuple[str, str]


@dataclass
class _Seen:
    """A form under a label: how often, in which articles, and where first."""

    count: int = 0
    articles: set[str] = field(default_factory=set)
    places: list[LintFinding] = field(default_factory=list)


_SeenLabels = dict[str, dict[str, _Seen]]


class FormConsistency:
    """The forms and the identities of all records added so far, with their labels."""

    def __init__(self) -> None:
        self._seen: _SeenLabels = defaultdict(lambda: defaultdict(_Seen))
        self._identities: _SeenLabels = defaultdict(lambda: defaultdict(_Seen))
        self._names: dict[str, str] = {}

    def add(self, record: Record) -> None:
        """Add the entities of a record."""
        self._names.update((one.id, one.name) for one in record.identities)
        for entity in record.entities:
            form = form_of(entity.span.of(record.article.text))
            if form:
                self._add(record, self._seen[form][entity.label], entity)
            if entity.identity:
                self._add(record, self._identities[entity.identity][entity.label], entity)

    @staticmethod
    def _add(record: Record, seen: _Seen, entity: Entity) -> None:
        seen.count += 1
        seen.articles.add(record.article.id)
        if len(seen.places) < MOST_PLACES:
            kind = FindingKind.TWO_LABELS
            seen.places.append(LintFinding.in_(record, kind, entity.span, ""))

    def findings(self) -> Iterator[LintFinding]:
        """Forms and identities under a rarer label than elsewhere, and forms with an article that
        others lack."""
        for form, labels in self._seen.items():
            yield from _under_two_labels(FindingKind.TWO_LABELS, form, labels)
            yield from self._with_an_article(form, labels)
        for id, labels in self._identities.items():
            yield from _under_two_labels(FindingKind.TWO_TYPES, self._names.get(id, id), labels)

    def _with_an_article(self, form: str, labels: dict[str, _Seen]) -> Iterator[LintFinding]:
        """An article with a capital may belong to a name, as in *The Hague*: then always."""
        found = _CAPITAL_ARTICLE.match(form)
        bare = form[found.end() :] if found else ""
        for label, seen in labels.items() if bare in self._seen else ():
            without = self._seen[bare].get(label)
            for place in seen.places if without is not None else ():
                assert without is not None  # as just asked
                told = f"“{form}” is {label} with its article here, without {_times(without)}"
                yield _at(place, FindingKind.EDGES, told)


def _under_two_labels(
    kind: FindingKind, form: str, labels: dict[str, _Seen]
) -> Iterator[LintFinding]:
    if len(labels) < 2 or labels.keys() <= NUMBERS:
        return  # "two" is a count here and an hour there
    usual = max(labels, key=lambda label: (labels[label].count, label))
    told = f"{usual} {_times(labels[usual])}"
    for label, seen in labels.items():
        for place in seen.places if label != usual else ():
            yield _at(place, kind, f"“{form}” is {label} here, {told}")


def findings_by_review(records: Iterable[Record]) -> Iterator[Sequence[LintFinding]]:
    """The findings in each finished review, in order, none in most; then those of forms."""
    forms = FormConsistency()
    for record in records:
        forms.add(record)
        yield tuple(findings_in(record))
    yield tuple(forms.findings())


def findings(records: Iterable[Record]) -> Iterator[LintFinding]:
    """All findings in finished reviews: of each record in order, then those of forms."""
    return chain.from_iterable(findings_by_review(records))


def _at(place: LintFinding, kind: FindingKind, message: str) -> LintFinding:
    return LintFinding(kind, place.article, place.name, place.reviewer, place.span, message)


def _times(seen: _Seen) -> str:
    times = "once" if seen.count == 1 else f"{seen.count:,} times"
    several = len(seen.articles) > 1
    return f"{times} in {len(seen.articles):,} articles" if several else times
