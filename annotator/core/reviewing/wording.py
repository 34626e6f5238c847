"""Short descriptions of items and decisions, for screens and command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Spans
from annotator.core.claim_ties import Tie
from annotator.core.decisions import Answer, ArticleNote, Decision, Kind
from annotator.core.records.fields import CLAIM_ATTRIBUTES

_LIMIT = 40
_SINGLE = str.maketrans('“”„"«»', "‘’‚'‹›")
_OF_NO_ITEM = (Kind.SKIP, Kind.FINISH, Kind.REOPEN, Kind.WITHDRAW, Kind.RESTORE)
_PAST = {
    Kind.ACCEPT: "accepted",
    Kind.REJECT: "rejected",
    Kind.CORRECT: "corrected",
    Kind.ADD: "added",
    Kind.NOTE: "noted",
    Kind.LINK: "linked",
    Kind.RELATE: "tied",
    Kind.SKIP: "skipped",
    Kind.FINISH: "finished",
    Kind.REOPEN: "reopened",
    Kind.WITHDRAW: "undone",
    Kind.RESTORE: "done again",
}


def shortened(words: str, limit: int = _LIMIT) -> str:
    """`words` on one line, shortened with an ellipsis to `limit` characters."""
    flat = " ".join(words.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def named(item: Item | None, text: str, limit: int = _LIMIT) -> str:
    """An item of `text` in a few words: its kind or label, and its beginning."""
    if item is None:
        return "the article"
    words = shortened(item.span.of(text)[: limit * 4], limit)
    match item:
        case Entity():
            return f"{item.label} {_quoted(words)}"
        case Claim():
            return f"claim {_quoted(words)}"
        case Junk():
            return f"junk {_quoted(words)}"


def was(before: Item | None, now: Item, text: str) -> str:
    """What a suggestion said that an item says otherwise: its label, attributes, kind or words;
    empty if they are alike."""
    match before, now:
        case Entity() as old, Entity():
            said = [old.label] if old.label != now.label else []
            said += [_quoted(shortened(old.span.of(text)))] if old.span != now.span else []
        case Claim() as old, Claim():
            said = [
                attribute.phrase(old) or f"no {attribute.name.replace('_', ' ')}"
                for attribute in CLAIM_ATTRIBUTES
                if attribute.phrase(old) != attribute.phrase(now)
            ]
            parts = (("content", old.content, now.content), ("cue", old.cue, now.cue))
            for name, one, other in (*parts, ("source", old.source, now.source)):
                if one != other:
                    said.append(_part_was(name, one, text))
        case Junk() as old, Junk():
            said = [old.kind.value] if old.kind is not now.kind else []
            said += [_quoted(shortened(old.span.of(text)))] if old.span != now.span else []
        case _:
            said = []
    return ", ".join(said)


def _part_was(name: str, spans: Spans, text: str) -> str:
    words = " … ".join(span.of(text) for span in spans)
    return f"{name} {_quoted(shortened(words))}" if words else f"without {name}"


def _quoted(words: str) -> str:
    """`words` in quotation marks; marks around or within them become single ones."""
    return f"“{words.translate(_SINGLE)}”"


def counted(items: Iterable[Item]) -> str:
    """How many of each kind: *52 entities, 1 claim, 3 junk lines*; *nothing* without any."""
    counts = Counter(type(item) for item in items)
    kinds = (
        (Entity, "entity", "entities"),
        (Claim, "claim", "claims"),
        (Junk, "junk line", "junk lines"),
    )
    told = [
        f"{counts[kind]} {one if counts[kind] == 1 else many}"
        for kind, one, many in kinds
        if counts[kind]
    ]
    return ", ".join(told) or "nothing"


def told(decisions: Iterable[Decision], text: str) -> str:
    """The decisions of one key press, named as in the log: *reject GPE “Syria”, finish*."""
    return _told(tuple(decisions), text, {kind: kind.value for kind in Kind}, of=" of ")


def done(decisions: Iterable[Decision], text: str, limit: int = _LIMIT) -> str:
    """The decisions of one key press in the past tense: *rejected GPE “Syria”, finished*. The words
    of an item are shortened to `limit` characters."""
    return _told(tuple(decisions), text, _PAST, limit=limit, of=" ")


def past(kind: Kind) -> str:
    """A kind of decision in the past tense."""
    return _PAST[kind]


def narrated(decision: Decision, presses: Mapping[str, Iterable[Decision]], text: str) -> str:
    """A decision as the journal tells it, in the past tense and in full: *corrected PERSON “Oslo”
    to GPE “Oslo”*, *undone: rejected GPE “Syria”*. `presses` are the decisions by their groups."""
    match decision.kind, decision.before, decision.after:
        case ((Kind.WITHDRAW | Kind.RESTORE), _, _):
            back = done(presses.get(decision.target or "", ()), text)
            return f"{_PAST[decision.kind]}: {back}"
        case Kind.CORRECT, (Entity() | Claim() | Junk()) as before, Entity() | Claim() | Junk():
            after = named(decision.after, text)
            was = named(before, text)
            return f"corrected {was}" + (" in its details" if was == after else f" to {after}")
        case Kind.NOTE, _, ArticleNote() as note:
            return f"note on the article: {_quoted(note.text)}"
        case Kind.NOTE, _, (Entity() | Claim() | Junk()) as item:
            said = _quoted(item.note) if item.note else "nothing"
            return f"noted on {named(item, text)}: {said}"
        case Kind.SKIP, _, Answer() as answer:
            return f"skipped: {answer.value}" if answer is not Answer.ACCEPT else "not skipped"
        case _:
            return done([decision], text)


def _told(
    decisions: tuple[Decision, ...],
    text: str,
    verbs: Mapping[Kind, str],
    *,
    limit: int = _LIMIT,
    of: str,
) -> str:
    kinds = dict.fromkeys(decision.kind for decision in decisions)
    parts: list[str] = []
    for kind in (kind for kind in kinds if kind not in _OF_NO_ITEM):
        of_kind = [one for one in decisions if one.target and one.kind is kind]
        if kind is Kind.RELATE:
            parts.append(f"{verbs[kind]} {_tied(of_kind)}")
            continue
        if len(of_kind) == 1:
            parts.append(f"{verbs[kind]} {named(_seen(of_kind[0]), text, limit)}")
        elif of_kind:
            parts.append(f"{verbs[kind]}{of}{len(of_kind)} items")
    parts += [verbs[kind] for kind in _OF_NO_ITEM if kind in kinds]
    return ", ".join(parts) or "note on the article"


def _tied(decisions: list[Decision]) -> str:
    """Ties in a few words: *claims: contradicts*, *claims: same, 3 unrelated*."""
    counts = Counter(one.after.relation for one in decisions if isinstance(one.after, Tie))
    return "claims: " + ", ".join(
        f"{number} {relation}" if number > 1 else f"{relation}"
        for relation, number in counts.items()
    )


def _seen(decision: Decision) -> Item | None:
    seen = decision.before if decision.after is None else decision.after
    return seen if isinstance(seen, Entity | Claim | Junk) else None
