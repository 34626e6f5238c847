"""Tying names to identities at the screen: offered with reasons, all of one form at once."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import Claim, Entity
from annotator.core.decisions import link
from annotator.store.store import Store
from tests.helpers.building import open_, press
from tests.helpers.items import entity, span
from tests.tui.desk import Desk, reviewing, take_in
from tests.tui.held_clock import NOON
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP
TEXT = """Envoy leaves

McGurk resigned on Friday. Brett McGurk said McGurk had no choice, and Mr McGurk left.
"""
BEFORE = "McGurk is the envoy.\n"
NAMES = (
    entity(TEXT, "McGurk", id="m0"),
    entity(TEXT, "Brett McGurk", id="b0"),
    entity(TEXT, "McGurk", nth=2, id="m1"),
    entity(TEXT, "McGurk", nth=3, id="m2"),
)
WIDE = (160, 30)


def tied_before(store: Store, identity: str = "one", *, words: str = BEFORE) -> None:
    """An article in which ra tied the surname to an identity."""
    article = take_in(store, words, [entity(words, "McGurk")], name=f"{identity}.txt")
    opened = open_(store, article, "ra", now=NOON)
    (name,) = opened.review.entities
    press(store, opened, link(name, replace(name, identity=identity)), now=NOON)
    store.reviews.release(article, "ra")


def identities(desk: Desk) -> dict[str, str | None]:
    return {one.id: one.identity for one in desk.review.entities}


async def test_a_new_identity_ties_all_of_one_form_at_once(store: Store) -> None:
    async with reviewing(store, TEXT, NAMES, size=WIDE) as desk:
        await desk.press("m")
        assert "ties 3 “McGurk” to" in desk.bar("prompt")
        await desk.press("n")
        tied = identities(desk)
        assert tied["m0"] is not None
        assert tied == {"m0": tied["m0"], "b0": None, "m1": tied["m0"], "m2": tied["m0"]}
        assert len({one.group for one in desk.review.decisions}) == 1
        await desk.press("p")
        assert "→ McGurk" in desk.bar("detail")
        (listed,) = store.identities.all()
        assert (listed.identity.name, listed.mentions) == ("McGurk", 3)


async def test_undo_takes_back_the_identity_too(store: Store) -> None:
    async with reviewing(store, TEXT, NAMES, size=WIDE) as desk:
        await desk.press("m", "n", "u")
        assert set(identities(desk).values()) == {None}
        assert not [*store.identities.all()]
        await desk.press("ctrl+r")
        assert [one.identity.name for one in store.identities.all()] == ["McGurk"]


async def test_identities_tied_here_are_offered_for_other_forms(store: Store) -> None:
    async with reviewing(store, TEXT, NAMES, size=WIDE) as desk:
        await desk.press("m", "n", "N", "m")
        assert "a McGurk PERSON · fuller name" in desk.bar("prompt")
        await desk.press("a")
        assert len(set(identities(desk).values())) == 1


async def test_a_name_tied_before_says_so_and_one_key_ties_it(store: Store) -> None:
    tied_before(store)
    async with reviewing(store, TEXT, NAMES, size=WIDE) as desk:
        assert "≈ McGurk, tied before by ra (=)" in desk.bar("detail")
        assert set(identities(desk).values()) == {None}
        await desk.press("=")
        assert identities(desk) == {"m0": "one", "b0": None, "m1": "one", "m2": "one"}


async def test_names_tied_to_two_before_are_offered_both(store: Store) -> None:
    tied_before(store)
    tied_before(store, "two", words=f"{BEFORE}Again.\n")
    async with reviewing(store, TEXT, NAMES, size=WIDE) as desk:
        assert "≈" not in desk.bar("detail")
        await desk.press("m")
        assert desk.bar("prompt").count("tied before by ra") == 2
        await desk.press("escape", "=")
        assert "Nobody is known by this name" in desk.bar("detail")
        assert set(identities(desk).values()) == {None}


async def test_a_letter_unties(store: Store) -> None:
    async with reviewing(store, TEXT, NAMES, size=WIDE) as desk:
        await desk.press("m", "n", "m")
        assert "(now → McGurk)" in desk.bar("prompt")
        await desk.press("x")
        assert set(identities(desk).values()) == {None}


SAID = Claim(
    "c0",
    content=(span(TEXT, "McGurk had no choice"),),
    cue=(span(TEXT, "said"),),
    source=(span(TEXT, "Brett McGurk"),),
    source_entity="b0",
)


async def test_on_a_claim_the_name_that_speaks_is_tied(store: Store) -> None:
    async with reviewing(store, TEXT, (*NAMES, SAID), size=WIDE) as desk:
        await desk.focus_claim()
        await desk.press("m")
        assert "ties 1 “Brett McGurk” to" in desk.bar("prompt")
        await desk.press("n")
        tied = identities(desk)
        assert [id for id, identity in tied.items() if identity] == ["b0"]
        assert isinstance(desk.state.item, Claim)
        await desk.press("u")
        assert set(identities(desk).values()) == {None}


async def test_a_claim_of_nobody_says_which_key_names_its_speaker(store: Store) -> None:
    unsaid = replace(SAID, source_entity=None, source=())
    async with reviewing(store, TEXT, (*NAMES, unsaid), size=WIDE) as desk:
        await desk.focus_claim()
        for key in ("m", "="):
            await desk.press(key)
            assert "Nobody is known to speak in this claim" in desk.bar("detail")
        assert not desk.review.decisions


async def test_only_a_name_can_be_tied(store: Store) -> None:
    async with reviewing(store, TEXT, ()) as desk:
        await desk.press("m")
        assert "Focus an entity first" in desk.bar("detail")


async def test_ties_of_others_in_this_article_are_not_shown(store: Store) -> None:
    article = take_in(store, TEXT, NAMES)
    opened = open_(store, article, "ra", now=NOON)
    name = opened.review.entities[0]
    assert isinstance(name, Entity)
    press(store, opened, link(name, replace(name, identity="one")), now=NOON)
    around = store.identities.around(article, TEXT, NAMES)
    assert [dict(one.tied) for one in around.known] == [{}]
