"""No attribute goes out in a finished record that no screen shows: asked of every schema field.

A field that a reviewer answers for is varied while all else stays, and the screen must differ.
"""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from annotator.core.across.identity_candidates import IdentitiesAround
from annotator.core.across.identity_log import Identity
from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
)
from annotator.core.article import Article
from annotator.core.decisions import accept, finish, note_article
from annotator.core.record import PipelineId, Record, SchemeId
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.core.review import Review
from annotator.core.reviewing.identity_commands import NamesInReview
from annotator.export.records import record_of as export_record
from annotator.store.store import Store
from annotator.tui.review.state import InFocus
from tests.helpers.items import span
from tests.helpers.strategies import stamped
from tests.tui.desk import ROOT, TEXT, Desk, reviewing
from tests.tui.held_clock import NOON
from tests.tui.one_app import one_app

SCHEME = SchemeId("news", "1")
SCHEMA = json.loads((ROOT / "schema" / "record.schema.json").read_text("utf-8"))
PERSON = Entity("e", span(TEXT, "Ilva Marrow"), "PERSON", made_by=MadeBy.PIPELINE, score=0.9)
SHE = Entity("she", span(TEXT, "Greyline Ferries"), "ORG", made_by=MadeBy.PIPELINE, score=0.9)
SAYS = Claim(
    "c",
    (span(TEXT, "that Greyline Ferries had asked"),),
    (span(TEXT, "said on Tuesday"),),
    (span(TEXT, "Ilva Marrow, the harbour master"),),
    made_by=MadeBy.PIPELINE,
    score=0.9,
)
ADVERT = Junk("j", span(TEXT, "Advertisement"), JunkKind.AD_MARKER, MadeBy.PIPELINE, score=0.8)
HARBOUR = (span(TEXT, "harbour master"),)

# Two values of each field that a reviewer answers for, as items that differ in nothing else.
ENTITY: dict[str, tuple[Entity, ...]] = {
    "start": (PERSON, replace(PERSON, span=span(TEXT, "Marrow"))),
    "end": (PERSON, replace(PERSON, span=span(TEXT, "Ilva"))),
    "label": (PERSON, replace(PERSON, label="ORG")),
    "identity": (PERSON, replace(PERSON, identity="wikidata:Q1")),
    "score": (PERSON, replace(PERSON, score=0.7)),
    "note": (PERSON, replace(PERSON, note="check the spelling")),
    "suggested_by": tuple(
        replace(PERSON, suggested_by=by) for by in ((), ("pipeline",), ("desk",), ("desk", "new"))
    ),
}
CLAIM: dict[str, tuple[Claim, ...]] = {
    "content": (SAYS, replace(SAYS, content=(span(TEXT, "Greyline Ferries had asked"),))),
    "cue": (SAYS, replace(SAYS, cue=())),
    "source": (SAYS, replace(SAYS, source=HARBOUR)),
    **{
        attribute.name: tuple(
            replace(SAYS, **{attribute.name: attribute.read(value)}) for value in attribute.values
        )
        for attribute in CLAIM_ATTRIBUTES
    },
    "score": (SAYS, replace(SAYS, score=0.7)),
    "note": (SAYS, replace(SAYS, note="hedged")),
}
JUNK: dict[str, tuple[Junk, ...]] = {
    "start": (ADVERT, replace(ADVERT, span=span(TEXT, "vertisement"))),
    "end": (ADVERT, replace(ADVERT, span=span(TEXT, "Advert"))),
    "kind": tuple(replace(ADVERT, kind=kind) for kind in JunkKind),
    "score": (ADVERT, replace(ADVERT, score=0.5)),
    "note": (ADVERT, replace(ADVERT, note="twice")),
}
SHOWN: dict[str, dict[str, tuple[Any, ...]]] = {"entity": ENTITY, "claim": CLAIM, "junk": JUNK}

# What needs no screen: what is computed from the rest, and how the item came about.
COMPUTED = {
    "entity": {"id", "text", "made_by"},
    "claim": {"id", "parent", "entities", "tier", "made_by"},
    "junk": {"id", "text", "made_by"},
}
# Shown by tests of their own, below.
BELOW = {"entity": {"verdict"}, "claim": {"verdict", "source_entity"}, "junk": {"verdict"}}

