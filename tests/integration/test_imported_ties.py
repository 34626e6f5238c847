"""Stories, identities and ties come into the store from every format that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import Claim, Entity, Verdict
from annotator.core.claim_ties import Relation, Tie
from annotator.core.record import Record
from annotator.export.records import records
from annotator.formats import format_named
from annotator.formats.base import Losses
from annotator.importing.found_records import Sources
from annotator.importing.import_batches import Whose, import_files
from annotator.importing.label_mapping import Naming
from annotator.store.store import Store
from tests.helpers.building import NOW
from tests.helpers.importing import SCHEME, bring_in
from tests.helpers.items import record_of, span
from tests.helpers.stores import empty_store
from tests.helpers.strategies import LABELS

TEXT, ALSO = "Ada Low said it burned and smoked.", "It did not burn, Ada Low said."


def entity(text: str) -> Entity:
    return Entity("e1", span(text, "Ada Low"), "PERSON", "ada", verdict=Verdict.ADDED)


def claim(text: str, name: str, words: str) -> Claim:
    return Claim(name, (span(text, words),), (span(text, "said"),), verdict=Verdict.ADDED)


BARE = record_of(TEXT, entity(TEXT), claim(TEXT, "c1", "burned"), claim(TEXT, "c2", "smoked"))
OTHER = record_of(ALSO, entity(ALSO), claim(ALSO, "c1", "It did not burn"))
WITHIN = Tie("c2", Relation.SUPPORTS, BARE.article.id, "c1")
BEYOND = Tie("c1", Relation.CONTRADICTS, OTHER.article.id, "c1")
NAMED = Identity("ada", "Ada M. Low", "PERSON", "wikidata:Q1")
RECORDS = (
    replace(BARE, ties=(BEYOND, WITHIN), story="s1", identities=(NAMED,)),
    replace(OTHER, story="s1", identities=(NAMED,)),
)


def written(name: str, place: Path, some: Sequence[Record]) -> Path:
    form = format_named(name)
    path = place / f"out{form.suffix}"
    if form.writer:
        with path.open("wb") as stream:
            form.write(some, stream, Losses())
    else:
        path.mkdir()
        form.write_folder(some, path, Losses())
    return path


def exported(store: Store) -> dict[str, Record]:
    return {one.article.text: one for one in records(store, scheme=SCHEME)}


@pytest.mark.parametrize("name", ["jsonl", "spacy", "hf", "label-studio", "prodigy", "brat"])
def test_records_of_a_format_are_imported_and_exported(name: str, tmp_path: Path) -> None:
    form = format_named(name)
    store = empty_store(tmp_path / "there.db")
    file = written(name, tmp_path, RECORDS)
    first = bring_in(store, file, reviewer="ada", format=name)
    assert (first.imported, first.refused) == (2, [])
    again = bring_in(store, file, reviewer="ada", format=name)
    assert (again.known, again.refused) == (2, [])
    out = exported(store)
    for one in RECORDS:
        held, back = form.expected(one), out[one.article.text]
        assert held is not None
        assert (back.story, back.identities, back.ties) == (held.story, held.identities, held.ties)
    (listed,) = store.identities.all()
    assert (listed.identity, listed.mentions) == (NAMED, 2)
    assert len(store.stories.log().decisions) == (name != "brat")
    store.close()


def test_fields_that_suggestions_cannot_have_are_reported(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "there.db")
    sources = Sources((written("label-studio", tmp_path, RECORDS),), received=NOW)
    import_files(sources, store=store, naming=Naming(LABELS), whose=Whose(), now=NOW)
    assert sources.notes.lines() == [
        f"out.json: {what} cannot be suggestions; use --as reviewer"
        for what in ("ties of claims", "names of identities")
    ]
    # The article is on its event, whoever decides on its items.
    assert set(store.stories.of_articles().values()) == {"s1"}
    store.close()


def test_a_deleted_claim_leaves_a_finished_review(tmp_path: Path) -> None:
    """Somebody deletes a claim in Label Studio: its ties go, and the review stays finished."""
    store = empty_store(tmp_path / "there.db")
    file = written("label-studio", tmp_path, RECORDS[:1])
    lines = file.read_text().replace("claim/c1/", "claim/c7/")
    file.write_text(lines)
    done = bring_in(store, file, reviewer="ada")
    assert [one.reason for one in done.refused] == ["tie of 'c1': the claim 'c1' is not there"]
    (back,) = exported(store).values()
    new = replace(WITHIN, other="c7")
    assert [(tie.pair, tie.relation) for tie in back.ties] == [(new.pair, new.relation)]
    store.close()


def test_ties_go_with_claims_that_are_too_long_to_import(tmp_path: Path) -> None:
    """The longest items of an article are refused where they hold too many words in all."""
    text = "Ada Low said it burned. " + "x " * 3_000
    whole = span(text, text.strip())
    many = [Claim(f"w{n}", (whole,), verdict=Verdict.ADDED) for n in range(25)]
    one = record_of(text, claim(text, "c1", "burned"), *many)
    ties = tuple(Tie("c1", Relation.SAME, one.article.id, each.id) for each in many)
    store = empty_store(tmp_path / "there.db")
    file = written("label-studio", tmp_path, [replace(one, ties=ties)])
    assert bring_in(store, file, reviewer="ada", partial=True).imported == 1
    (back,) = exported(store).values()
    kept = {each.id for each in back.claims}
    assert {tie.other for tie in back.ties} == kept - {"c1"}
    assert len(kept) < len(one.claims)
    store.close()
