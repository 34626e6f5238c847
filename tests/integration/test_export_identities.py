"""Identities in what is exported: as they are now, in files of finished reviews too, and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from annotator.core.across import identity_changes as changes
from annotator.core.across.identity_changes import IdentityChange, IdentityPress
from annotator.core.across.identity_log import Identity
from annotator.core.decisions import accept, finish, link
from annotator.core.record import Record
from annotator.export.finished import FinishedWriter
from annotator.export.records import RecordFilter, records
from annotator.formats.jsonl import record_of
from annotator.store.store import Store
from tests.helpers.building import NOW, at, open_, press, ready
from tests.helpers.importing import SCHEME, bring_in, write

TEXT = "Ada Low met Bo Marsh in Port Ellis.\n"
LOW = Identity("low", "Ada Low", "PERSON")
ADA = Identity("ada", "Ada M. Low", "PERSON", "wikidata:Q1")


def finished(store: Store) -> str:
    """A finished review in which Ada Low is tied to an identity."""
    article = ready(store, TEXT)
    opened = open_(store, article)
    name = opened.review.entities[0]
    tied = link(name, replace(name, identity="low"))
    opened = press(store, opened, tied)
    press(store, opened, *(accept(one) for one in opened.review.entities), finish(), now=at(5))
    return article


def decide(store: Store, *made: IdentityChange, number: int = 1) -> None:
    ids = iter(f"d{number}-{n}" for n in range(9))
    store.identities.decide(made, IdentityPress(f"g{number}", "ra", at(9)), ids.__next__)


def exported(store: Store, wanted: RecordFilter | None = None) -> Record:
    (record,) = records(store, scheme=SCHEME, wanted=wanted or RecordFilter())
    return record


def test_a_record_names_the_identities_of_its_entities(store: Store) -> None:
    finished(store)
    record = exported(store)
    assert record.identities == (LOW,)
    assert record.entities[0].identity == "low"
    assert exported(store, RecordFilter(labels=frozenset(("GPE",)))).identities == ()


def test_merged_identities_are_exported_as_what_they_are_now(store: Store) -> None:
    finished(store)
    decide(store, changes.create(ADA), changes.merge("low", "ada"))
    record = exported(store)
    assert record.identities == (ADA,)
    assert record.entities[0].identity == "ada"


def test_files_of_finished_reviews_follow_what_is_decided_on_identities(
    store: Store, tmp_path: Path
) -> None:
    finished(store)
    writer = FinishedWriter(store, tmp_path / "finished", scheme=SCHEME)
    assert writer() == 1
    assert writer() == 0
    decide(store, changes.rename(LOW, replace(LOW, name="Ada L. Low")))
    assert writer() == 1
    (file,) = (tmp_path / "finished").iterdir()
    assert record_of(file.read_bytes().strip()).identities[0].name == "Ada L. Low"
    store.identities.undo(IdentityPress("u", "ra", NOW), lambda: "u1")
    assert writer() == 1


def test_identities_come_in_with_records(store: Store, tmp_path: Path) -> None:
    finished(store)
    decide(store, changes.create(ADA), changes.merge("low", "ada"))
    file = write(tmp_path / "out.jsonl", [exported(store)])
    other = Store.open(f"sqlite:///{tmp_path / 'other.db'}")
    assert bring_in(other, file, reviewer="ada").suggested == 0
    (listed,) = other.identities.all()
    assert (listed.identity, listed.mentions) == (ADA, 1)
    assert exported(other).identities == (ADA,)
    other.close()
