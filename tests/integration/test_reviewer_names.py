"""Reviewers with similar names are two people, with a file each."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.decisions import accept, finish
from annotator.core.record import SchemeId
from annotator.export import FinishedWriter, file_name
from annotator.store.store import Store
from tests.helpers.building import open_, press, ready

SCHEME = SchemeId("annotator", "1")
COMPOSED, APART = "Zo\u00e9", "Zoe\u0301"
NAMES = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("e\u0301\u00e9a\u030a\u212b%~./")
    ),
    min_size=1,
    max_size=100,
)


@given(NAMES, NAMES)
def test_no_two_names_share_a_file(one: str, other: str) -> None:
    names = [file_name("a" * 64, name) for name in (one, other)]
    # Some file systems write every name in the same form.
    forms = {unicodedata.normalize("NFC", name) for name in names}
    assert len(forms) == len({one, other})
    assert all("/" not in name and len(name.encode()) <= 255 for name in names)


@given(NAMES)
def test_two_encodings_of_a_name_are_two_names(name: str) -> None:
    composed, apart = (unicodedata.normalize(form, name) for form in ("NFC", "NFD"))
    assert (file_name("a" * 64, composed) == file_name("a" * 64, apart)) == (composed == apart)


def test_both_reviewers_have_their_record(store: Store, tmp_path: Path) -> None:
    article = ready(store)
    for reviewer in (COMPOSED, APART):
        opened = open_(store, article, reviewer, reviews_per_article=2)
        press(store, opened, accept(opened.review.suggestions[0]), finish())
    assert FinishedWriter(store, tmp_path, scheme=SCHEME)() == 2
    assert FinishedWriter(store, tmp_path, scheme=SCHEME)() == 0
    held = [json.loads(file.read_text("utf-8")) for file in tmp_path.glob("*.jsonl")]
    assert {one["review"]["reviewer"] for one in held} == {COMPOSED, APART}


def test_a_file_of_an_earlier_version_is_renamed(store: Store, tmp_path: Path) -> None:
    article = ready(store)
    opened = open_(store, article, APART)
    press(store, opened, accept(opened.review.suggestions[0]), finish())
    writer = FinishedWriter(store, tmp_path, scheme=SCHEME)
    assert writer() == 1
    (file,) = tmp_path.glob("*.jsonl")
    file.rename(tmp_path / file_name(article, COMPOSED))
    FinishedWriter(store, tmp_path, scheme=SCHEME)()
    assert [path.name for path in tmp_path.glob("*.jsonl")] == [file_name(article, APART)]
