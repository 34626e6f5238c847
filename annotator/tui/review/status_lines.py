"""The text of the lines around the article: header, detail, labels, hints; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from annotator.core.across.identity_candidates import Candidate
from annotator.core.across.identity_log import Identity
from annotator.core.annotations import Claim, Entity, Item, Junk, MadeBy, differs
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer
from annotator.core.edits import Part, pieces, span_of
from annotator.core.labels import LabelScheme
from annotator.core.memory.known import Known
from annotator.core.memory.why import why
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.core.review import ReviewItem
from annotator.core.reviewing.item_filter import state_of
from annotator.core.reviewing.presses import accepted_in_bulk
from annotator.core.reviewing.wording import was
from annotator.core.states import ItemState
from annotator.tui.article.marks import DIFFERS, SIGNS, SPEAKS
from annotator.tui.keys import pressed_by
from annotator.tui.review.item_order import ItemOrder
from annotator.tui.review.session import Session
from annotator.tui.saving.unsaved_wording import RESCUE_FILES, unsaved_pieces
from annotator.tui.saving.writer import Saved, Saving
from annotator.tui.widgets.bar import BarLine, Piece, cells_of, in_a_row

_BAR_CELLS = 14
_BAR_FROM = 96
_NOTE_CELLS = 40
_SPEAKER_CELLS = 18
_CHOSEN = (ItemState.CORRECTED, ItemState.ADDED)
"""What the reviewer chose: how sure the pipeline was of something else does not matter."""


def header(session: Session, order: ItemOrder, *, saved: Saved, width: int) -> BarLine:
    """The header: on the left title, outlet, near-duplicates, the last note, date, author and
    length; on the right which article it is, the number of decided items in `order`, the state of
    saving, and the reviewer."""
    article, review = session.article, session.review
    total, done = len(order), len(order) - order.open_count
    also = [one.outlet or one.title for one in session.alike]
    notes = [note.text for note in review.notes]
    left: list[Piece] = [("strong", f" {article.name}")]
    if article.origin.outlet:
        left.append(("muted", f"  {article.origin.outlet}"))
    if also:
        left.append(("info", f"  also told by: {', '.join(dict.fromkeys(also))}"))
    if notes:
        more = f" (and {len(notes) - 1} more)" if len(notes) > 1 else ""
        left.append(("info", f"  note: {_shortened(notes[-1], 40)}{more}"))
    right: list[Piece] = []
    if session.number is not None and width >= _BAR_FROM:
        number, of = session.number
        right.append(("muted", f"article {number:,} of {of:,}   "))
    if review.finished:
        kept = review.answer is Answer.ACCEPT
        right.append(("good", "finished" if kept else review.answer.value))
        if kept and (in_bulk := accepted_in_bulk(review)):
            how = "accepted in bulk" if width >= _BAR_FROM else "in bulk"
            right.append(("info", f", {in_bulk} {how}"))
        right.append(("normal", "  "))
    if width >= _BAR_FROM:
        right += progress(done, total, _BAR_CELLS)
    right.append(("normal", f" {done}/{total}  "))
    right += [*saved_pieces(saved, refused=session.refused), ("accent", f"  {review.reviewer} ")]
    about: Piece = ("muted", f"  {_about(article)}")
    if width >= _BAR_FROM and cells_of((*left, about, *right)) < width:
        left.append(about)
    return BarLine(tuple(left), tuple(right))


def _about(article: Article) -> str:
    """Date, author and length of an article."""
    date = (article.origin.published or "")[:10]
    length = f"{_words_in(article.text):,} words"
    return ", ".join(filter(None, (date, article.origin.author, length)))


@lru_cache(maxsize=1)
def _words_in(text: str) -> int:
    """The number of words: counted once for the text that is open, since every key shows it."""
    return len(text.split())


def progress(done: int, total: int, cells: int) -> list[Piece]:
    """A progress bar of so many cells, drawn by halves; what has begun shows, and only what is
    done is full."""
    halves = 2 * cells * done // total if total else 0
    if 0 < done < total:
        halves = min(max(halves, 1), 2 * cells - 1)
    full, half = divmod(halves, 2)
    tone = "good" if full == cells else "accent"
    return [(tone, "━" * full + "╸" * half), ("muted", "─" * (cells - full - half))]


def saved_pieces(saved: Saved, *, refused: bool = False) -> list[Piece]:
    """Whether all decisions are saved, and where they are if not; `refused` if some of the shown
    ones were refused."""
    if refused:
        return [("bad", "✗ not saved, opening it again")]
    match saved.state:
        case Saving.SAVED:
            told: list[Piece] = [("good", "● saved")]
        case Saving.SAVING:
            told = [("accent", "○ saving")]
        case Saving.FAILED:
            told = [*unsaved_pieces(saved)]
    if saved.refused:
        told.append(("bad", f"  ✗ {saved.refused} in {RESCUE_FILES}"))
    return told


@dataclass(frozen=True, slots=True)
class Around:
    """What the review says of an item: what is known of its form, whether it was `carried` from an
    earlier text, decided `in_bulk` with others, or is `unsure`, `who` among the pipelines suggested
    it, the `identity` that an entity names, and the name of the `speaker` of a claim."""

    text: str
    known: Known | None = None
    carried: bool = False
    in_bulk: bool = False
    unsure: bool = False
    who: str = ""
    identity: str = ""
    speaker: str = ""


def of_item(held: ReviewItem, part: Part | None, around: Around) -> tuple[Piece, ...]:
    """The focused item in one line."""
    item, status, text = held.item, state_of(held), around.text
    sign, tone = SIGNS[status]
    when = " before" if around.carried else " in bulk" if around.in_bulk else ""
    state: list[Piece] = [(tone, f"  {sign} {status.value}{when}")]
    if item.note:
        state.append(("info", f"  note: {_shortened(item.note, _NOTE_CELLS)}"))
    match item:
        case Entity():
            head: list[Piece] = [
                (f"label:{item.label}", f" {item.label}"),
                ("strong", f"  {_words(item.span, text, 24 if item.note else 48)}"),
            ]
            tail: list[Piece] = []
        case Claim():
            head, tail = _claim_head(item, part, around.speaker), _of_claim(item, part, text)
        case Junk():
            head = [
                ("muted", f" junk {item.kind.value}"),
                ("strong", f"  {_words(item.span, text, 24 if item.note else 48)}"),
            ]
            tail = []
    if around.identity:
        state.insert(0, ("info", f"  {around.identity}"))
    if who := around.who:
        state.append(("info", f"  {DIFFERS} {who}" if differs(item) else f"  {who}"))
    if around.unsure:
        state.append(("info", "  unsure"))
    if before := was(held.suggested, item, text):
        state.append(("info", f"  was {before}"))
    elif item.score is not None and status not in _CHOSEN:
        state.append(("muted", f"  score {item.score:.0%}"))
    tail += _why(item, around.known)
    # Parts that a narrow screen may cut off, because text and panel show them too.
    where = span_of(item, part) if part is not None else item.span
    return (*head, *state, *tail, ("muted", f"  {_offsets(where)}"))


def of_selection(span: Span, text: str, meant: str) -> tuple[Piece, ...]:
    """The selection, and what it is `meant` for."""
    return (
        ("info", " selection"),
        ("strong", f"  “{_words(span, text)}”"),
        ("muted", f"  {_offsets(span)}"),
        ("accent", f"  {meant}"),
    )


def of_plain_text(word: Span | None, text: str) -> tuple[Piece, ...]:
    """The word under the caret, where no item is."""
    here = (("strong", f"  “{_words(word, text, 24)}”"),) if word is not None else ()
    return (("muted", " no item here"), *here)


def labels(scheme: LabelScheme, keys: Sequence[str], width: int) -> BarLine:
    """The first labels with their keys, as many as fit."""
    groups = [
        (
            ("strong", key, pressed_by(key)),
            (f"label:{label.name}", f" {label.name}", pressed_by(key)),
        )
        for key, label in zip(keys, scheme, strict=False)
    ]
    return in_a_row(groups, width)


def of_identity(
    entity: Entity, identity: Identity | None, before: Candidate | None, key: str
) -> str:
    """The identity of an entity, with its type where that is not the entity's label; or else the
    one that its form was tied to before, with the `key` that ties it."""
    if identity is not None:
        link = identity.link or (identity.id if ":" in identity.id else "")
        type = identity.type if identity.type != entity.label else ""
        return " ".join(filter(None, ("→", _shortened(identity.name, 30), type, link)))
    if before is not None:
        return f"≈ {_shortened(before.identity.name, 30)}, {before.why} ({key})"
    return ""


def _why(item: Item, known: Known | None) -> list[Piece]:
    """What is known of the form of an item, and whether the suggestion comes from that."""
    maker = "memory" if item.made_by is MadeBy.MEMORY else ""
    said = "" if known is None else why(known)
    if isinstance(item, Claim) and said:
        said = f"cue {said}"
    told = ": ".join(part for part in (maker, said) if part)
    return [("info", f"  {told}")] if told else []


def _claim_head(claim: Claim, part: Part | None, speaker: str) -> list[Piece]:
    phrases = (attribute.phrase(claim) for attribute in CLAIM_ATTRIBUTES)
    told: list[Piece] = [("normal", f"  {' · '.join(phrase for phrase in phrases if phrase)}")]
    if speaker:
        told.insert(0, ("source", f" {SPEAKS} {_shortened(speaker, _SPEAKER_CELLS)}"))
    if part is None:
        return [("strong", " claim"), *told]
    there = pieces(claim, part.name)
    which = f" {part.place + 1} of {len(there)}" if len(there) > 1 else ""
    return [("accent", f" {part.name.value}{which}"), *told]


def _of_claim(claim: Claim, part: Part | None, text: str) -> list[Piece]:
    """The text of the focused part; of source and cue if none is focused."""
    if part is not None:
        there = pieces(claim, part.name)
        words = _words(there[part.place], text, 30) if part.place < len(there) else ""
        return [("strong", f"  {words}")]
    source = " … ".join(_words(span, text, 24) for span in claim.source) or "—"
    cue = " … ".join(_words(span, text, 20) for span in claim.cue) or "—"
    return [("source", f"  {source}"), ("claim", f"  {cue}")]


def _words(span: Span, text: str, limit: int = 48) -> str:
    return _shortened(span.of(text)[: limit * 2], limit)


def _shortened(text: str, limit: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _offsets(span: Span) -> str:
    return f"{span.start}–{span.end}"
