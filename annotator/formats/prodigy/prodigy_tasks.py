"""One of Prodigy's tasks, and the items that its spans and relations make."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from annotator.core.annotations import Entity, Item, Junk, JunkKind, MadeBy, Verdict
from annotator.core.article import Span
from annotator.core.record import Record
from annotator.formats import record_envelope
from annotator.formats.base import Means, nothing
from annotator.formats.counting import Counting, Row, Spans
from annotator.formats.external_text import (
    NO_OBJECT,
    ForeignText,
    Misfit,
    check,
    label_in,
    name_in,
    score_in,
)
from annotator.formats.prodigy.prodigy_claims import PieceKey, claims_of, links_of
from annotator.formats.quotation_spans import role_in
from annotator.formats.refusals import RefusedPiece

_KINDS = frozenset({"entities", "claims", "junk"})
_JUNK = "junk/"
_NO_TOKENS = "span without offsets or tokens"
ANSWERS = ("accept", "reject", "ignore")
# Views that ask whether what they show is right, or something of the text beside its spans.
_OF_SPANS_ALONE = frozenset(
    {"ner", "spans", "choice", "classification", "text", "text_input", "html"}
)


@dataclass
class Said:
    """What a task says: items that stand or are suggested, those that are none, and spans of which
    nothing is said; and pieces of claims with what links them, which may go on in other tasks."""

    items: list[Item] = field(default_factory=list)
    turned_down: list[Item] = field(default_factory=list)
    unsaid: list[Span] = field(default_factory=list)
    pieces: dict[PieceKey, tuple[str, Span]] = field(default_factory=dict)
    links: list[tuple[PieceKey, PieceKey]] = field(default_factory=list)


@dataclass
class Task:
    """A task: the line it stands on, what it holds, its text, and which labels mean something."""

    number: int
    plain: Mapping[str, Any]
    text: ForeignText
    means: Means = nothing
    how: Counting = field(default_factory=lambda: Counting(""))

    @property
    def annotator(self) -> str | None:
        """Who answered: the annotator's name, else the session's."""
        for name in ("_annotator_id", "_session_id"):
            if (who := name_in(self.plain.get(name))) is not None:
                return who
        return None

    @property
    def view(self) -> str | None:
        """How it was shown; the recipe `review` says how the answers were that it compares."""
        own = name_in(self.plain.get("_view_id"))
        return name_in(self.plain.get("view_id")) if own == "review" else own

    @cached_property
    def head(self) -> dict[str, Any] | None:
        """What we wrote of the whole record beside the task; None if we did not write it."""
        ours = self.plain.get(record_envelope.KEY)
        if not isinstance(ours, dict):
            return None
        return {key: value for key, value in ours.items() if key not in ("task", "claims")}

    @property
    def timestamp(self) -> int | None:
        """When it was answered, in seconds since 1970."""
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
        """What the spans are: `entities`, `claims` or `junk`."""
        ours = self.plain.get(record_envelope.KEY)
        if isinstance(ours, dict) and (kind := name_in(ours.get("task"))) in _KINDS:
            return str(kind)
        labels = [str(span.get("label")) for span in self.spans if isinstance(span, dict)]
        roles = [role_in(label, self.means) is not None for label in labels]
        if any(roles) and ("relations" in self.plain or all(roles)):
            return "claims"
        return "junk" if labels and all(label.startswith(_JUNK) for label in labels) else "entities"

    def role(self, label: str) -> str | None:
        """Which piece of a claim a label stands for here, if it does."""
        return role_in(label, nothing if self.is_ours and self.kind == "claims" else self.means)

    @property
    def is_ours(self) -> bool:
        """Whether we wrote it."""
        return record_envelope.KEY in self.plain

    @cached_property
    def is_binary(self) -> bool:
        """Whether it answers for its spans alone, and says nothing of the rest of its text."""
        if self.plain.get("_is_binary") is True or self.view in _OF_SPANS_ALONE:
            return True
        if "_view_id" in self.plain:
            return self.view == "blocks" and "spans" not in self.plain
        if any(isinstance(span, dict) and span.get("answer") in ANSWERS for span in self.spans):
            return True
        # Files of old have no `_view_id`; what was marked by hand has tokens, what was made
        # elsewhere no hashes.
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
        """Its offsets, counted as the words prove that its spans and tokens say they hold."""
        return self.how.spans(self.text, self.told(), ours=self.is_ours)

    def told(self) -> list[Row]:
        """The offsets of spans and tokens, with the words that they say they hold.

        Of tokens the last one says enough if it stands where it should by plain counting.
        """
        tokens = self.plain.get("tokens")
        last = _rows_of(tokens[-1:] if isinstance(tokens, list) else ())
        stands = last and all(self.text.raw[start:end] == words for start, end, words in last)
        return [*_rows_of(self.spans), *(last if stands else _rows_of(tokens))]

    def state(self, base: Record) -> str:
        """`accept`, `reject`, `ignore`, or `open` if nobody has answered yet; a binary answer is
        accepted, whatever it says of its spans."""
        ours = base.review.kind == "none" and base.answer.value == "accept"
        if self.answer == "ignore" and ours and self.is_ours and self.timestamp is None:
            return "open"
        if self.answer is None:
            own = any(isinstance(one, dict) and one.get("answer") in ANSWERS for one in self.spans)
            return "accept" if self.is_binary and own else "open"
        return "accept" if self.is_binary and self.answer == "reject" else self.answer

    def said(self, verdict: Verdict, lost: list[RefusedPiece]) -> Said:
        """What this task says of its text; what does not fit goes to `lost`.

        `verdict` is that of items which do not say what became of them.
        """
        said = Said()
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
            except Misfit as misfit:
                spans = None if span is None else (span,)
                lost.append(RefusedPiece(f"span {misfit}", misfit.kind, spans, self.number))
        if self.is_ours and (pieces or self.kind == "claims"):
            said.items += claims_of(self, pieces, verdict, lost)
        elif pieces:
            said.pieces, said.links = pieces, list(links_of(self, pieces, lost))
        elif rows := self.plain.get("relations"):
            count = len(rows) if isinstance(rows, list) else 1
            reason = f"relations: {count:,} between spans that are no parts of claims"
            kind = "relation between other spans than those of claims"
            lost.append(RefusedPiece(reason, kind, (), self.number))
        return said

    def _answer_of(self, row: Mapping[str, Any]) -> str:
        """What became of one span; Misfit if that is not known."""
        own = row.get("answer")
        if own not in ANSWERS:
            own = None
        if not self.is_binary:
            return str(own or "accept")
        alone = len(self.spans) == 1
        if own and alone and self.answer and own != self.answer:
            reason = f"its own answer is {own}, that of its task {self.answer}"
            raise Misfit(reason, "answers that contradict each other")
        if own is None and self.answer == "reject" and not alone:
            reason = f"was rejected as one of {len(self.spans)}: it is not known which is wrong"
            raise Misfit(reason, "several spans rejected at once")
        return str(own or self.answer or "accept")

    def span(self, row: Any) -> Span:
        """Where a span stands: at its offsets, else at its tokens, the last one included."""
        if not isinstance(row, dict):
            raise Misfit(f"expected an object, found {row!r:.60}", NO_OBJECT)
        start, end = row.get("start"), row.get("end")
        if start is None or end is None:
            start, end = self.at_tokens(row.get("token_start"), row.get("token_end"))
        return self.offsets.at(start, end, row.get("text"))

    def at_tokens(self, first: Any, last: Any) -> tuple[Any, Any]:
        tokens = self.plain.get("tokens")
        if type(first) is not int or type(last) is not int or not isinstance(tokens, list):
            raise Misfit("has neither offsets nor tokens", _NO_TOKENS)
        if not 0 <= first <= last < len(tokens):
            raise Misfit(
                f"from token {first} to {last} lies outside the {len(tokens)} tokens", _NO_TOKENS
            )
        try:
            return tokens[first]["start"], tokens[last]["end"]
        except (KeyError, TypeError) as error:
            raise Misfit(
                f"from token {first} to {last}: a token has no offsets", _NO_TOKENS
            ) from error


def _check_piece(answer: str, role: str) -> None:
    if answer == "reject":
        raise Misfit(
            f"is a {role} that was rejected, which no record holds", "rejected piece of a claim"
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
    called = "_".join(name.split())[:200] if isinstance(name, str) else ""
    if label.startswith(_JUNK):
        with suppress(ValueError):
            return Junk(called, span, JunkKind(label.removeprefix(_JUNK)), **common)
    identity = row.get("identity")
    return Entity(called, span, label, identity if isinstance(identity, str) else None, **common)
