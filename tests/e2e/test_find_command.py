"""`find` and `lint` as users call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.annotations import Claim, SourceKind
from annotator.core.article import identity_of
from annotator.core.decisions import accept, finish, relabel
from annotator.store.store import Store
from tests.e2e.conftest import Annotator
from tests.helpers.building import open_, press, ready
from tests.helpers.damage import damage_suggestions
from tests.helpers.items import as_entity, entity, span

pytestmark = pytest.mark.usefixtures("forked", "database")
TEXT = "Łódź waits\n\nThe ferry is late, said Ada Low on the quay of Łódź.\x1b[31m\n"
AGAIN = "Łódź again.\n"


def test_hits_are_printed_in_context_below_the_name_of_their_article(
    annotator: Annotator, tmp_path: Path
) -> None:
    articles(tmp_path / "desk")
    printed = annotator("find", "lodz", environment={"COLUMNS": "60"})
    assert printed.out.splitlines() == [
        f"{identity_of(AGAIN)[:12]}  Łódź again.",
        "                    [Łódź] again.",
        f"{identity_of(TEXT)[:12]}  Łódź waits",
        "                    [Łódź] waits",
        "    …on the quay of [Łódź].␦[31m",
    ]
    assert printed.err == "3 hits in 2 articles\n"
    assert all(len(line) < 60 for line in printed.out.splitlines())


def test_json_has_exact_offsets(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk")
    (hit,) = annotator("find", "the", "fer*", "--json").result["hits"]
    assert hit == {
        "article": identity_of(TEXT),
        "start": 12,
        "end": 21,
        "left": "",
        "text": "The ferry",
        "right": TEXT[21:-1],
        "name": "Łódź waits",
        "label": None,
        "source": None,
    }


def test_marked_items_are_found(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk")
    (said,) = annotator("find", "--source", "low", "--json").result["hits"]
    assert (said["text"], said["source"]) == ("The ferry is late", "Ada Low")
    (cue,) = annotator("find", "said", "--cue", "--json").result["hits"]
    assert (cue["text"], cue["source"]) == ("said", "Ada Low")
    places = annotator("find", "--label", "gpe", "--json").result["hits"]
    assert [(one["text"], one["label"]) for one in places] == [("Łódź", "GPE")]
    assert "Ada Low  " in annotator("find", "--source", "low").out


@pytest.mark.parametrize("words", ['"', "***", "AND NEAR(", "👍", "a" * 10_000, "\udcff\udcfe"])
def test_odd_words_find_nothing_and_are_no_error(
    annotator: Annotator, tmp_path: Path, words: str
) -> None:
    articles(tmp_path / "desk")
    found = annotator("find", "--json", "--", words)
    assert (found.status, found.result) == (0, {"hits": []})
    assert annotator("find", "--", words).out == ""


def test_something_must_be_looked_for(annotator: Annotator) -> None:
    assert annotator("find").status == 2
    assert annotator("find", "x", "--cue", "--label", "GPE").status == 2
    assert "no HARBOUR" in annotator("find", "--label", "HARBOUR").err


def test_findings_name_the_keys_that_mend_them(annotator: Annotator, tmp_path: Path) -> None:
    articles(tmp_path / "desk")
    finished(tmp_path / "desk")
    found = annotator("lint", "--json").result["findings"]
    assert [(one["kind"], one["article"], one["start"], one["end"]) for one in found] == [
        ("two-labels", identity_of(TEXT), 59, 63)
    ]
    assert (found[0]["reviewer"], found[0]["keys"]) == ("ada", ["l", "*"])
    printed = annotator("lint")
    assert "“Łódź” is GPE here, LOC once" in printed.out
    assert printed.err == "1 finding: 1 two-labels\n"
    assert annotator("lint", "--kind", "edges", "--json").result == {"findings": []}
    assert annotator("lint", "--reviewer", "bo", "--json").result == {"findings": []}
    wrong = annotator("lint", "--kind", "nope")
    assert (wrong.status, "Value error" in wrong.err) == (2, False)
    assert "'nope' is not one of two-labels, two-types, edges" in " ".join(wrong.err.split())


def test_damaged_articles_are_named_and_the_rest_is_searched(
    annotator: Annotator, tmp_path: Path
) -> None:
    articles(tmp_path / "desk")
    finished(tmp_path / "desk")
    store = Store.open(f"sqlite:///{tmp_path / 'desk'}/annotator.db")
    damage_suggestions(store, identity_of(TEXT))
    store.close()
    found = annotator("find", "--label", "LOC", "--json")
    assert found.status == 1
    assert [one["text"] for one in found.result["hits"]] == ["Łódź"]
    assert identity_of(TEXT) in found.err
    linted = annotator("lint", "--json")
    assert (linted.status, linted.result) == (1, {"findings": []})


def articles(workspace: Path) -> None:
    store = Store.open(f"sqlite:///{workspace}/annotator.db")
    ada = entity(TEXT, "Ada Low", id="e1")
    said = Claim(
        "c1", (span(TEXT, "The ferry is late"),), (span(TEXT, "said"),), (ada.span,),
        source_kind=SourceKind.NAMED,
    )  # fmt: skip
    ready(store, TEXT, [ada, entity(TEXT, "Łódź", "GPE", nth=1), said])
    ready(store, AGAIN, [entity(AGAIN, "Łódź", "ORG")])
    store.close()


def finished(workspace: Path) -> None:
    """Both articles finished, with one town under two labels."""
    store = Store.open(f"sqlite:///{workspace}/annotator.db")
    opened = open_(store, identity_of(TEXT))
    press(store, opened, *map(accept, opened.review.items), finish())
    opened = open_(store, identity_of(AGAIN))
    press(store, opened, relabel(as_entity(opened.review.items[0]), "LOC"), finish())
    store.close()
