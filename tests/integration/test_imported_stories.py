"""Stories and ties of records that are imported: they come back as they went out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from annotator.core.across.story_changes import create_story
from annotator.core.across.story_log import Story
from annotator.core.annotations import Verdict
from annotator.core.claim_ties import Relation, Tie
from annotator.core.decisions import accept, finish
from annotator.core.record import Record, SchemeId
from annotator.export.records import records
from annotator.store.store import Store
from tests.helpers.building import open_, press
from tests.helpers.ferry_stories import ALSO, FIRE, taken_in
from tests.helpers.importing import bring_in, write
from tests.helpers.stores import empty_store
from tests.integration.test_store_stories import SCHEME, decide, open_claim, relate_in


def exported(store: Store) -> list[Record]:
    """Two finished reviews of one story, whose claims are tied."""
    articles = tuple(taken_in(store, text) for text in (FIRE, ALSO))
    story = Story("s1", "The ferry", articles)
    decide(store, create_story(story))
    for article in articles:
        press(store, open_(store, article), accept(open_claim(store, article)), finish())
    relate_in(store, store.stories.open(story, "ada"), Relation.CONTRADICTS)
    return [*records(store, scheme=SCHEME)]


def said(some: list[Record]) -> list[dict[str, object]]:
    """What the records say, without who reviewed how."""
    return [
        {name: value for name, value in one.to_dict().items() if name not in ("review", "scheme")}
        for one in some
    ]


def test_stories_and_ties_survive_export_and_import(store: Store, tmp_path: Path) -> None:
    out = exported(store)
    assert sum(len(one.ties) for one in out) == 1
    there = empty_store(tmp_path / "there.db")
    file = write(tmp_path / "out.jsonl", out)
    assert bring_in(there, file, reviewer="ada").imported == 2
    back = [*records(there, scheme=SchemeId("news", "1"))]
    assert said(back) == said(out)
    again = bring_in(there, file, reviewer="ada")
    assert (again.known, again.refused) == (2, [])
    assert len(there.stories.log().decisions) == 1
    there.close()


def test_a_review_with_further_ties_here_is_known(store: Store, tmp_path: Path) -> None:
    out = exported(store)
    bare = write(tmp_path / "bare.jsonl", [replace(one, ties=()) for one in out])
    assert bring_in(store, bare, reviewer="ada").known == 2
    tied = Tie("c1", Relation.SAME, "a" * 64, "c9", verdict=Verdict.ADDED)
    more = write(tmp_path / "more.jsonl", [replace(out[0], ties=(*out[0].ties, tied))])
    assert len(bring_in(store, more, reviewer="ada").refused) == 1


def test_an_article_that_is_in_a_story_here_stays_in_it(store: Store, tmp_path: Path) -> None:
    out = exported(store)
    file = write(tmp_path / "other.jsonl", [replace(one, story="other") for one in out])
    bring_in(store, file, reviewer="ada")
    assert set(store.stories.of_articles().values()) == {"s1"}
    assert "other" not in store.stories.all().named