# Of the record: what the review screen shows; what file and program say of themselves.
ON_SCREEN = {
    "text",
    "title",
    "answer",
    "entities",
    "claims",
    "junk",
    "rejected",
    "offered",
    "notes",
    "unknown",  # said when a finished review is opened: see test_review_finishing.py
}
OF_ITSELF = {
    *("format", "id", "language", "also_from", "origin", "meta", "scheme", "pipeline", "review"),
    "suggesters",
    "identities",  # shown by the test below
    *("story", "ties"),  # decided on the board, not where the article is reviewed
}


@pytest.mark.parametrize("kind", SHOWN)
def test_every_field_of_an_item_is_covered(kind: str) -> None:
    asked = set(SHOWN[kind]) | COMPUTED[kind] | BELOW[kind]
    assert asked == set(SCHEMA["$defs"][kind]["properties"])


def test_every_field_of_a_record_is_covered() -> None:
    assert set(SCHEMA["properties"]) == ON_SCREEN | OF_ITSELF


@one_app
@pytest.mark.parametrize("kind", SHOWN)
async def test_every_field_that_a_reviewer_sets_is_visible(store: Store, kind: str) -> None:
    async with reviewing(store, TEXT, (), size=(80, 24)) as desk:
        for field, values in SHOWN[kind].items():
            seen = {await screen_with(desk, item) for item in values}
            assert (field, len(seen)) == (field, len(values))


async def screen_with(desk: Desk, item: Item) -> str:
    """All that the screen draws while `item`, alone in its review, is in focus."""
    state, session = desk.state, desk.state.session
    empty = replace(session.review, suggestions=(), held=MappingProxyType({}))
    session.review = type(empty).of(empty.article, empty.reviewer, (item,))
    state.focus, state.last_focus = InFocus(), None
    state.listed.arrange(session.review)
    desk.screen.page.lines.message = ""
    desk.view.set_text(TEXT, ())
    desk.work.listing.show()
    desk.work.navigation.draw_marks(item.id)
    desk.work.navigation.focus_on(item.id)
    await desk.settle()
    return drawn(desk)


def drawn(desk: Desk) -> str:
    """Every line of the screen with its colours, as the terminal gets it."""
    return "\n".join(
        repr([(segment.text, str(segment.style)) for segment in strip])
        for strip in desk.app.screen._compositor.render_strips()
    )


@one_app
@pytest.mark.parametrize("item", [PERSON, SAYS, ADVERT], ids=["entity", "claim", "junk"])
async def test_the_outcome_of_an_item_is_visible(store: Store, item: Item) -> None:
    async with reviewing(store, TEXT, (item,)) as desk:
        seen = [drawn(desk)]
        for key in ("a", "x"):
            await desk.press(key)
            desk.work.navigation.focus_on(item.id)
            await desk.settle()
            seen.append(drawn(desk))
            await desk.press("u")
        assert len(set(seen)) == 3


@one_app
async def test_items_accepted_in_bulk_are_visible(store: Store) -> None:
    both = (PERSON, SHE)
    async with reviewing(store, TEXT, both, size=(120, 24)) as desk:
        article = desk.review.article
        desk.work.decider.decide(*map(accept, both), seen=True)
        desk.work.navigation.focus_on(PERSON.id)
        await desk.settle()
        assert "accepted in bulk" in desk.bar("detail")
        await desk.press("a")
        desk.work.navigation.focus_on(PERSON.id)
        await desk.settle()
        assert "in bulk" not in desk.bar("detail")
        desk.work.decider.decide(finish(), seen=True)
        await desk.settle()
        assert "finished, 1 accepted in bulk" in desk.bar("header")
        done = export_record(desk.store, desk.store.reviews.get(article, "ada"), SCHEME)
        assert done.review.bulk == 1


@one_app
async def test_notes_on_the_article_are_visible(store: Store) -> None:
    async with reviewing(store, TEXT, (PERSON,), size=(160, 30)) as desk:
        desk.work.decider.decide(note_article("ada", NOON, "ask the desk"), seen=True)
        assert "ask the desk" in desk.bar("header")
        desk.work.decider.decide(note_article("ada", NOON, "asked"), seen=True)
        assert "asked (and 1 more)" in desk.bar("header")


