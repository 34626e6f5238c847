"""The identities: proposals taken, identities merged, split, renamed and kept apart, by keys."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from annotator.core.across import identity_changes as changes
from annotator.core.across.identity_changes import IdentityPress
from annotator.core.across.identity_log import Identity, form_of
from annotator.core.decisions import link
from annotator.store.identities.open_proposals import ProposalsWanted, ProposedIdentities
from annotator.store.store import Store
from annotator.tui.identities import identity_loading
from annotator.tui.identities.identities_screen import IdentitiesScreen
from annotator.tui.identities.identity_loading import ReadingStopped
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.review.review_screen import ReviewScreen
from tests.helpers.building import open_, press
from tests.helpers.items import as_entity, entity
from tests.tui.desk import Desk, at_desk, drawn, reviewing, take_in
from tests.tui.held_clock import NOON

TEXT = "Envoy leaves\n\nBrett McGurk resigned, and McGurk said why in Manbij.\n"
OTHER = "Manbij waits\n\nBrett McGurk was in Manbij on Monday.\n"
NAMES = (
    entity(TEXT, "Brett McGurk"),
    entity(TEXT, "McGurk", nth=1),
    entity(TEXT, "Manbij", "GPE"),
)
OTHERS = (entity(OTHER, "Brett McGurk"), entity(OTHER, "Manbij", "GPE", nth=1))
FULL, SURNAME = form_of("Brett McGurk", "PERSON"), form_of("McGurk", "PERSON")


def two(store: Store) -> tuple[str, str]:
    return take_in(store, TEXT, NAMES, minutes=9), take_in(store, OTHER, OTHERS, minutes=1)


def tie(store: Store, article: str, place: int, identity: str) -> None:
    """Tie one of the entities of an article to an identity, as ra does."""
    opened = open_(store, article, "ra", now=NOON)
    one = as_entity(opened.review.entities[place])
    press(store, opened, link(one, replace(one, identity=identity)), now=NOON)
    store.reviews.release(article, "ra")


async def opened(desk: Desk, key: str = "M") -> IdentitiesScreen:
    await desk.press(key)
    await desk.until(lambda: isinstance(desk.app.screen, IdentitiesScreen))
    screen = desk.app.screen
    assert isinstance(screen, IdentitiesScreen)
    await ready(desk, screen)
    return screen


async def ready(desk: Desk, screen: IdentitiesScreen) -> None:
    """Waits until everything is loaded, and the mentions are those of the entry."""
    loaded, workers = screen.loaded, desk.app.workers
    await desk.until(lambda: screen.takes_keys and loaded.proposed is not None and not workers)
    await desk.settle()


async def pressed(desk: Desk, screen: IdentitiesScreen, *keys: str) -> None:
    await desk.press(*keys)
    await ready(desk, screen)


def lines(screen: IdentitiesScreen) -> list[str]:
    return [" ".join(line.split()) for line in drawn(screen.listed) if line]


def named(store: Store) -> dict[str, str]:
    return {one.identity.name: one.identity.id for one in store.identities.all()}


async def test_proposals_come_first_with_their_evidence_and_mentions(store: Store) -> None:
    two(store)
    async with at_desk(store, size=(120, 40)) as desk:
        screen = await opened(desk)
        assert lines(screen) == [
            "Proposed",
            "▌PERSON 3 in 2 art. Brett McGurk McGurk",
            "GPE 2 in 2 art. Manbij",
        ]
        assert "surname of" in desk.bar("why")
        texts = [one.hit.text for one in screen.mentions.found]
        assert sorted(texts) == ["Brett McGurk", "Brett McGurk", "McGurk"]
        assert "2 proposed, 0 identities" in desk.bar("counts")


async def test_its_keys_can_be_changed(store: Store) -> None:
    two(store)
    keys = {"identities_take": "y", "identities_undo": "z", "identities_down": "d"}
    async with at_desk(store, keys=keys) as desk:
        screen = await opened(desk)
        await pressed(desk, screen, "a")
        assert "a does nothing here" in desk.bar("counts")
        await pressed(desk, screen, "d", "y")
        assert list(named(store)) == ["Manbij"]
        assert "z undoes." in desk.bar("counts")
        await pressed(desk, screen, "z")
        assert not named(store)


async def test_proposals_come_from_more_articles_when_asked_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity_loading, "NEWEST", 1)
    two(store)
    async with at_desk(store) as desk:
        screen = await opened(desk)
        assert "of the newest 1 article" in screen.loaded.counted
        few = len(screen.loaded.entries)
        await pressed(desk, screen, "+")
        assert "newest" not in screen.loaded.counted
        assert len(screen.loaded.entries) > few
        await pressed(desk, screen, "+")
        assert "All articles have been read." in desk.bar("counts")


async def test_leaving_ends_the_reading_of_articles(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    two(store)
    left, ended = threading.Event(), list[bool]()
    read = store.identities.proposed

    def read_once_left(wanted: ProposalsWanted) -> ProposedIdentities:
        left.wait(20)
        try:
            return read(wanted)
        except ReadingStopped:
            ended.append(True)
            raise

    monkeypatch.setattr(store.identities, "proposed", read_once_left)
    async with at_desk(store) as desk:
        await desk.press("M")
        await desk.until(lambda: isinstance(desk.app.screen, IdentitiesScreen))
        await desk.until(lambda: desk.app.screen.query("#counts"))
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, QueueScreen))
        left.set()
        await desk.until(lambda: bool(ended))


async def test_a_proposal_taken_is_an_identity_that_pending_articles_know(store: Store) -> None:
    two(store)
    async with at_desk(store, size=(120, 40)) as desk:
        screen = await opened(desk)
        await pressed(desk, screen, "a")
        assert list(named(store)) == ["Brett McGurk"]
        assert "Identities" in lines(screen)
        known = store.identities.around("", "McGurk", [entity("McGurk", "McGurk")]).known
        assert [dict(one.tied) for one in known] == [{FULL: "ada", SURNAME: "ada"}]
        await pressed(desk, screen, "u")
        assert named(store) == {}
        assert len(screen.loaded.entries.proposals) == 2
        await pressed(desk, screen, "ctrl+r")
        assert list(named(store)) == ["Brett McGurk"]


async def test_names_that_differ_are_never_proposed_again(store: Store) -> None:
    two(store)
    async with at_desk(store, size=(120, 40)) as desk:
        screen = await opened(desk)
        await pressed(desk, screen, "x", "b")
        assert store.identities.apart() == {frozenset((FULL, SURNAME))}
        await pressed(desk, screen, "escape")
        screen = await opened(desk)
        assert lines(screen)[1:] == [
            "▌GPE 2 in 2 art. Manbij",
            "PERSON 2 in 2 art. Brett McGurk",
        ]


async def test_identities_are_merged_and_split(store: Store) -> None:
    first, second = two(store)
    tie(store, first, 1, "one")
    tie(store, second, 0, "two")
    async with at_desk(store, size=(120, 40)) as desk:
        screen = await opened(desk)
        screen.listed.move_to_key("identity one", tell=True)
        await pressed(desk, screen, "m")
        assert any("merge ▸" in line for line in lines(screen))
        screen.listed.move_to_key("identity two", tell=True)
        await pressed(desk, screen, "m")
        assert named(store) == {"Brett McGurk": "two"}
        assert {one.hit.text for one in screen.mentions.found} == {"Brett McGurk", "McGurk"}
        await pressed(desk, screen, "s", "b")
        assert sorted(named(store)) == ["Brett McGurk", "Mcgurk"]


async def test_an_identity_is_renamed_and_gets_a_type_a_link_and_a_note(store: Store) -> None:
    first, _ = two(store)
    tie(store, first, 1, "one")
    async with at_desk(store, size=(120, 40)) as desk:
        screen = await opened(desk)
        screen.listed.move_to_key("identity one", tell=True)
        await pressed(desk, screen, "r", *"!", "enter", "t", "o")
        await pressed(desk, screen, "l", *"wikidata:Q1", "enter", ";", *"envoy", "enter")
        (listed,) = store.identities.all()
        wanted = Identity("one", "McGurk!", listed.identity.type, "wikidata:Q1", "envoy")
        assert listed.identity == wanted
        assert listed.identity.type != "PERSON"
        assert "wikidata:Q1 envoy" in " ".join(desk.bar("why").split())


async def test_identities_kept_apart_are_said_to_differ(store: Store) -> None:
    made = [Identity(id, f"{id} Low", "PERSON") for id in ("Ada", "Bo")]
    all_made = IdentityPress("g", "ra", NOON)
    store.identities.decide([changes.create(one) for one in made], all_made, iter("de").__next__)
    async with at_desk(store, size=(120, 40)) as desk:
        screen = await opened(desk)
        await pressed(desk, screen, "m", "down", "x")
        assert store.identities.apart() == {frozenset(("Ada", "Bo"))}


async def test_an_article_opens_at_the_mention_and_leaving_it_comes_back(store: Store) -> None:
    two(store)
    async with at_desk(store, size=(120, 40)) as desk:
        screen = await opened(desk)
        await desk.press("tab", "down", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.focused() in ("Brett McGurk", "McGurk")
        await desk.press("q")
        await desk.until(lambda: desk.app.screen is screen)
        await ready(desk, screen)
        await desk.press("escape")
        assert isinstance(desk.app.screen, QueueScreen)


async def test_from_a_review_a_mention_in_it_is_shown(store: Store) -> None:
    async with reviewing(store, TEXT, NAMES, size=(120, 40)) as desk:
        screen = await opened(desk)
        assert screen.mentions.found
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        assert desk.focused() in ("Brett McGurk", "McGurk")


async def test_decisions_on_identities_hold_in_the_open_review(store: Store) -> None:
    async with reviewing(store, TEXT, NAMES, size=(160, 40)) as desk:
        screen = await opened(desk)
        await pressed(desk, screen, "a")
        await desk.press("escape")
        await desk.settle()
        assert "≈ Brett McGurk, tied before by ada (=)" in desk.bar("detail")


async def test_an_empty_store_says_so(store: Store) -> None:
    async with at_desk(store) as desk:
        screen = await opened(desk)
        await desk.press("a")
        assert "There is nothing here yet" in desk.bar("counts")
        await desk.press("enter")
        assert "There is no mention to open" in desk.bar("counts")
        assert lines(screen) == ["No identity yet, and no names seem to be of one."]
