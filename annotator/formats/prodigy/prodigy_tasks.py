"""Reads one Prodigy task and makes items from its spans and relations."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from annotator.core.annotations import Entity, Item, Junk, JunkKind, MadeBy, Verdict
from annotator.core.article import Span
from annotator.core.record import Record, is_item_id
from annotator.formats import record_envelope
from annotator.formats.base import Means, nothing
from annotator.formats.counting import Counting, Row, Spans
from annotator.formats.external_text import (
    NO_OBJECT,
    ExternalText,
    InvalidAnnotation,
    check,
    label_in,
    name_in,
    score_in,
    suggesters_in,
)
from annotator.formats.prodigy.prodigy_claims import claims_of, links_of
from annotator.formats.prodigy.prodigy_ties import PieceKey, TiedPieces
from annotator.formats.quotation_spans import role_in
from annotator.formats.refusals import RefusedPiece

_KINDS = frozenset({"entities", "claims", "junk"})
_JUNK = "junk/"
_NO_TOKENS = "span without offsets or tokens"
ANSWERS = ("accept", "reject", "ignore")
# Views that ask whether what they show is right, or ask about the text but not for spans.
_OF_SPANS_ALONE = frozenset(
    {"ner", "spans", "choice", "classification", "text", "text_input", "html"}
)


@dataclass
class TaskContent:
    """The content of a task: accepted or suggested items, rejected ones, ignored spans, pieces of
    claims with their links, which may belong to claims with pieces in other tasks, and ties."""

    items: list[Item] = field(default_factory=list)
    turned_down: list[Item] = field(default_factory=list)
    unsaid: list[Span] = field(default_factory=list)
    pieces: dict[PieceKey, tuple[str, Span]] = field(default_factory=dict)
    links: list[tuple[PieceKey, PieceKey]] = field(default_factory=list)
    tied: list[TiedPieces] = field(default_factory=list)


@dataclass
class Task:
    """A task: its line, its fields, its text, and a test for known labels."""

    number: int
    plain: Mapping[str, Any]
    text: ExternalText
    means: Means = nothing
    how: Counting = field(default_factory=lambda: Counting(""))

    @property
    def annotator(self) -> str | None:
        """The annotator: by name, otherwise by session; None if unknown."""
        for name in ("_annotator_id", "_session_id"):
            if (who := name_in(self.plain.get(name))) is not None:
                return who
        return None

    @property
    def view(self) -> str | None:
        """The view of the task; in the recipe `review`, the view of the compared answers."""
        own = name_in(self.plain.get("_view_id"))
        return name_in(self.plain.get("view_id")) if own == "review" else own

    @cached_property
    def head(self) -> dict[str, Any] | None:
        """The fields of the whole record that we wrote; None if we did not write the task."""
        ours = self.plain.get(record_envelope.KEY)
        if not isinstance(ours, dict):
            return None
        return {key: value for key, value in ours.items() if key not in ("task", "claims", "ties")}

    @property
    def timestamp(self) -> int | None:
        """The time of the answer, in seconds since 1970; None if missing or invalid."""
        at = self.plain.get("_timestamp")
        good = isinstance(at, int | float) and not isinstance(at, bool) and 0 <= at < 253402300800
        return int(at) if good and at is not None else None

    @property
    def answer(self) -> str | None:
        """`accept`, `reject` or `ignore`; None if nobody has answered."""
        answer = self.plain.get("answer")
        return None if answer is None else answer if answer in ANSWERS else "ignore"

    @cached_property
    def kind(self) -> str:
        """The kind of its spans: `entities`, `claims` or `junk`."""
        ours = self.plain.get(record_envelope.KEY)
        if isinstance(ours, dict) and (kind := name_in(ours.get("task"))) in _KINDS:
            return str(kind)
        labels = [str(span.get("label")) for span in self.spans if isinstance(span, dict)]
        roles = [role_in(label, self.means) is not None for label in labels]
        if any(roles) and ("relations" in self.plain or all(roles)):
            return "claims"
        return "junk" if labels and all(label.startswith(_JUNK) for label in labels) else "entities"

    def role(self, label: str) -> str | None:
        """The role of a label in a claim; None if it has none."""
        return role_in(label, nothing if self.is_ours and self.kind == "claims" else self.means)

    @property
    def is_ours(self) -> bool:
        """Whether we wrote it."""
        return record_envelope.KEY in self.plain

    @cached_property
    def is_binary(self) -> bool:
        """Whether its answer concerns only its spans, not the rest of its text."""
        if self.plain.get("_is_binary") is True or self.view in _OF_SPANS_ALONE:
            return True
        if "_view_id" in self.plain:
            return self.view == "blocks" and "spans" not in self.plain
        if any(isinstance(span, dict) and span.get("answer") in ANSWERS for span in self.spans):
            return True
        # Old files have no `_view_id`; tasks annotated by hand have tokens, tasks made elsewhere
        # have no hashes.
        if "tokens" in self.plain or self.is_ours:
            return False
        known = "_task_hash" in self.plain or "_input_hash" in self.plain
        turned_down = len(self.spans) == 1 and self.answer == "reject"
        return known or turned_down or ("spans" not in self.plain and self.answer == "accept")

    @cached_property
    def spans(self) -> list[Any]:
        spans = self.plain.get("spans")
        return spans if isinstance(spans, list) else []

    @cached_property
    def offsets(self) -> Spans:
        """Its offsets, in the unit proved by the words of spans and tokens."""
        return self.how.spans(self.text, self.offset_rows(), ours=self.is_ours)

    def offset_rows(self) -> list[Row]:
        """The offsets of spans and tokens, with their words.

        The last token is enough if its words are at its offsets counted in code points.
        """
        tokens = self.plain.get("tokens")
        last = _rows_of(tokens[-1:] if isinstance(tokens, list) else ())
        stands = last and all(self.text.raw[start:end] == words for start, end, words in last)
        return [*_rows_of(self.spans), *(last if stands else _rows_of(tokens))]

    def state(self, base: Record) -> str:
        """`accept`, `reject`, `ignore`, or `open` without an answer; `accept` for a rejected binary
        task, since its answer concerns only its spans."""
        ours = base.review.kind == "none" and base.answer.value == "accept"
        if self.answer == "ignore" and ours and self.is_ours and self.timestamp is None:
            return "open"
        if self.answer is None:
            own = any(isinstance(one, dict) and one.get("answer") in ANSWERS for one in self.spans)
            return "accept" if self.is_binary and own else "open"
        return "accept" if self.is_binary and self.answer == "reject" else self.answer

    def content(self, verdict: Verdict, lost: list[RefusedPiece]) -> TaskContent:
        """The content of this task; invalid spans are added to `lost`.

        `verdict` is used for items without their own.
        """
        said = TaskContent()
        pieces: dict[PieceKey, tuple[str, Span]] = {}
        for row in self.spans:
            span = None
            try:
                span = self.span(row)
                label = label_in(row.get("label"))
                answer = self._answer_of(row)
                if answer == "ignore":
                    said.unsaid.append(span)
                elif role := self.role(label):
                    _check_piece(answer, role)
                    pieces[span, role.upper()] = (role, span)
                else:
                    item = check(_plain_item(row, span, label, verdict), self.text.text)
                    (said.turned_down if answer == "reject" else said.items).append(item)
            except InvalidAnnotation as invalid:
                spans = None if span is None else (span,)
                lost.append(RefusedPiece(f"span {invalid}", invalid.kind, spans, self.number))
        if pieces or (self.is_ours and self.kind == "claims"):
            links, said.tied = links_of(self, pieces, verdict, lost)
            if self.is_ours:
                said.items += claims_of(self, pieces, links, verdict, lost)
            else:
                said.pieces, said.links = pieces, links
        elif rows := self.plain.get("relations"):
            count = len(rows) if isinstance(rows, list) else 1
            reason = f"relations: {count:,} between spans that are not parts of claims"
            kind = "relation between other spans than parts of claims"
            lost.append(RefusedPiece(reason, kind, (), self.number))
        return said

    def _answer_of(self, row: Mapping[str, Any]) -> str:
        """The answer on one span; raises InvalidAnnotation if it is unclear."""
        own = row.get("answer")
        if own not in ANSWERS:
            own = None
        if not self.is_binary:
            return str(own or "accept")
        alone = len(self.spans) == 1
        if own and alone and self.answer and own != self.answer:
            reason = f"its own answer is {own}, but its task's is {self.answer}"
            raise InvalidAnnotation(reason, "answers that contradict each other")
        if own is None and self.answer == "reject" and not alone:
            reason = f"was rejected as one of {len(self.spans)}, so it is unknown which is wrong"
            raise InvalidAnnotation(reason, "several spans rejected at once")
        return str(own or self.answer or "accept")

    def span(self, row: Any) -> Span:
        """The span of a row: by its offsets, otherwise by its tokens (last one inclusive)."""
        if not isinstance(row, dict):
            raise InvalidAnnotation(f"expected an object, found {row!r:.60}", NO_OBJECT)
        start, end = row.get("start"), row.get("end")
        if start is None or end is None:
            start, end = self.at_tokens(row.get("token_start"), row.get("token_end"))
        return self.offsets.at(start, end, row.get("text"))

    def at_tokens(self, first: Any, last: Any) -> tuple[Any, Any]:
        tokens = self.plain.get("tokens")
        if type(first) is not int or type(last) is not int or not isinstance(tokens, list):
            raise InvalidAnnotation("has neither offsets nor tokens", _NO_TOKENS)
        if not 0 <= first <= last < len(tokens):
            raise InvalidAnnotation(
                f"from token {first} to {last} lies outside the {len(tokens)} tokens", _NO_TOKENS
            )
        try:
            return tokens[first]["start"], tokens[last]["end"]
        except (KeyError, TypeError) as error:
            raise InvalidAnnotation(
                f"from token {first} to {last}: a token has no offsets", _NO_TOKENS
            ) from error


def _check_piece(answer: str, role: str) -> None:
    if answer == "reject":
        raise InvalidAnnotation(
            f"is a rejected {role}, which records do not support", "rejected piece of a claim"
        )


def _rows_of(marked: Any) -> list[Row]:
    every = marked if isinstance(marked, list) else ()
    rows = (one for one in every if isinstance(one, dict))
    return [
        (start, end, one.get("text"))
        for one in rows
        if type(start := one.get("start")) is int and type(end := one.get("end")) is int
    ]


def _plain_item(row: Mapping[str, Any], span: Span, label: str, verdict: Verdict) -> Entity | Junk:
    note, score, name = row.get("note"), row.get("score"), row.get("id")
    common: dict[str, Any] = {
        "made_by": MadeBy.IMPORT,
        "verdict": verdict,
        "score": score_in(score),
        "note": note if isinstance(note, str) else None,
    }
    if "made_by" in row:
        with suppress(ValueError):
            common["made_by"] = MadeBy(row["made_by"])
            told = Verdict(row.get("verdict", ""))
            if Verdict.PENDING not in (verdict, told):
                common["verdict"] = told
    called = name if isinstance(name, str) else ""
    if "made_by" not in row or not is_item_id(called):
        called = "_".join(called.split())[:200]
    if label.startswith(_JUNK):
        with suppress(ValueError):
            return Junk(called, span, JunkKind(label.removeprefix(_JUNK)), **common)
    identity = row.get("identity")
    if "suggested_by" in row:
        common["suggested_by"] = suggesters_in(row["suggested_by"])
    return Entity(called, span, label, identity if isinstance(identity, str) else None, **common)
