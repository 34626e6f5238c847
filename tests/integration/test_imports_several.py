"""Several annotators of one text: each item is imported or refused by line, and names its
annotator."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity, Verdict
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts
from annotator.errors import RecordError
from annotator.export import records
from annotator.importing import import_batches
from annotator.importing.found_records import Sources
from annotator.importing.import_batches import Whose, import_files
from annotator.importing.label_mapping import Naming
from annotator.store.store import Store
from tests.helpers.building import NOW, open_, press, ready, suggest, waiting
from tests.helpers.examples import examples
from tests.helpers.importing import SCHEME, bring_in, record, write
from tests.helpers.items import entity
from tests.helpers.store_caches import assert_caches_are_right

TEXT = "Ada met Bo and Cy in Oslo."
PLACES = {"Ada": Span(0, 3), "Bo": Span(8, 10), "Cy": Span(15, 17), "Oslo": Span(21, 25)}
NUMBERS = itertools.count(1)


def by(who: str | None, *words: str, text: str = TEXT, **changes: Any) -> Record:
    """Who marked these words as persons."""
    found = (
        Entity(f"e{n}", PLACES[word], "PERSON", verdict=Verdict.ACCEPTED)
        for n, word in enumerate(words, 1)
    )
    facts = ReviewFacts(who, "import", NOW, NOW)
    return replace(Record(Article(text), SCHEME, review=facts, entities=tuple(found)), **changes)


def prodigy(path: Path, rows: Iterable[tuple[str | None, Sequence[str]]], text: str = TEXT) -> Path:
    """A file of Prodigy's with a task for each: who, and which words."""
    tasks = [
        {
            "text": text,
            "_annotator_id": who,
            "_view_id": "ner_manual",
            "spans": [
                {"start": PLACES[w].start, "end": PLACES[w].end, "label": "PERSON"} for w in words
            ],
            "answer": "accept",
        }
        for who, words in rows
    ]
    path.write_text("\n".join(map(json.dumps, tasks)))
    return path


def label_studio(path: Path, rows: Iterable[tuple[int | None, Sequence[str]]]) -> Path:
    """A file of Label Studio's with one task and an annotation for each."""
    annotations = [
        {
            "completed_by": who,
            "result": [
                {
                    "id": word,
                    "from_name": "label",
                    "to_name": "text",
                    "type": "labels",
                    "value": {
                        "start": PLACES[word].start,
                        "end": PLACES[word].end,
                        "text": word,
                        "labels": ["PERSON"],
                    },
                }
                for word in words
            ],
        }
        for who, words in rows
    ]
    path.write_text(json.dumps([{"id": 1, "data": {"text": TEXT}, "annotations": annotations}]))
    return path


def suggested(store: Store, text: str = TEXT) -> dict[str, str | None]:
    """The words that are suggested, and what is noted beside each."""
    opened = open_(store, Article(text).id)
    return {item.span.of(text): item.note for item in opened.review.items}


def reviewed(store: Store) -> dict[str | None, set[str]]:
    """The words that each reviewer's finished review has."""
    return {
        one.review.reviewer: {item.span.of(one.article.text) for item in one.entities}
        for one in records(store, scheme=SCHEME)
    }


# As suggestions


def test_merged_suggestions_name_their_annotators(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [by("ada", "Ada", "Bo"), by("bo", "Bo", "Cy")])
    done = bring_in(store, file)
    assert (done.imported, done.refused) == (2, [])
    assert suggested(store) == {"Ada": "by ada", "Bo": "by ada; by bo", "Cy": "by bo"}
    assert_caches_are_right(store)


@pytest.mark.parametrize("form", [prodigy, label_studio])
def test_suggestions_of_other_tools_are_merged_too(store: Store, tmp_path: Path, form: Any) -> None:
    bring_in(store, form(tmp_path / "a.json", [(1, ["Ada"]), (2, ["Bo"])]))
    assert set(suggested(store)) == {"Ada", "Bo"}


