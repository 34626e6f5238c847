"""`identities` and `find --identity` as users call them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.article import identity_of
from annotator.core.decisions import link
from annotator.store.store import Store
from tests.e2e.conftest import Annotator
from tests.helpers.building import open_, press, ready
from tests.helpers.items import entity

pytestmark = pytest.mark.usefixtures("forked", "database")
TEXT = "Brett McGurk left, and McGurk said why.\n"
AGAIN = "Brett McGurk is back.\n"
ONE = "5f6d1a2b-0000-4000-8000-000000000000"


def articles(folder: Path, *, tied: bool = True) -> None:
    """Two articles; in one, the full name is tied to an identity."""
    store = Store.open(f"sqlite:///{folder / 'annotator.db'}")
    names = [entity(TEXT, "Brett McGurk"), entity(TEXT, "McGurk", nth=1)]
    first = ready(store, TEXT, names)
    ready(store, AGAIN, [entity(AGAIN, "Brett McGurk")])
    if tied:
        opened = open_(store, first)
        name = opened.review.entities[0]
        press(store, opened, link(name, replace(name, identity=ONE)))
    store.close()


def test_names_are_proposed_with_their_evidence(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk", tied=False)
    result = annotator("identities", "--json").result
    (proposal,) = result["proposals"]
    assert result["identities"] == []
    assert proposal["forms"] == [
        {"form": "Brett McGurk", "count": 2},
        {"form": "McGurk", "count": 1},
    ]
    assert [one["why"] for one in proposal["evidence"]] == ["surname of"]
    assert proposal["articles"] == 2


def test_identities_have_forms_counts_and_articles(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk")
    result = annotator("identities", "--json").result
    assert result["identities"] == [
        {
            "id": ONE,
            "name": "Brett McGurk",
            "type": "PERSON",
            "link": None,
            "note": None,
            "forms": [{"form": "brett mcgurk", "count": 1}],
            "mentions": 1,
            "articles": 1,
        }
    ]
    assert [one["identities"] for one in result["proposals"]] == [[ONE]]
    printed = annotator("identities").out
    assert "Brett McGurk: 1 mention in 1 article" in printed
    assert "mcgurk – brett mcgurk: surname of" in printed or (
        "brett mcgurk – mcgurk: surname of" in printed
    )


def test_proposals_say_how_many_articles_they_are_from(
    annotator: Annotator, tmp_path: Path
) -> None:
    articles(tmp_path / "desk")
    printed = annotator("identities", "--newest", "1")
    assert "the newest 1 of 2 articles" in printed.err


def test_mentions_of_an_identity_are_found(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk")
    (hit,) = annotator("find", "--identity", ONE[:6], "--json").result["hits"]
    assert (hit["article"], hit["start"], hit["text"]) == (identity_of(TEXT), 0, "Brett McGurk")
    assert hit["label"] == "PERSON"
    assert "[Brett McGurk] left" in annotator("find", "--identity", ONE).out
    wrong = annotator("find", "--identity", "zz")
    assert (wrong.status, "No identity has the id 'zz'" in wrong.err) == (1, True)
    assert annotator("find", "--identity", ONE, "words").status == 2


def test_an_alias_file_is_taken_in_and_out(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk", tied=False)
    file = tmp_path / "names.jsonl"
    file.write_text('{"name": "Brett McGurk", "aliases": ["McGuir"]}\n[]\n\n{"name": 3}\n')
    came = annotator("identities", "--add", str(file), "--json")
    assert (came.status, came.result["added"]) == (1, 2)
    assert [(one["line"], one["file"]) for one in came.result["refused"]] == [
        (2, "names.jsonl"),
        (4, "names.jsonl"),
    ]
    file.write_text('{"name": "Brett McGurk", "aliases": ["McGuir"]}\n')
    known = annotator("identities", "--add", str(file), "--json")
    assert (known.status, known.result["added"]) == (0, 0)
    assert annotator("identities", "--remove", str(file), "--json").result["removed"] == 2
    assert annotator("identities", "--add", str(tmp_path)).status == 1
