"""Identities in the store: links in reviews, decisions on identities, what holds by both."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from annotator.core.across import identity_changes as changes
from annotator.core.across.identity_candidates import candidates
from annotator.core.across.identity_changes import IdentityChange, IdentityPress
from annotator.core.across.identity_log import Identity, form_of
from annotator.core.decisions import Change, accept, link, reject
from annotator.errors import ReviewError, StoreError
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from tests.helpers.building import NOW, at, open_, press, ready
from tests.helpers.items import as_entity, entity
from tests.helpers.many_articles import counted
from tests.helpers.store_caches import assert_identities_are_right

FIRST = "Brett McGurk left, and McGurk said why.\n"
SECOND = "The envoy McGurk is back.\n"
FULL, SURNAME = form_of("Brett McGurk", "PERSON"), form_of("McGurk", "PERSON")
_numbers: Iterator[int] = count()


def new_id() -> str:
    return f"n{next(_numbers)}"


def article(store: Store, words: str = FIRST) -> str:
    names = ("Brett McGurk", "McGurk")
    places = [(name, nth) for name in names for nth in range(words.count(name))]
    found = [entity(words, name, nth=nth, id=f"{name[0]}{nth}") for name, nth in places]
    if len(found) == 3:
        found.pop(1)  # the surname within the full name
    return ready(store, words, found)


def tie(
    store: Store, opened: OpenedReview, identity: str | None, *, places: Sequence[int] = (0,)
) -> OpenedReview:
    """Tie the entities at these places to an identity, by one key press."""
    own = [opened.review.entities[place] for place in places]
    return press(store, opened, *(link(one, replace(one, identity=identity)) for one in own))


def undo(store: Store, opened: OpenedReview) -> OpenedReview:
    change = opened.review.undo()
    assert change
    return press(store, opened, change)


def redo(store: Store, opened: OpenedReview) -> OpenedReview:
    change = opened.review.redo()
    assert change
    return press(store, opened, change)


def decide(store: Store, *made: IdentityChange, who: str = "ra", seconds: float = 60) -> None:
    press = IdentityPress(new_id(), who, at(seconds))
    store.identities.decide(made, press, new_id)


def take_back(store: Store, who: str = "ra") -> int:
    return len(store.identities.undo(IdentityPress(new_id(), who, at(90)), new_id))


def named(store: Store) -> dict[str, str]:
    return {one.identity.id: one.identity.name for one in store.identities.all()}


def around(store: Store, words: str, opened: str = "") -> dict[str, str]:
    """The names of the identities that a name may be, with why."""
    form = form_of(words, "PERSON")
    found = store.identities.around(opened, words, [entity(words, words)])
    return {one.identity.name: one.why for one in candidates(form, found.known)}


def test_a_link_makes_the_identity_it_names_called_by_the_entity(store: Store) -> None:
    tie(store, open_(store, article(store)), "one")
    (listed,) = store.identities.all()
    assert listed.identity == Identity("one", "Brett McGurk", "PERSON")
    assert (listed.forms, listed.mentions, listed.articles) == (((FULL, 1),), 1, 1)
    assert_identities_are_right(store)


def test_undo_of_a_link_takes_the_identity_back_and_redo_returns_it(store: Store) -> None:
    opened = undo(store, tie(store, open_(store, article(store)), "one"))
    assert named(store) == {}
    redo(store, opened)
    assert named(store) == {"one": "Brett McGurk"}
    assert_identities_are_right(store)


def test_an_id_that_is_written_like_a_form_makes_no_identity(store: Store) -> None:
    tie(store, open_(store, article(store)), FULL)
    assert named(store) == {}


def test_an_identity_that_others_use_stays(store: Store) -> None:
    opened = tie(store, open_(store, article(store)), "one")
    tie(store, open_(store, article(store, SECOND)), "one")
    undo(store, opened)
    assert named(store) == {"one": "Brett McGurk"}
    (listed,) = store.identities.all()
    assert listed.mentions == 1


def test_a_rejected_or_untied_entity_is_no_mention(store: Store) -> None:
    opened = tie(store, open_(store, article(store)), "one", places=(0, 1))
    opened = press(store, opened, reject(opened.review.entities[0]))
    (listed,) = store.identities.all()
    assert listed.forms == ((SURNAME, 1),)
    tie(store, opened, None, places=(0,))
    (listed,) = store.identities.all()
    assert listed.mentions == 0
    assert_identities_are_right(store)


def test_a_name_tied_before_is_known_in_other_articles_only(store: Store) -> None:
    here = article(store)
    tie(store, open_(store, here), "one", places=(0, 1))
    assert around(store, "McGurk") == {"Brett McGurk": "tied before by ada"}
    assert around(store, "McGurk", here) == {"Brett McGurk": "surname of"}
    assert around(store, "Brett McGuirk") == {"Brett McGurk": "other script or spelling"}
    assert around(store, "Ada Low") == {}


def test_mentions_stand_in_their_context_the_newest_article_first(store: Store) -> None:
    tie(store, open_(store, article(store)), "one", places=(0, 1))
    tie(store, open_(store, article(store, SECOND)), "one")
    found = store.identities.mentions("one")
    assert [one.hit.text for one in found] == ["McGurk", "Brett McGurk", "McGurk"]
    assert found[0].hit.left == "The envoy "
    assert found[0].reviewers == ("ada",)
    assert len(store.identities.mentions("one", limit=2)) == 2


def test_mentions_of_what_is_merged_are_those_of_the_other(store: Store) -> None:
    tie(store, open_(store, article(store)), "one")
    tie(store, open_(store, article(store, SECOND)), "two")
    decide(store, changes.merge("two", "one"))
    assert named(store) == {"one": "Brett McGurk"}
    assert len(store.identities.mentions("one")) == 2
    assert around(store, "McGurk") == {"Brett McGurk": "tied before by ada"}
    assert_identities_are_right(store)
    assert take_back(store) == 1
    assert named(store) == {"one": "Brett McGurk", "two": "McGurk"}
    assert_identities_are_right(store)


def test_a_split_takes_the_mentions_of_its_form(store: Store) -> None:
    opened = tie(store, open_(store, article(store)), "one", places=(0, 1))
    other = Identity("two", "Ann McGurk", "PERSON")
    decide(store, changes.create(other), changes.split(SURNAME, was="one", now="two"))
    assert [len(store.identities.mentions(id)) for id in ("one", "two")] == [1, 1]
    undone = tie(store, opened, None, places=(1,))
    press(store, undone, _tied_later(undone, "one"), now=at(120))
    assert [len(store.identities.mentions(id)) for id in ("one", "two")] == [2, 0]
    assert_identities_are_right(store)


def _tied_later(opened: OpenedReview, identity: str) -> Change:
    one = as_entity(opened.review.entities[1])
    return link(one, replace(one, identity=identity))


def test_a_form_tied_to_an_identity_is_known_in_every_pending_article(store: Store) -> None:
    made = Identity("one", "Brett McGurk", "PERSON")
    decide(store, changes.create(made), changes.merge(SURNAME, "one"))
    assert around(store, "McGurk") == {"Brett McGurk": "tied before by ra"}
    decide(store, changes.differ(form_of("McGuir", "PERSON"), "one"))
    assert around(store, "McGuir") == {}
    assert store.identities.apart() == {frozenset((form_of("McGuir", "PERSON"), "one"))}


def test_names_of_an_alias_file_are_offered_and_taken_out(store: Store) -> None:
    daesh = Identity("wikidata:Q2429253", "Islamic State", "ORG", "wikidata:Q2429253")
    rows = [("daesch", daesh), ("islamic state", daesh)]
    assert store.identities.add_aliases(rows) == 2
    assert store.identities.add_aliases(rows) == 0
    text = "Daesch left."
    one = entity(text, "Daesch", "ORG")
    found = store.identities.around("", text, [one]).known
    assert [(known.identity, known.stands) for known in found] == [(daesh, False)]
    tie(store, open_(store, ready(store, text, [one])), daesh.id)
    assert named(store) == {daesh.id: "Islamic State"}
    assert store.identities.remove_aliases(rows) == 2
    assert named(store) == {daesh.id: "Islamic State"}


def test_decisions_on_identities_are_never_changed(store: Store) -> None:
    decide(store, changes.create(Identity("one", "One", "PERSON")))
    for statement in ("DELETE FROM identity_decision", "UPDATE identity_decision SET kind = 'x'"):
        with pytest.raises(StoreError, match="never changed"), store.database.writing() as c:
            c.execute(text(statement))


def test_what_does_not_fit_is_not_stored(store: Store) -> None:
    decide(store, changes.create(Identity("one", "One", "PERSON")))
    with pytest.raises(ReviewError):
        decide(store, changes.merge("one", "nobody"))
    assert take_back(store) == 1
    assert take_back(store) == 0


def test_purging_removes_names_that_only_the_article_had(store: Store) -> None:
    name, other = article(store), article(store, SECOND)
    opened = tie(store, open_(store, name), "one")
    tie(store, opened, "both", places=(1,))
    tie(store, open_(store, other), "both")
    store.purge.article(name, by="carol", now=NOW)
    assert named(store) == {"both": "McGurk"}
    with store.database.reading() as connection:
        logged = connection.execute(select(t.identity_decision.c.target)).scalars().all()
        forms = connection.execute(select(t.name_key.c.form).distinct()).scalars().all()
    assert (logged, forms) == (["both"], [SURNAME])
    assert_identities_are_right(store)
    decisions_stay = pytest.raises(StoreError, match="never changed")
    with decisions_stay, store.database.writing() as connection:
        connection.execute(text("DELETE FROM identity_decision"))


def test_a_decision_touches_as_much_in_a_large_store_as_in_a_small_one(tmp_path: Path) -> None:
    store, one = Store.open(f"sqlite:///{tmp_path / 'counted.db'}"), "one"

    def cost() -> int:
        with counted(store) as counts:
            decide(store, changes.merge(SURNAME, one), seconds=next(_numbers))
        return counts.statements

    decide(store, changes.create(Identity(one, "Brett McGurk", "PERSON")))
    small = cost()
    for n in range(40):
        decide(store, changes.create(Identity(new_id(), f"Person Number{n}", "PERSON")))
    assert take_back(store) == 1
    decide(store, changes.split(SURNAME, was=one, now=_new(store)))
    assert cost() <= small + 1
    store.close()


def _new(store: Store) -> str:
    id = new_id()
    decide(store, changes.create(Identity(id, "Somebody Else", "PERSON")))
    return id


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("tie", "tie", "untie", "accept", "reject", "undo", "redo", "merge",
                         "split", "form", "back", "again")),
        st.integers(0, 1),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=14,
)  # fmt: skip
Act = tuple[str, int, int, int]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(ACTS)
def test_caches_agree_with_the_logs(store: Store, acts: list[Act]) -> None:
    texts = [f"{words}{new_id()}\n" for words in (FIRST, SECOND)]
    opened = [open_(store, article(store, words)) for words in texts]
    ids = [new_id() for _ in range(3)]
    for act in acts:
        _act(store, opened, ids, act)
    assert_identities_are_right(store)


def _act(store: Store, opened: list[OpenedReview], ids: list[str], act: Act) -> None:
    verb, n, one, other = act
    review = opened[n].review
    item = as_entity(next(iter(review.held.values())).item)
    now = at(next(_numbers))
    pressed = {
        "tie": link(item, replace(item, identity=ids[one])),
        "untie": link(item, replace(item, identity=None)),
        "accept": accept(item),
        "reject": reject(item),
        "undo": review.undo(),
        "redo": review.redo(),
    }
    decided = {
        "merge": changes.merge(ids[one], ids[other]),
        "split": changes.split(SURNAME, was=ids[one], now=ids[other]),
        "form": changes.merge(SURNAME, ids[one]),
    }
    with contextlib.suppress(ReviewError):
        if verb in decided:
            decide(store, decided[verb], seconds=next(_numbers))
        elif verb in ("back", "again"):
            take = store.identities.undo if verb == "back" else store.identities.redo
            take(IdentityPress(new_id(), "ra", now), new_id)
        elif (change := pressed[verb]) is not None:
            opened[n] = press(store, opened[n], change, now=now)