def test_a_repeated_import_is_known(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [by("ada", "Ada"), by("bo", "Bo")])
    bring_in(store, file)
    again = bring_in(store, file)
    assert (again.imported, again.known, again.refused) == (0, 2, [])


def test_files_of_several_reviewers_are_merged(store: Store, tmp_path: Path) -> None:
    files = [write(tmp_path / f"{who}.jsonl", [by(who, word)]) for who, word in ABC]
    for file in files:
        assert bring_in(store, file).imported == 1
    assert suggested(store) == {"Ada": None, "Bo": "by bo", "Cy": "by cy"}
    store.reviews.release(Article(TEXT).id, "ada")
    assert [bring_in(store, file).known for file in files] == [1, 1, 1]


ABC = (("ada", "Ada"), ("bo", "Bo"), ("cy", "Cy"))


def test_files_of_two_tools_are_merged_too(store: Store, tmp_path: Path) -> None:
    bring_in(store, prodigy(tmp_path / "a.jsonl", [("ada", ["Ada"])]))
    bring_in(store, label_studio(tmp_path / "b.json", [(2, ["Bo"])]))
    assert set(suggested(store)) == {"Ada", "Bo"}


def test_small_batches_lose_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_batches, "BATCH", 1)
    bring_in(store, write(tmp_path / "a.jsonl", [by(who, word) for who, word in ABC]))
    assert set(suggested(store)) == {"Ada", "Bo", "Cy"}


@pytest.mark.parametrize("answer", [Answer.SKIP, Answer.UNUSABLE])
@pytest.mark.parametrize("first", [True, False])
def test_a_skipped_article_removes_nothing(
    store: Store, tmp_path: Path, answer: Answer, first: bool
) -> None:
    rows = [by("ada", "Ada"), by("bo", answer=answer)]
    bring_in(store, write(tmp_path / "a.jsonl", rows[:: -1 if first else 1]))
    assert set(suggested(store)) == {"Ada"}


def test_an_empty_annotation_removes_no_suggestion(store: Store, tmp_path: Path) -> None:
    ready(store, TEXT, items=[entity(TEXT, "Oslo")])
    done = bring_in(store, write(tmp_path / "a.jsonl", [by("ada", answer=Answer.SKIP)]))
    assert (done.known, set(suggested(store))) == (1, {"Oslo"})


def test_an_empty_annotation_does_not_prevent_suggestions(store: Store, tmp_path: Path) -> None:
    (name,) = waiting(store, TEXT)
    bring_in(store, write(tmp_path / "a.jsonl", [by("ada", answer=Answer.SKIP)]))
    assert suggest(store, {name: [entity(TEXT, "Oslo")]}) == 1


def test_suggestions_of_a_program_never_replace_those_of_people(
    store: Store, tmp_path: Path
) -> None:
    machine = replace(
        record(review=ReviewFacts(), rejected=()), article=Article(TEXT), entities=_open("Oslo")
    )
    bring_in(store, write(tmp_path / "a.jsonl", [by("ada", "Ada")]))
    bring_in(store, write(tmp_path / "b.jsonl", [machine]))
    assert set(suggested(store)) == {"Ada", "Oslo"}


def _open(*words: str) -> tuple[Entity, ...]:
    return tuple(Entity(f"m{word}", PLACES[word], "GPE") for word in words)


def test_new_suggestions_keep_those_of_people(store: Store, tmp_path: Path) -> None:
    other = ready(store)
    bring_in(store, write(tmp_path / "a.jsonl", [by("ada", "Ada")]))
    assert store.work.suggest_again() == 1
    assert suggest(store, {other: [], Article(TEXT).id: []}) == 1
    assert set(suggested(store)) == {"Ada"}


# As finished reviews


def test_each_annotator_gets_a_review(store: Store, tmp_path: Path) -> None:
    done = bring_in(
        store, prodigy(tmp_path / "a.jsonl", [("ada", ["Ada"]), ("bo", ["Bo"])]), each=True
    )
    assert (done.imported, dict(done.by), done.refused) == (2, {"ada": 1, "bo": 1}, [])
    assert reviewed(store) == {"ada": {"Ada"}, "bo": {"Bo"}}
    assert_caches_are_right(store)