@one_app
async def test_every_field_of_an_identity_is_visible(store: Store) -> None:
    tied = replace(PERSON, identity="i")
    asked = SCHEMA["properties"]["identities"]["items"]["properties"].keys() - {"id"}
    fields = {"name": "Ilva M. Marrow", "type": "ORG", "link": "wikidata:Q1"}
    assert asked == fields.keys()
    async with reviewing(store, TEXT, (), size=(120, 24)) as desk:
        plain = Identity("i", "Ilva Marrow", "PERSON")
        for field, value in {"": "", **fields}.items():
            identity = replace(plain, **{field: value}) if field else plain
            desk.state.names = NamesInReview(IdentitiesAround(named={"i": identity}))
            fields[field] = await screen_with(desk, tied)
    assert len(set(fields.values())) == 4


def record_of(claim: Claim, *, shown: bool) -> Record:
    """The record of a review in which all was accepted; who speaks was `shown`, or as before."""
    article = Article(TEXT)
    items: tuple[Item, ...] = (PERSON, SHE, claim)
    review = Review.of(article.id, "ada", items)
    done = finish(folded=(), showed_speakers=True) if shown else finish()
    review = review.decide(*stamped([*(accept(item) for item in items), done], review))
    return Record.of(article, review, scheme=SCHEME, pipeline=PipelineId("en", "1", "0"))


@pytest.mark.parametrize(
    ("speaker", "source", "goes_out"),
    [
        ("e", SAYS.source, "e"),
        ("e", (span(TEXT, "Ilva Marrow"),), "e"),
        ("e", (span(TEXT, "Ilva Marrow"), *HARBOUR), "e"),
        ("e", HARBOUR, None),
        ("e", (span(TEXT, "Marrow, the harbour master"),), None),
        ("e", (), None),
        ("she", SAYS.source, None),
        ("gone", SAYS.source, None),
        (None, SAYS.source, None),
    ],
)
def test_reviews_of_earlier_versions_export_who_speaks_inside_the_source_alone(
    speaker: str | None, source: Any, goes_out: str | None
) -> None:
    claim = replace(SAYS, source=source, source_entity=speaker)
    (written,) = record_of(claim, shown=False).to_dict()["claims"]
    assert written["source_entity"] == goes_out


@one_app
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@pytest.mark.parametrize(
    ("speaker", "source"),
    [
        ("e", SAYS.source),
        ("e", HARBOUR),
        ("e", ()),
        ("she", SAYS.source),
        ("gone", SAYS.source),
        (None, SAYS.source),
    ],
)
async def test_who_speaks_is_exported_exactly_as_shown(
    store: Store, speaker: str | None, source: Any, size: tuple[int, int]
) -> None:
    claim = replace(SAYS, source=source, source_entity=speaker)
    names = {"e": "Ilva Marrow", "she": "Greyline Ferries"}
    async with reviewing(store, TEXT, (PERSON, SHE, claim), size=size) as desk:
        desk.work.navigation.focus_on(claim.id)
        await desk.settle()
        name = names.get(speaker or "", "")
        assert (f"→ {name}" in desk.drawn("detail")) == bool(name)
        assert "→" in desk.drawn("detail") or not name
        article = desk.review.article
        await desk.press("A")
        done = export_record(desk.store, desk.store.reviews.get(article, "ada"), SCHEME)
        (written,) = done.to_dict()["claims"]
        assert written["source_entity"] == (speaker if name else None)


def test_who_speaks_in_a_folded_claim_stays_inside_the_source() -> None:
    claim = replace(SAYS, source_entity="she")
    review = Review.of(Article(TEXT).id, "ada", (PERSON, SHE, claim))
    done = finish(folded=["c"], showed_speakers=True)
    review = review.decide(*stamped([done], review))
    pipeline = PipelineId("en", "1", "0")
    record = Record.of(Article(TEXT), review, scheme=SCHEME, pipeline=pipeline)
    assert [one.source_entity for one in record.offered] == [None]


def test_an_article_that_nobody_reviewed_is_written_as_the_pipeline_left_it() -> None:
    claim = replace(SAYS, source=HARBOUR, source_entity="e")
    record = Record.unreviewed(Article(TEXT), (PERSON, claim), scheme=SCHEME, pipeline=None)
    assert record.to_dict()["claims"][0]["source_entity"] == "e"
