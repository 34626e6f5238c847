"""Hypothesis strategies: articles, items that are valid in them, decisions that fit a review."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    Tier,
    Verdict,
)
from annotator.core.article import Article, Origin, Span, Spans, title_line
from annotator.core.claim_ties import Relation, Tie
from annotator.core.decisions import (
    Answer,
    Change,
    Decision,
    DecisionGroup,
    accept,
    add,
    correct,
    finish,
    link,
    note,
    note_article,
    reject,
    relabel,
    relate,
    reopen,
    skip,
    to_decisions,
)
from annotator.core.record import PipelineId, SchemeId
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.core.review import Review
from tests.helpers.examples import pooled

EPOCH = datetime(2018, 12, 19, 8, 0, tzinfo=UTC)
LABELS = ("PERSON", "GPE", "ORG", "NORP", "DATE")
REVIEWER = "ada"
_T = TypeVar("_T")

# Most of the time of a property goes into drawing, some 100 µs for each value: so a time is one
# number, and a text over a fixed alphabet, given as a string, is one value and not one a letter.
_MILLENNIUM = datetime(2000, 1, 1, tzinfo=UTC)
_CENTURY = datetime(2100, 1, 1, tzinfo=UTC) - _MILLENNIUM
times = st.integers(0, _CENTURY // timedelta(microseconds=1)).map(
    lambda microseconds: _MILLENNIUM + timedelta(microseconds=microseconds)
)
_lower = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
# What real pages hold: other scripts, emoji, joiners, marks of direction, escapes, brackets.
_odd = st.sampled_from(
    [
        "[bold]",
        "\x1b[31m",
        "\u202eabc\u202c",
        "👩‍👩‍👧",
        "e\u0301",
        "\t",
        "“no”",
        "«да»",
        "１０",
        "…",
        "\u00a0",
    ]
)
_letters = st.characters(exclude_categories=("Cs", "Cc"))
_words = st.one_of(
    st.text("abcdefghijkl ABC'’.,", min_size=1, max_size=24),
    st.text(_letters, min_size=1, max_size=8),
    _odd,
)
_line = st.lists(_words, min_size=0, max_size=5).map(" ".join)
sentences = st.text(_letters, min_size=1, max_size=20)
optional_text = st.none() | sentences
scores = st.none() | st.floats(0, 1)


def _has_words(text: str) -> bool:
    return bool(text.strip())


def _without_mark(text: str) -> str:
    return text.lstrip("\ufeff")


# Article texts: no byte order mark, line ends are LF, at least one character is not blank.
texts = st.lists(_line, min_size=1, max_size=6).map("\n".join).map(_without_mark).filter(_has_words)

origins = st.builds(
    Origin,
    name=st.none() | st.builds("{}.{}".format, _lower, st.sampled_from(["txt", "md"])),
    outlet=optional_text,
    url=st.none()
    | st.builds("https://{}.example/{}".format, _lower, st.text("abcxyz0189", max_size=8)),
    author=optional_text,
    published=st.none() | times.map(lambda at: at.isoformat().replace("+00:00", "Z")),
    received=st.none() | times.map(lambda at: at.isoformat().replace("+00:00", "Z")),
    part=st.none() | st.integers(1, 99).map(str),
)
plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | sentences,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(sentences, inner, max_size=3),
    max_leaves=5,
)
metas = st.dictionaries(sentences, plain_values, max_size=3)


@st.composite
def articles(draw: st.DrawFn, text: str | None = None) -> Article:
    """Articles with this text, or with any that a reader could have returned."""
    text = draw(texts) if text is None else text
    if draw(st.booleans()):  # every value that is drawn takes time
        return Article(text, title=title_line(text))
    return Article(
        text,
        title=draw(st.just(title_line(text)) | optional_text),
        language=draw(st.sampled_from([None, "en", "de"])),
        origin=draw(origins),
        also_from=tuple(draw(st.lists(origins, max_size=2))),
        meta=draw(metas),
    )


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    """Spans that are valid in `text`: in one line, with more in them than blanks."""
    middle = draw(st.sampled_from([n for n, letter in enumerate(text) if not letter.isspace()]))
    line_start = text.rfind("\n", 0, middle) + 1
    line_end = text.find("\n", middle)
    line_end = len(text) if line_end < 0 else line_end
    return Span(draw(st.integers(line_start, middle)), draw(st.integers(middle + 1, line_end)))


@st.composite
def pieces(draw: st.DrawFn, text: str, *, at_least: int = 0, at_most: int = 3) -> Spans:
    """Spans in text order that do not overlap."""
    found: list[Span] = []
    for span in sorted(draw(st.lists(spans(text), min_size=at_least, max_size=at_most))):
        if not found or found[-1].end <= span.start:
            found.append(span)
    return tuple(found)


_ids = st.uuids(version=4).map(str)
_makers = st.sampled_from(MadeBy)


@st.composite
def entities(draw: st.DrawFn, text: str, *, item_id: str | None = None) -> Entity:
    plain = Entity(
        item_id or draw(_ids),
        draw(spans(text)),
        draw(st.sampled_from(LABELS)),
        made_by=draw(_makers),
        score=draw(scores),
    )
    if draw(st.booleans()):
        return plain
    return replace(plain, identity=draw(st.none() | _ids), note=draw(optional_text))


@st.composite
def claims(draw: st.DrawFn, text: str, *, item_id: str | None = None) -> Claim:
    plain = Claim(
        item_id or draw(_ids),
        draw(pieces(text, at_least=1)),
        draw(pieces(text, at_most=1)),
        draw(pieces(text, at_most=1)),
        made_by=draw(_makers),
        score=draw(scores),
    )
    if draw(st.booleans()):
        return plain
    return replace(
        plain,
        **{one.name: one.read(draw(st.sampled_from(one.values))) for one in CLAIM_ATTRIBUTES},
        source_entity=draw(st.none() | _ids),
        tier=draw(st.sampled_from(Tier)),
        note=draw(optional_text),
    )


@st.composite
def junk_lines(draw: st.DrawFn, text: str, *, item_id: str | None = None) -> Junk:
    return Junk(
        item_id or draw(_ids),
        draw(spans(text)),
        draw(st.sampled_from(JunkKind)),
        made_by=draw(_makers),
        score=draw(scores),
        note=draw(optional_text),
    )


def items(text: str) -> st.SearchStrategy[Item]:
    """Items that are valid in `text`, each with an id of its own, pending as when suggested."""
    return st.one_of(entities(text), claims(text), junk_lines(text))


def suggestions(text: str, *, at_most: int = 6) -> st.SearchStrategy[tuple[Item, ...]]:
    """What a pipeline could suggest for `text`."""
    return st.lists(items(text), max_size=at_most, unique_by=lambda item: item.id).map(tuple)


pipeline_ids = st.builds(
    PipelineId, sentences, st.just("1.0"), st.text("0123456789abcdef", min_size=8, max_size=8)
)
scheme_ids = st.builds(SchemeId, sentences, sentences)


@st.composite
def reworded(draw: st.DrawFn, item: Item, text: str) -> Item:
    """Another item of the same kind, with the same id."""
    match item:
        case Entity():
            return draw(entities(text, item_id=item.id))
        case Claim():
            return draw(claims(text, item_id=item.id))
        case Junk():
            return draw(junk_lines(text, item_id=item.id))


@st.composite
def changes(draw: st.DrawFn, review: Review, text: str) -> tuple[Change, ...]:
    """What one key press could do to this review: never nothing, and always something that fits."""
    undo, redo = review.undo(), review.redo()
    possible = ["undo"] * (undo is not None) + ["redo"] * (redo is not None)
    said = [one.item.id for one in review.held.values() if isinstance(one.item, Claim)]
    possible += ["relate"] * bool(said)
    if review.finished:
        possible.append("reopen")
    else:
        possible += ["add", "skip", "note article", "finish"]
        if review.held:
            possible += ["accept", "reject", "correct", "relabel", "note", "link", "all"]
    kind = draw(st.sampled_from(possible))
    match kind:
        case "undo" if undo is not None:
            return (undo,)
        case "redo" if redo is not None:
            return (redo,)
        case "reopen":
            return (reopen(),)
        case "relate":
            return (relate(draw(ties(st.sampled_from(said)))),)
        case "add":
            return (add(replace(draw(items(text)), made_by=MadeBy.REVIEWER, score=None)),)
        case "skip":
            return (skip(draw(st.sampled_from(Answer))),)
        case "note article":
            return (note_article(review.reviewer, draw(times), draw(sentences)),)
        case "finish":
            return (draw(_finishes(review)),)
        case "all":
            return draw(_several_decided(review))
        case _:
            item = draw(st.sampled_from([*review.held.values()])).item
            return (draw(_item_changed(kind, item, text)),)


def ties(
    claims: st.SearchStrategy[str],
    verdicts: st.SearchStrategy[Verdict] | None = None,
    *,
    article: str | None = None,
) -> st.SearchStrategy[Tie]:
    """Ties of these claims to a few others; with `article`, also to each other and themselves."""
    few = st.sampled_from(["c1", "c2"])
    articles = ["a" * 64, "b" * 64]
    return st.builds(
        Tie,
        claims,
        st.sampled_from(Relation),
        st.sampled_from(articles if article is None else [article, article, *articles]),
        few if article is None else claims | claims | few,
        st.sampled_from(MadeBy),
        st.sampled_from(Verdict) if verdicts is None else verdicts,
        st.none() | st.floats(0, 1),
    )


@st.composite
def _several_decided(draw: st.DrawFn, review: Review) -> tuple[Change, ...]:
    held = list(review.held.values())
    # The same item may come twice within one key press.
    some = draw(st.lists(st.sampled_from(held), min_size=2, max_size=5))
    verbs = draw(st.lists(st.sampled_from([accept, reject]), min_size=5, max_size=5))
    return tuple(verb(one.item) for one, verb in zip(some, verbs, strict=False))


@st.composite
def _item_changed(draw: st.DrawFn, kind: str, item: Item, text: str) -> Change:
    match kind:
        case "accept":
            return accept(item)
        case "reject":
            return reject(item)
        case "relabel" if isinstance(item, Entity):
            return relabel(item, draw(st.sampled_from(LABELS)))
        case "note":
            return note(item, draw(st.just("") | sentences))
        case "link" if isinstance(item, Entity):
            return link(item, replace(item, identity=draw(st.none() | _ids)))
        case "link" if isinstance(item, Claim):
            return link(item, replace(item, source_entity=draw(st.none() | _ids)))
        case _:
            return correct(item, draw(reworded(item, text)))


def stamped(
    made: Sequence[Change], review: Review, *, at: datetime = EPOCH, keys: int = 1
) -> tuple[Decision, ...]:
    """The changes of one key press as the next decisions of this review; ids from their numbers."""
    first = review.next_seq
    name = f"{review.article[:8]}-{review.reviewer}{'-adjudication' * review.adjudicates}"
    return to_decisions(
        made,
        DecisionGroup(
            id=f"{name}-group-{first}",
            article=review.article,
            reviewer=review.reviewer,
            at=at + timedelta(seconds=first),
            first_seq=first,
            keys=keys,
            seconds=0.5,
            adjudicates=review.adjudicates,
        ),
        ids=(f"{name}-{seq}" for seq in itertools.count(first)),
    )


@st.composite
def reviews(
    draw: st.DrawFn, article: Article, *, reviewer: str = REVIEWER, at_most: int = 12
) -> Review:
    """Reviews of `article` with decisions of every kind."""
    review = Review.of(article.id, reviewer, draw(suggestions(article.text)))
    for _ in range(draw(st.integers(0, at_most))):
        review = review.decide(*stamped(draw(changes(review, article.text)), review))
    return review


@pooled
@st.composite
def reviewed_articles(draw: st.DrawFn, *, at_most: int = 12) -> tuple[Article, Review]:
    """An article with a review of it, at any point of the work."""
    article = draw(articles())
    return article, draw(reviews(article, at_most=at_most))


def _finishes(review: Review) -> st.SearchStrategy[Change]:
    """A finish as earlier versions made it, or with what was folded."""
    folded = st.sets(st.sampled_from(sorted(review.held) or ["gone"]), max_size=3)
    before = st.builds(finish, showed_low_confidence=st.booleans())
    return before | st.builds(finish, folded=folded, showed_speakers=st.booleans())


@pooled
@st.composite
def finished_reviews(draw: st.DrawFn, *, at_most: int = 12) -> tuple[Article, Review]:
    """An article with a review of it that is finished."""
    article, review = draw(reviewed_articles(at_most=at_most))
    if not review.finished:
        review = review.decide(*stamped((draw(_finishes(review)),), review))
    return article, review


@pooled
@st.composite
def decisions(draw: st.DrawFn) -> tuple[Decision, str]:
    """A decision of any kind, with the text it was made on."""
    article, review = draw(reviewed_articles(at_most=4))
    made = stamped(draw(changes(review, article.text)), review, at=draw(times))
    return draw(st.sampled_from(made)), article.text