def test_each_label_studio_annotator_gets_a_review(store: Store, tmp_path: Path) -> None:
    bring_in(store, label_studio(tmp_path / "a.json", [(1, ["Ada"]), (2, ["Bo"])]), each=True)
    assert reviewed(store) == {"1": {"Ada"}, "2": {"Bo"}}


def test_annotators_of_one_batch_are_kept_apart(store: Store, tmp_path: Path) -> None:
    other = TEXT + " Then?"
    rows = [by("ada", "Ada"), by("bo", "Bo", text=other), by("ada", "Cy", text=other)]
    bring_in(store, write(tmp_path / "a.jsonl", rows), each=True)
    found = [
        (one.review.reviewer, [e.span.of(TEXT) for e in one.entities], one.article.text == TEXT)
        for one in records(store, scheme=SCHEME)
    ]
    assert sorted(found) == [
        ("ada", ["Ada"], True),
        ("ada", ["Cy"], False),
        ("bo", ["Bo"], False),
    ]
    assert_caches_are_right(store)


def test_reviews_of_the_same_annotators_are_known(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [by("ada", "Ada"), by("bo", "Bo")])
    bring_in(store, file, each=True)
    assert bring_in(store, file, each=True).known == 2


def test_an_annotator_who_skipped_has_a_review(store: Store, tmp_path: Path) -> None:
    rows = [by("ada", "Ada"), by("bo", answer=Answer.SKIP)]
    bring_in(store, write(tmp_path / "a.jsonl", rows), each=True)
    answers = {one.review.reviewer: one.answer for one in records(store, scheme=SCHEME)}
    assert answers == {"ada": Answer.ACCEPT, "bo": Answer.SKIP}
    assert reviewed(store)["ada"] == {"Ada"}


def test_files_without_annotators_need_a_name(store: Store, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="do not say who") as caught:
        bring_in(store, write(tmp_path / "a.jsonl", [by(None, "Ada")]), each=True)
    assert "--as reviewer NAME" in caught.value.hint
    assert store.queue.counts().articles == 0


@pytest.mark.parametrize("name", ["x" * 101, "ada\u202e", "a\tb"])
def test_an_invalid_name_refuses_its_line(store: Store, tmp_path: Path, name: str) -> None:
    rows = [by("ada", "Ada"), by(name, "Bo", text=TEXT + "."), by(None, "Cy", text=TEXT + "!")]
    done = bring_in(store, write(tmp_path / "a.jsonl", rows), each=True)
    assert (done.imported, [one.line for one in done.refused]) == (1, [2, 3])


def test_as_one_reviewer_the_others_are_refused_with_advice(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [by("bo", "Bo"), by("cy", "Cy")])
    done = bring_in(store, file, reviewer="ada")
    assert (done.imported, [one.line for one in done.refused]) == (1, [2])
    assert "the work of cy" in done.refused[0].reason
    assert "--as reviewer without a name" in done.refused[0].reason
    assert reviewed(store) == {"ada": {"Bo"}}


def test_existing_reviews_are_kept(store: Store, tmp_path: Path) -> None:
    opened = open_(store, ready(store, TEXT), "ada")
    press(store, opened)
    done = bring_in(
        store, write(tmp_path / "a.jsonl", [by("ada", "Ada"), by("bo", "Bo")]), each=True
    )
    assert [one.reason for one in done.refused] == ["ada has this article open"]
    assert reviewed(store) == {"bo": {"Bo"}}


# Whatever they say


_words = st.lists(st.sampled_from(sorted(PLACES)), unique=True, max_size=4).map(sorted)
_copies = st.lists(
    st.tuples(st.sampled_from(["ada", "bo", "cy", None]), _words), min_size=1, max_size=5
)


