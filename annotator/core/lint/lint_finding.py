"""A finding: a place in finished work, why it is one, and the actions that mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from annotator.core.article import Span
from annotator.core.record import Record

_SHOWN = 60


class FindingKind(StrEnum):
    """What is wrong. Each kind is a rule of the guidelines, or that one form is treated alike."""

    TWO_LABELS = "two-labels"
    TWO_TYPES = "two-types"
    EDGES = "edges"
    OVERLAP = "overlap"
    IN_JUNK = "in-junk"
    QUOTATION = "quotation"
    NUMBER = "number"
    ATTRIBUTES = "attributes"


MENDED_BY: dict[FindingKind, tuple[str, ...]] = {
    FindingKind.TWO_LABELS: ("label", "same"),
    FindingKind.TWO_TYPES: ("label", "identity"),
    FindingKind.EDGES: ("left_in", "right_in"),
    FindingKind.OVERLAP: ("reject",),
    FindingKind.IN_JUNK: ("reject", "junk"),
    FindingKind.QUOTATION: ("claim",),
    FindingKind.NUMBER: ("source", "no_source"),
    FindingKind.ATTRIBUTES: ("attributes",),
}
"""The actions of the review screen that mend each kind, the most likely first."""
MENDING: dict[str, str] = {
    "label": "another label",
    "same": "for every equal name",
    "identity": "ties it to another identity",
    "left_in": "moves the left edge in",
    "right_in": "the right one",
    "reject": "rejects it",
    "junk": "changes the line",
    "claim": "makes it a claim",
    "source": "sets the source",
    "no_source": "says there is none",
    "attributes": "sets attributes",
}
"""What these actions do, in a few words."""


@dataclass(frozen=True, slots=True)
class LintFinding:
    """A place in the review of an article that contradicts itself, others or the guidelines."""

    kind: FindingKind
    article: str
    name: str
    reviewer: str | None
    span: Span
    message: str

    @classmethod
    def in_(cls, record: Record, kind: FindingKind, span: Span, message: str) -> LintFinding:
        """A finding in the review that `record` holds."""
        article = record.article
        return cls(kind, article.id, article.name, record.review.reviewer, span, message)

    @property
    def mended_by(self) -> tuple[str, ...]:
        """The actions of the review screen that mend it, the most likely first."""
        return MENDED_BY[self.kind]


def quoted(span: Span, text: str) -> str:
    """The words of a span in quotation marks, on one line, shortened."""
    words = " ".join(span.of(text)[: 4 * _SHOWN].split())
    if words[:1] in '“"' and len(words) <= _SHOWN:
        return words
    return f"“{words if len(words) <= _SHOWN else words[: _SHOWN - 1] + '…'}”"
