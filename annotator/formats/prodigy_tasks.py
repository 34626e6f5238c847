"""One of Prodigy's tasks, and the items that its spans and relations make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    Verdict,
)
from annotator.core.article import Span
from annotator.core.codec import item_from_dict
from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.formats import heads
from annotator.formats.foreign import (
    CONTENT,
    ROLES,
    ForeignText,
    Misfit,
    check,
    first_spans,
    label_in,
    name_in,
    parts_of_claims,
    score_in,
)

_KINDS = frozenset({"entities", "claims", "junk"})
_JUNK = "junk/"
# A span of a task by where it stands in our text, and its label.
_Key = tuple[Span, str]
_Problems = list[tuple[int, str]]


@dataclass
class Task:
    """A task: the line it stands on, what it holds, its text."""

    number: int
    plain: Mapping[str, Any]
    text: ForeignText

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
        ours = self.plain.get(heads.KEY)
        if not isinstance(ours, dict):
            return None
        return {key: value for key, value in ours.items() if key not in ("task", "claims")}

    @property
    def timestamp(self) -> int | None:
        """When it was answered, in seconds since 1970."""
        at = self.plain.get("_timestamp")
        good = isinstance(at, int | float) and not isinstance(at, bool) and 0 <= at < 253402300800
        return int(at) if good and at is not None else None

    @cached_property
    def kind(self) -> str:
        """What the spans are: `entities`, `claims` or `junk`."""
        ours = self.plain.get(heads.KEY)
        if isinstance(ours, dict) and (kind := name_in(ours.get("task"))) in _KINDS:
            return str(kind)
        labels = [str(span.get("label")) for span in self.spans if isinstance(span, dict)]
        if "relations" in self.plain and any(label.casefold() in ROLES for label in labels):
            return "claims"
        return "junk" if labels and all(label.startswith(_JUNK) for label in labels) else "entities"

    @property
    def is_binary(self) -> bool:
        """Whether the answer is of one entity, not of all that the text holds."""
        if self.plain.get("_is_binary") is True or self.view == "ner":
            return True
        # Files of old have no `_view_id`; what was marked by hand has tokens.
        marked = "_view_id" in self.plain or "tokens" in self.plain
        return not marked and len(self.spans) == 1 and self.plain.get("answer") == "reject"

    @cached_property
    def spans(self) -> list[Any]:
        spans = self.plain.get("spans")
        return spans if isinstance(spans, list) else []

    def state(self, base: Record) -> str:
        """`accept`, `reject`, `ignore`, or `open` if nobody has answered yet."""
        answer = self.plain.get("answer")
        ours = base.review.kind == "none" and base.answer.value == "accept"
        if answer is None or (
            answer == "ignore" and ours and heads.KEY in self.plain and self.timestamp is None
        ):
            return "open"
        return answer if answer in ("accept", "reject") else "ignore"

    def items(self, verdict: Verdict, problems: _Problems) -> tuple[list[Item], list[Item]]:
        """The items of this task, and those that it says are none; what does not fit is a problem.

        `verdict` is that of items which do not say what became of them.
        """
        found: list[Item] = []
        turned_down: list[Item] = []
        pieces: dict[_Key, tuple[str, Span]] = {}
        for row in self.spans:
            try:
                span = self._span(row)
                label = label_in(row.get("label"))
                if self.kind == "claims" and label.casefold() in ROLES:
                    pieces[span, label.upper()] = (label.casefold(), span)
                    continue
                item = check(_plain_item(row, span, label, verdict), self.text.text)
            except Misfit as misfit:
                problems.append((self.number, f"span {misfit}"))
                continue
            if row.get("answer") == "reject":
                turned_down.append(item)
            elif row.get("answer") != "ignore":
                found.append(item)
        if self.kind == "claims":
            found += self._claims(pieces, verdict, problems)
        elif rows := self.plain.get("relations"):
            count = len(rows) if isinstance(rows, list) else 1
            reason = f"relations: {count:,} between spans that are no parts of claims"
            problems.append((self.number, reason))
        return found, turned_down

    def _span(self, row: Any) -> Span:
        """Where a span stands: at its offsets, else at its tokens, the last one included."""
        if not isinstance(row, dict):
            raise Misfit(f"expected an object, found {row!r:.60}")
        start, end = row.get("start"), row.get("end")
        if start is None or end is None:
            start, end = self._at_tokens(row.get("token_start"), row.get("token_end"))
        return self.text.span(start, end, words=row.get("text"))

    def _at_tokens(self, first: Any, last: Any) -> tuple[Any, Any]:
        tokens = self.plain.get("tokens")
        if type(first) is not int or type(last) is not int or not isinstance(tokens, list):
            raise Misfit("has neither offsets nor tokens")
        if not 0 <= first <= last < len(tokens):
            raise Misfit(f"from token {first} to {last} lies outside the {len(tokens)} tokens")
        try:
            return tokens[first]["start"], tokens[last]["end"]
        except (KeyError, TypeError) as error:
            raise Misfit(f"from token {first} to {last}: a token has no offsets") from error

    def _claims(
        self, pieces: dict[_Key, tuple[str, Span]], verdict: Verdict, problems: _Problems
    ) -> Iterator[Claim]:
        links = list(self._links(pieces, problems))
        leading: dict[_Key, set[_Key]] = {}
        for head, child in links:
            leading.setdefault(head, set()).add(child)
        told = self._told(verdict, problems)
        anchored: dict[_Key, list[Claim]] = {}
        for claim in told:
            anchored.setdefault(_anchor(claim), []).append(claim)
        # Claims with one anchor share its relations: all of them stand as told, or none.
        standing = {
            anchor
            for anchor, claims in anchored.items()
            if anchor in pieces
            and _children(claims) == leading.get(anchor, set())
            and _children(claims) <= pieces.keys()
        }
        used: set[_Key] = set(standing)
        for anchor in standing:
            used |= _children(anchored[anchor])
        yield from (claim for claim in told if _anchor(claim) in standing)
        links = [(head, child) for head, child in links if head not in standing]
        again = {key for link in links for key in link}
        left = {key: piece for key, piece in pieces.items() if key not in used or key in again}
        for parts in parts_of_claims(left, links):
            used.update((*parts.content, *parts.cue, *parts.source))
            before = anchored.get(parts.content[0])
            made = Claim("", (Span(0, 1),), made_by=MadeBy.IMPORT, verdict=verdict)
            if before and verdict is not Verdict.PENDING:
                made = replace(before[0], verdict=Verdict.CORRECTED)
            claim = replace(
                made,
                content=first_spans(pieces, parts.content),
                cue=first_spans(pieces, parts.cue),
                source=first_spans(pieces, parts.source),
            )
            try:
                yield check(claim, self.text.text)  # type: ignore[misc]  # what went in comes out
            except Misfit as misfit:
                problems.append((self.number, f"claim {misfit}"))
        for key, (role, span) in pieces.items():
            if key not in used and role != CONTENT:
                reason = f"span [{span.start}, {span.end}): a {role} that belongs to no content"
                problems.append((self.number, reason))

    def _told(self, verdict: Verdict, problems: _Problems) -> list[Claim]:
        """The claims that we wrote beside the spans, with all that they say."""
        ours = self.plain.get(heads.KEY)
        rows = ours.get("claims") if isinstance(ours, dict) else None
        told: list[Claim] = []
        for row in rows if isinstance(rows, list) else ():
            try:
                claim = check(item_from_dict(row, self.text.text, where="claim"), self.text.text)
            except (RecordError, Misfit, TypeError, AttributeError) as error:
                problems.append((self.number, str(error)))
                continue
            if isinstance(claim, Claim):
                if Verdict.PENDING in (verdict, claim.verdict):
                    claim = replace(claim, verdict=verdict)
                told.append(claim)
        return told

    def _links(
        self, pieces: Mapping[_Key, tuple[str, Span]], problems: _Problems
    ) -> Iterator[tuple[_Key, _Key]]:
        rows = self.plain.get("relations")
        for row in rows if isinstance(rows, list) else ():
            try:
                head, child = self._end(row, "head", pieces), self._end(row, "child", pieces)
            except Misfit as misfit:
                problems.append((self.number, f"relation: {misfit}"))
                continue
            yield head, child

    def _end(self, row: Any, end: str, pieces: Mapping[_Key, tuple[str, Span]]) -> _Key:
        """The piece at one end of a relation: at `head_span`, else where the token `head` is."""
        if not isinstance(row, dict):
            raise Misfit(f"expected an object, found {row!r:.60}")
        told = row.get(f"{end}_span")
        if isinstance(told, dict):
            span = self._span(told)
        else:
            span = self._piece_with_token(row.get(end), pieces)
        label = told.get("label") if isinstance(told, dict) else None
        if isinstance(label, str) and (span, label.upper()) in pieces:
            return span, label.upper()
        fits = [key for key in ((span, role.upper()) for role in ROLES) if key in pieces]
        if len(fits) != 1:
            raise Misfit(f"its {end} [{span.start}, {span.end}) is no part of a claim")
        return fits[0]

    def _piece_with_token(self, token: Any, pieces: Mapping[_Key, tuple[str, Span]]) -> Span:
        """The span that ends with this token, else the one that holds it."""
        place = self.text.span(*self._at_tokens(token, token))
        ending = [span for span, _ in pieces if span.end == place.end]
        holding = [span for span, _ in pieces if span.contains(place)]
        if not ending and not holding:
            raise Misfit(f"token {token} is in no span")
        return (ending or holding)[0]


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


def _anchor(claim: Claim) -> _Key:
    return claim.content[0], "CONTENT"


def _children(claims: list[Claim]) -> set[_Key]:
    """What relations lead to from the anchor of these claims, which they share."""
    return {
        key
        for claim in claims
        for role, spans in (
            ("CONTENT", claim.content),
            ("CUE", claim.cue),
            ("SOURCE", claim.source),
        )
        for span in spans
        if (key := (span, role)) != _anchor(claim)
    }