@examples(15)
@given(copies=_copies, tool=st.booleans())
def test_every_item_of_a_file_is_imported_or_refused(
    copies: list[tuple[str | None, list[str]]], tool: bool, store: Store, tmp_path: Path
) -> None:
    text = f"{TEXT} {next(NUMBERS)}"
    if tool:  # Prodigy's last manual answer of one annotator counts; here each has one
        copies = list(dict(copies).items())
        file = prodigy(tmp_path / "p.jsonl", copies, text)
    else:
        file = write(tmp_path / "a.jsonl", [by(who, *words, text=text) for who, words in copies])
    done = bring_in(store, file)
    there = {word for _, words in copies for word in words}
    assert done.refused == []
    assert done.imported + done.known == len(copies)
    notes = suggested(store, text)
    assert set(notes) == there
    if len({who for who, _ in copies}) > 1:
        for who, words in copies:
            for word in words:
                assert who is None or f"by {who}" in (notes[word] or "").split("; ")


@examples(15)
@given(copies=_copies)
def test_every_review_of_a_file_is_imported_or_refused(
    copies: list[tuple[str | None, list[str]]], store: Store, tmp_path: Path
) -> None:
    text = f"{TEXT} {next(NUMBERS)}"
    file = write(tmp_path / "a.jsonl", [by(who, *words, text=text) for who, words in copies])
    if not any(who for who, _ in copies):
        return
    done = bring_in(store, file, each=True)
    assert done.imported + done.known + len(done.refused) == len(copies)
    mine = [one for one in records(store, scheme=SCHEME) if one.article.text == text]
    came = {(one.review.reviewer, frozenset(e.span.of(text) for e in one.entities)) for one in mine}
    lost = {one.line for one in done.refused}
    for line, (who, words) in enumerate(copies, 1):
        assert (line in lost) != ((who, frozenset(words)) in came)


def test_names_are_suggested_only_if_files_have_them(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [{"text": TEXT, "entities": [[0, 3, "PERSON"]]}, {"text": TEXT, "entities": []}]
    path.write_text("\n".join(map(json.dumps, lines)))
    (nameless,) = bring_in(store, path, reviewer="ada").refused
    assert "other annotations" in nameless.reason
    assert "--as reviewer without" not in nameless.reason
    other = "Bo met Ada."
    named = prodigy(tmp_path / "b.jsonl", [("cy", ["Ada"]), ("di", [])], other)
    (told,) = bring_in(store, named, reviewer="ada").refused
    assert "--as reviewer without a name takes it as theirs" in told.reason


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"_is_binary": True, "answer": "reject"}, ["rejected items"]),
        ({"_is_binary": True, "answer": "accept"}, []),
        ({"answer": "accept"}, []),
        ({"answer": "reject"}, ["skipped or unusable articles"]),
        ({"answer": "ignore"}, ["skipped or unusable articles"]),
    ],
)
def test_unimportable_suggestions_are_reported(
    store: Store, tmp_path: Path, more: Any, told: list[str]
) -> None:
    path = tmp_path / "a.jsonl"
    span = {"start": 0, "end": 3, "label": "PERSON"}
    path.write_text(json.dumps({"text": TEXT, "_view_id": "ner_manual", "spans": [span], **more}))
    sources = Sources((path,), received=NOW)
    import_files(sources, store=store, naming=Naming(["PERSON"]), whose=Whose(), now=NOW)
    expected = [f"a.jsonl: {one} cannot be suggestions; use --as reviewer" for one in told]
    assert sources.notes.lines() == expected
    finished = Sources((path,), received=NOW)
    import_files(finished, store=store, naming=Naming(["PERSON"]), whose=Whose("ada"), now=NOW)
    assert finished.notes.lines() == []


def test_a_second_partial_review_is_refused_with_a_reason(store: Store, tmp_path: Path) -> None:
    file = prodigy(tmp_path / "a.jsonl", [("bo", ["Ada"]), ("cy", ["Ada", "Bo"])])
    cut = file.read_text().replace('"end": 10', '"end": 100')
    file.write_text(cut)
    done = bring_in(store, file, each=True)
    assert done.by == {"bo": 1}
    assert "--partial takes it in as a finished review" in done.refused[-1].reason
    assert bring_in(store, file, each=True, partial=True).by == {"cy": 1}
