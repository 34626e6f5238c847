"""Hypothesis strategies for whole records, as a format has to write them and read them back.

Texts in every script, with joined emoji and marks; entities nested, overlapping and over line ends;
claims in pieces, nested, without cue or source; items pending, accepted, corrected and added.
`HARD_RECORDS` are examples that every format is shown, whatever hypothesis finds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from re import finditer
from typing import TypeVar

from hypothesis import strategies as st

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import (
    Certainty,
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    Quotation,
    SourceKind,
    Stance,
    Tier,
    Verdict,
    in_text_order,
    problems,
)
from annotator.core.article import Article, Origin, Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.decisions import Answer, ArticleNote
from annotator.core.record import PipelineId, Record, ReviewFacts, SchemeId, record_from_dict
from annotator.core.records.suggesters import SuggesterId
from annotator.core.records.unknown import everything, stretches
from tests.helpers.examples import pooled
from tests.helpers.strategies import (
    EPOCH,
    articles,
    claims,
    entities,
    items,
    junk_lines,
    pieces,
    pipeline_ids,
    scheme_ids,
    sentences,
    spans,
    texts,
    ties,
    times,
)

_Item = TypeVar("_Item", Entity, Claim, Junk)
SCHEME = SchemeId("news", "1")
REVIEWED = ReviewFacts("ada", "review", EPOCH, EPOCH, 12.5, 7, 5)
# What decides offsets in other tools: two code units, joiners, marks, directions, odd blanks.
SCRIPTS = (
    "💩This is an annotation.",
    "👨🏻‍🚒 firemen drive firetrucks",
    "Cafe\u0301 na\u0308ive ﬁn",
    "Президент сказал: «Да».",
    "قال الرئيس إنه سيغادر",
    "\u202bאמר הדובר\u202c",
    "总统说，他会离开。",
    "राष्ट्रपति ने कहा",
    "ประธานาธิบดีกล่าว",
    "대통령은 말했다 \u1112\u1161\u11ab",
    "a\u00a0b\u200bc\u3000d\u2028e\ufefff",
    "“no,” she ‘said’ — I’m off",
    "𝒜𝓁𝓁 👩‍👩‍👧‍👦🇩🇪🇫 1\ufe0f\u20e3 👍🏽",
    "=1+1\t@cmd, \"quoted\", 'it'; -2",
    "\\n &amp; <b>x</b> {y} 100%",
)
_names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)


@st.composite
def texts_in_every_script(draw: st.DrawFn) -> str:
    """A text of lines of several scripts; some empty, some with words around."""
    line = st.sampled_from(SCRIPTS) | st.just("") | texts
    text = "\n".join(draw(st.lists(line, min_size=1, max_size=5))).lstrip("\ufeff")
    return text if text.strip() else f"{text}x"


@st.composite
def _wide_entities(draw: st.DrawFn, text: str) -> Entity:
    """Entities that may reach over line ends, as imported ones do."""
    one, other = draw(spans(text)), draw(spans(text))
    whole = Span(min(one.start, other.start), max(one.end, other.end))
    return replace(draw(entities(text)), span=whole)


@st.composite
def _claims(draw: st.DrawFn, text: str, known: tuple[Entity, ...]) -> Claim:
    """Claims whose cue and source may be in pieces, linked to an entity that there is."""
    one = draw(claims(text))
    linked = st.none() | st.sampled_from([entity.id for entity in known]) if known else st.none()
    return replace(
        one,
        cue=one.cue if draw(st.booleans()) else draw(pieces(text, at_least=1)),
        source=one.source if draw(st.booleans()) else draw(pieces(text, at_least=1)),
        source_entity=draw(linked),
    )


@pooled
@st.composite
def records(draw: st.DrawFn, *, most: int = 3) -> Record:
    """Records that keep the contract, equal to what their own line gives back. They may have a
    story, named identities, suggesters, and ties within their text and beyond it."""
    text = draw(texts_in_every_script())
    article = draw(articles(text))
    scheme, pipeline = draw(scheme_ids), draw(st.none() | pipeline_ids)
    chosen = draw(st.sampled_from([Answer.ACCEPT] * 6 + list(Answer)))
    facts = draw(review_facts())
    notes = tuple(draw(st.lists(_notes, max_size=2)))
    if chosen is not Answer.ACCEPT:
        return Record(article, scheme, pipeline, chosen, facts, notes=notes)
    verdicts = st.just(Verdict.PENDING) if facts.kind == "none" else st.sampled_from(Verdict)
    found = tuple(draw(st.lists(_suggested(text) | _wide_entities(text), max_size=most)))
    said = draw(st.lists(_claims(text, found), max_size=most))
    lines = draw(st.lists(junk_lines(text), max_size=2))
    folded = draw(st.lists(_claims(text, found), max_size=2))
    rejected = () if facts.kind == "none" else tuple(draw(st.lists(items(text), max_size=2)))
    names = draw(st.just(["i"]) | st.lists(_names, min_size=1, max_size=3))
    ids = (f"{names[n % len(names)]}{n}" for n in itertools.count())
    suggested: tuple[Item, ...] = (*found, *said, *lines, *folded)
    renamed = {item.id: next(ids) for item in suggested}

    def claimed(claim: Claim, verdict: Verdict) -> Claim:
        speaker = renamed.get(claim.source_entity or "")
        named = replace(claim, id=renamed[claim.id], source_entity=speaker)
        return replace(named, verdict=verdict)

    own = [one.id for one in said]
    tied: list[Tie] = []
    if own:
        some = ties(st.sampled_from(own), verdicts, article=article.id)
        tied = [_renamed(tie, renamed) for tie in draw(st.lists(some, max_size=3))]
    return _as_read(
        Record(
            article,
            scheme,
            pipeline,
            chosen,
            facts,
            entities=_sorted(
                replace(one, id=renamed[one.id], verdict=draw(verdicts)) for one in found
            ),
            claims=_sorted(claimed(one, draw(verdicts)) for one in said),
            junk=_sorted(replace(one, id=renamed[one.id], verdict=draw(verdicts)) for one in lines),
            rejected=rejected,
            offered=_sorted(claimed(one, Verdict.PENDING) for one in folded),
            notes=notes,
            unknown=draw(_unknown(text)),
            identities=draw(_identities([one.identity for one in found if one.identity])),
            story=draw(st.none() | _names),
            ties=tuple({one.pair: one for one in tied}.values()),
            suggesters=tuple(draw(st.lists(_suggesters, max_size=2))),
        )
    )


_suggesters = st.builds(SuggesterId, _names, _names, _names, _names)
# What lines and cells cannot hold, and links of other forms than `scheme:id`.
_ODD_NAMES = ("Ada  Low", "two\nlines", "a\tb", "x\u2028y ", "", "=1+1", "identity:x")
_LINKS = ("wikidata:Q1", "https://example.org/a?b#c", "identity:x", "a: b", "plain", "")


def _identities(ids: list[str]) -> st.SearchStrategy[tuple[Identity, ...]]:
    """Identities of entities, and further ones."""
    names = _names | st.sampled_from(_ODD_NAMES)
    links = st.none() | _names | st.sampled_from(_LINKS)
    known = st.sampled_from(ids) if ids else st.nothing()
    one = st.builds(Identity, known | _names, names, names, links)
    return st.lists(one, max_size=3, unique_by=lambda each: each.id).map(tuple)


@st.composite
def _suggested(draw: st.DrawFn, text: str) -> Entity:
    """Entities, some with the names of the pipelines that suggested them."""
    one = draw(entities(text))
    return replace(one, suggested_by=tuple(draw(st.just([]) | st.lists(_names, max_size=2))))


def _renamed(tie: Tie, names: Mapping[str, str]) -> Tie:
    return replace(tie, claim=names[tie.claim], other=names.get(tie.other, tie.other))


def _unknown(text: str) -> st.SearchStrategy[tuple[Span, ...]]:
    """Mostly nothing, else some stretches, or the whole text."""
    some = st.lists(spans(text), max_size=3).map(lambda found: stretches(found, text))
    return st.just(()) | st.just(()) | some | st.just(everything(text))


@st.composite
def review_facts(draw: st.DrawFn) -> ReviewFacts:
    """Who reviewed and at what cost, or that nobody did."""
    kind = draw(st.sampled_from(["review", "review", "adjudication", "import", "none"]))
    if kind == "none" and draw(st.booleans()):
        return ReviewFacts()
    started, finished = sorted((draw(times), draw(times)))
    return ReviewFacts(
        draw(sentences),
        kind,
        started,
        finished,
        draw(st.none() | st.integers(0, 9999).map(lambda eighths: eighths / 8)),
        draw(st.none() | st.integers(0, 999)),
        draw(st.integers(0, 999)),
        draw(st.sampled_from([None, True, False])),
        bulk=draw(st.none() | st.integers(0, 99)),
    )


_notes = st.builds(ArticleNote, sentences, times, sentences)


def many_claims(count: int = 214) -> Record:
    """One article with so many claims, one a line, each with its source as an entity."""
    lines = [f"Official {n} said the bridge at kilometre {n} was open." for n in range(count)]
    text = "\n".join(lines)
    found, said, start = [], [], 0
    for n, line in enumerate(lines):
        cue, content = line.index(" said ") + 1, line.index("the bridge")
        source = Span(start, start + cue - 1)
        found.append(Entity(f"e{n}", source, "PERSON", verdict=Verdict.ADDED))
        said.append(
            Claim(
                f"c{n}",
                (Span(start + content, start + len(line) - 1),),
                (Span(start + cue, start + cue + 4),),
                (source,),
                source_entity=f"e{n}",
                verdict=Verdict.ACCEPTED,
            )
        )
        start += len(line) + 1
    return _record(text, *found, *said)


def _record(text: str, *made: Item, facts: ReviewFacts = REVIEWED) -> Record:
    for item in made:
        assert not list(problems(item, text)), list(problems(item, text))
    return _as_read(
        Record(
            Article(text, title="T"),
            SCHEME,
            review=facts,
            entities=_sorted(item for item in made if isinstance(item, Entity)),
            claims=_sorted(item for item in made if isinstance(item, Claim)),
            junk=_sorted(item for item in made if isinstance(item, Junk)),
        )
    )


def _sorted(items: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple(sorted(items, key=in_text_order))


def _as_read(record: Record) -> Record:
    """The record as a line of it would be read: what is derived or dropped there is so here."""
    return record_from_dict(record.to_dict())


def _nested() -> Record:
    text = "Ada Low said Bo Marsh of the Port Ellis Council had, she thought, left town.\nRead more"

    def at(words: str) -> Span:
        start = text.index(words)
        return Span(start, start + len(words))

    return _record(
        text,
        Entity("org", at("the Port Ellis Council"), "ORG", verdict=Verdict.ACCEPTED),
        Entity("place", at("Port Ellis"), "GPE", verdict=Verdict.ADDED, identity="port-ellis"),
        Entity("same", at("Port Ellis"), "ORG", verdict=Verdict.CORRECTED, note="twice"),
        Entity("over", at("Ellis Council had"), "DATE", verdict=Verdict.PENDING, score=0.25),
        Entity("ada", at("Ada Low"), "PERSON", verdict=Verdict.ACCEPTED, score=0.5),
        Claim(
            "outer",
            (at("Bo Marsh of the Port Ellis Council had, she thought, left town"),),
            (at("said"),),
            (at("Ada Low"),),
            source_kind=SourceKind.NAMED,
            source_entity="ada",
            verdict=Verdict.ACCEPTED,
        ),
        Claim(
            "inner",
            (at("Bo Marsh of the Port Ellis Council had"), at("left town")),
            (at("thought"),),
            (at("she "),),
            quotation=Quotation.MIXED,
            stance=Stance.JUDGES,
            certainty=Certainty.POSSIBLE,
            check_worthy=False,
            verdict=Verdict.CORRECTED,
            note="in two pieces",
        ),
        Claim("alone", (at("left town"),), tier=Tier.B, verdict=Verdict.ADDED),
        Claim("open", (at("left"),), (at("had"),), verdict=Verdict.PENDING, score=0.125),
        Junk("more", at("Read more"), JunkKind.RELATED_LINK, verdict=Verdict.ACCEPTED),
    )


def _every_script() -> Record:
    """A line of each script, with its first and last words as entities and a claim of the two."""
    found: list[Item] = []
    start = 0
    for number, line in enumerate(SCRIPTS):
        words = [Span(start + one.start(), start + one.end()) for one in finditer(r"\S+", line)]
        first, last = words[0], words[-1]
        found.append(Entity(f"f{number}", first, "PERSON", verdict=Verdict.ACCEPTED))
        found.append(Entity(f"l{number}", last, "ORG", verdict=Verdict.ADDED))
        found.append(Claim(f"c{number}", (last,), source=(first,), verdict=Verdict.ACCEPTED))
        start += len(line) + 1
    return _record("\n".join(SCRIPTS), *found)


def _tied() -> Record:
    """Claims tied to each other and to a claim of another article; identities with names, one of
    them in the words of the entity; a story."""
    one = many_claims(4)
    here = one.article.id
    ada, *others = one.entities
    named = replace(ada, identity="ada", suggested_by=("pipeline", "desk"))
    again = replace(others[0], identity="ada")
    return replace(
        one,
        entities=(named, again, *others[1:]),
        identities=(
            Identity("ada", "Official 0", "PERSON", "wikidata:Q1"),
            Identity("bo", "Bo Marsh", "PERSON"),
        ),
        story="bridge",
        ties=(
            Tie("c0", Relation.SAME, here, "c1", MadeBy.PIPELINE, Verdict.ACCEPTED, 0.75),
            Tie("c1", Relation.SUPPORTS, here, "c0"),
            Tie("c1", Relation.CONTRADICTS, "f" * 64, "c0"),
            Tie("c2", Relation.UNRELATED, here, "c3", verdict=Verdict.CORRECTED),
        ),
        suggesters=(SuggesterId("desk", "desk-en", "2", "beef"),),
    )


HARD_RECORDS: tuple[Record, ...] = (
    _record(SCRIPTS[0], Entity("t1", Span(12, 22), "NORP", verdict=Verdict.ADDED)),
    _record(SCRIPTS[1], Entity("t2", Span(19, 29), "PRODUCT", verdict=Verdict.ACCEPTED)),
    _record("Nothing in it.\n"),
    _nested(),
    _record(
        "Ada Low\nBo Marsh",
        Entity("over-lines", Span(4, 10), "PERSON", verdict=Verdict.ADDED),
        Entity("blank-edges", Span(3, 8), "PERSON", verdict=Verdict.ADDED),
    ),
    _record("Ada", Entity("open", Span(0, 3), "PERSON"), facts=ReviewFacts()),
    Record(Article("Read more", origin=Origin("a.txt")), SCHEME, None, Answer.SKIP, REVIEWED),
    Record(Article("Read more"), SCHEME, None, Answer.UNUSABLE, REVIEWED),
    Record(
        Article(
            "Ada Low left.", "Ada", "en", Origin("b.txt", outlet="O"), meta={"desk": [1, None]}
        ),
        SCHEME,
        PipelineId("annotator-en", "1.0", "0123abcd"),
        review=REVIEWED,
        entities=(
            Entity("p", Span(0, 7), "PERSON", None, MadeBy.PIPELINE, Verdict.ACCEPTED, score=0.75),
        ),
        notes=(ArticleNote("ada", EPOCH, "a remark"),),
    ),
    replace(_nested(), unknown=(Span(0, 7), Span(20, 30))),
    replace(_nested(), unknown=everything(_nested().article.text)),
    replace(
        _record("Ada Low left.", Entity(" e1 ", Span(0, 7), "PERSON", verdict=Verdict.ADDED)),
        claims=(Claim("\u00a0c1", (Span(8, 12),), source_entity=" e1 ", verdict=Verdict.ADDED),),
    ),
    many_claims(),
    _every_script(),
    _tied(),
)

MARKED = _record("\ufeffAda Low left.", Entity("e1", Span(1, 8), "PERSON", verdict=Verdict.ADDED))
"""A record of a text that begins with a byte order mark, which its offsets count."""
