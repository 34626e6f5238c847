"""Revisions, near-duplicates and rejected files in the report."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from annotator.cli.report import fitted
from annotator.cli.report_figures import report_figures
from annotator.cli.report_lines import report_lines
from annotator.core.arrival import PIPED, Rejection
from annotator.core.article import identity_of
from annotator.core.decisions import accept
from annotator.core.text.sentence_alignment import Why
from annotator.store.linking.minhash import bands_of
from annotator.store.store import Store
from tests.helpers.building import NOW, TEXT, arrival, open_, press, ready, suggest
from tests.helpers.items import entity
from tests.helpers.near_duplicates import link_alike
from tests.helpers.revisions import seeds

STORY = seeds()[0].article.text


def test_carried_decisions_are_counted(store: Store) -> None:
    old = TEXT.replace("She", "Ida Roe")
    store.files.take_in([arrival("/inbox/one.txt", old)])
    suggest(store, {identity_of(old): [entity(old, "Ada Low"), entity(old, "Ida Roe")]})
    opened = open_(store, identity_of(old))
    press(store, opened, *map(accept, opened.review.items))
    new = old.replace("nothing", "little")
    store.files.take_in([arrival("/inbox/one.txt", new)])
    suggest(store, {})
    open_(store, identity_of(new))
    result = report_figures(store, NOW)
    assert result["carried_over"] == {
        "reviews": 1,
        "carried": 1,
        "not_carried": {Why.CHANGED.value: 1},
    }
    said = list(report_lines(result))
    assert "1 decision carried over from earlier texts into 1 review" in said
    assert "  1 not carried over: its sentence was changed" in said


def test_a_rejected_file_is_named_by_its_path_below_the_inbox(store: Store) -> None:
    files = ("/inbox/a.txt", "/inbox/sub/deep/b.txt", "/elsewhere/c.txt", f"{PIPED}0000")
    store.files.take_in(
        [
            replace(arrival(path, inode=n), rejection=Rejection("It is empty.", "Save it."))
            for n, path in enumerate(files)
        ]
    )
    result = report_figures(store, NOW, inbox="/inbox")
    assert {(file["name"], file["path"]) for file in result["rejected"]} == {
        ("a.txt", "a.txt"),
        ("b.txt", "sub/deep/b.txt"),
        ("c.txt", "/elsewhere/c.txt"),
        ("standard input", "standard input"),
    }
    said = "\n".join(report_lines(result))
    assert "    sub/deep/b.txt (0 bytes, read 20" in said


def test_near_duplicates_are_counted(store: Store) -> None:
    texts = (STORY, f"{STORY}\nMore to come.\n")
    link_alike(store, {ready(store, text, []): bands_of(text) for text in texts})
    result = report_figures(store, NOW)
    assert result["alike"] == 1
    assert "1 pair of near-duplicate articles" in report_lines(result)


def test_long_lines_are_broken_between_words_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = "    a.txt (1,024 bytes, read 2018-12-19 09:00): It is no article. Save the whole page."
    assert [*fitted([words])] == [words]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "48")
    lines = [*fitted(["short", words])]
    assert lines[0] == "short"
    assert max(map(len, lines)) <= 48
    assert lines[1].startswith("    a.txt ")
    assert lines[2].startswith(" " * 8)
    assert " ".join(" ".join(lines[1:]).split()) == words.strip()
