"""Files on their way into the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.core.annotations import Item
from annotator.core.article import identity_of
from annotator.core.decisions import accept
from annotator.store.store import Store
from annotator.store.values import FileKey, Rejection, Stage, TakenIn
from tests.building import NOW, TEXT, arrival, at, entity, open_, press, ready, suggest, waiting


def stage(store: Store, text: str) -> Stage:
    rows = store.queue_rows("ada", (identity_of(text),))
    return rows[0].stage


def test_an_article_comes_out_as_it_went_in(store: Store) -> None:
    file = arrival("/inbox/one.txt", TEXT)
    taken_in = replace(file.articles[0], meta={"desk": ["world", 3, None]}, language="en")
    store.take_in([replace(file, articles=(taken_in,))])
    assert store.article(taken_in.id) == taken_in


def test_hostile_text_comes_out_as_it_went_in(store: Store) -> None:
    text = (
        "\x1b[31mred\x07 [bold] \u202eabc\u202c\ttab 👩‍👩‍👧 e\u0301 \u2028 \U0001f1e9\U0001f1ea\n"
    )
    store.take_in([arrival("/inbox/odd.txt", text)])
    assert store.article(identity_of(text)).text == text


def test_the_same_text_again_adds_nothing(store: Store) -> None:
    files = [arrival("/inbox/one.txt", TEXT)]
    assert store.take_in(files) == TakenIn(added=1)
    assert store.take_in(files) == TakenIn(known=1)
    assert store.counts().articles == 1


def test_the_same_text_under_another_name_is_one_article_from_two_places(store: Store) -> None:
    store.take_in([arrival("/inbox/one.txt", TEXT), arrival("/inbox/two.txt", TEXT)])
    found = store.article(identity_of(TEXT))
    assert found.origin.name == "one.txt"
    assert [origin.name for origin in found.also_from] == ["two.txt"]


def test_a_further_place_is_noted_once(store: Store) -> None:
    store.take_in([arrival("/inbox/one.txt", TEXT)])
    for inode in (2, 3):
        store.take_in([arrival("/inbox/two.txt", TEXT, inode=inode)])
        store.take_in([arrival("/inbox/one.txt", TEXT, inode=inode)])
    assert [origin.name for origin in store.article(identity_of(TEXT)).also_from] == ["two.txt"]


def test_known_files_are_those_handled_last(store: Store) -> None:
    store.take_in([arrival("/inbox/one.txt", TEXT)])
    key = FileKey(inode=2**64 - 7, size=5, mtime_ns=2**62, ctime_ns=1)
    store.take_in([replace(arrival("/inbox/one.txt", TEXT), key=key)])
    store.take_in([replace(arrival("/inbox/two.txt"), rejection=Rejection("empty"))])
    assert store.known_files() == {
        "/inbox/one.txt": key,
        "/inbox/two.txt": FileKey(inode=1, size=0, mtime_ns=1, ctime_ns=1),
    }


def test_a_rejected_file_is_listed_until_it_can_be_read(store: Store) -> None:
    bad = replace(arrival("/inbox/a/bad.txt"), rejection=Rejection("It is empty.", "Fill it."))
    assert store.take_in([bad]) == TakenIn(rejected=1)
    (row,) = store.rejected_files()
    assert (row.name, row.reason, row.hint, row.at) == ("bad.txt", "It is empty.", "Fill it.", NOW)
    assert store.counts().rejected == 1
    store.take_in([arrival("/inbox/a/bad.txt", TEXT)])
    assert store.rejected_files() == ()


def test_rejected_files_are_read_again_on_request(store: Store) -> None:
    bad = replace(arrival("/inbox/bad.txt"), rejection=Rejection("No."))
    store.take_in([bad, arrival("/inbox/good.txt", TEXT)])
    assert store.retry_rejected() == 1
    known = store.known_files()
    assert known["/inbox/bad.txt"] != bad.key
    assert known["/inbox/good.txt"] == arrival("/inbox/good.txt", TEXT).key


def test_a_changed_text_supersedes_the_one_before(store: Store) -> None:
    store.take_in([arrival("/inbox/one.txt", "First.\n")])
    assert store.take_in([arrival("/inbox/one.txt", "Second.\n")]) == TakenIn(added=1)
    assert stage(store, "First.\n") is Stage.SUPERSEDED
    assert stage(store, "Second.\n") is Stage.WAITING
    assert store.supersedes(identity_of("Second.\n")) == identity_of("First.\n")


def test_a_text_that_somebody_decided_on_stays_beside_the_new_one(store: Store) -> None:
    store.take_in([arrival("/inbox/one.txt", TEXT)])
    items: list[Item] = [entity(TEXT, "Ada Low")]
    suggest(store, {identity_of(TEXT): items})
    opened = open_(store, identity_of(TEXT))
    press(store, opened, accept(opened.review.items[0]))
    store.release_review(identity_of(TEXT), "ada")
    store.take_in([arrival("/inbox/one.txt", "Second.\n")])
    assert stage(store, TEXT) is Stage.READY
    assert store.supersedes(identity_of("Second.\n")) == identity_of(TEXT)


def test_a_text_that_somebody_has_open_stays(store: Store) -> None:
    store.take_in([arrival("/inbox/one.txt", TEXT)])
    suggest(store, {})
    open_(store, identity_of(TEXT))
    store.take_in([arrival("/inbox/one.txt", "Second.\n", now=at(1))])
    assert stage(store, TEXT) is Stage.READY


def test_a_text_that_another_file_still_holds_stays(store: Store) -> None:
    store.take_in([arrival("/inbox/one.txt", TEXT), arrival("/inbox/copy.txt", TEXT)])
    store.take_in([arrival("/inbox/one.txt", "Second.\n")])
    assert stage(store, TEXT) is Stage.WAITING


def test_a_file_that_goes_back_to_its_first_text_revives_it(store: Store) -> None:
    first = ready(store, "First.\n", [])
    path = next(iter(store.known_files()))
    store.take_in([arrival(path, "Second.\n")])
    store.take_in([arrival(path, "First.\n")])
    assert store.queue_rows("ada", (first,))[0].stage is Stage.READY
    assert stage(store, "Second.\n") is Stage.SUPERSEDED


def test_a_writer_that_closes_and_reopens_leaves_one_live_article(store: Store) -> None:
    for text in ("One.\n", "One.\nTwo.\n", "One.\nTwo.\nThree.\n"):
        store.take_in([arrival("/inbox/slow.txt", text)])
    (row,) = store.queue("ada", offset=0, limit=10)
    assert row.id == identity_of("One.\nTwo.\nThree.\n")


def test_lines_that_move_within_a_file_of_many_articles_supersede_nothing(store: Store) -> None:
    store.take_in([arrival("/inbox/all.jsonl", "A.\n", "B.\n", "C.\n")])
    taken = store.take_in([arrival("/inbox/all.jsonl", "New.\n", "A.\n", "B.\n", "C.\n")])
    assert taken == TakenIn(added=1, known=3)
    assert store.counts().superseded == 0


def test_a_line_reworded_in_place_supersedes_the_one_before(store: Store) -> None:
    store.take_in([arrival("/inbox/all.jsonl", "A.\n", "B.\n", "C.\n")])
    store.take_in([arrival("/inbox/all.jsonl", "A.\n", "B, reworded.\n", "C.\n")])
    assert stage(store, "B.\n") is Stage.SUPERSEDED
    assert store.counts().articles == 4


def test_new_articles_come_first_in_the_queue(store: Store) -> None:
    first, second = waiting(store, "First.\n", "Second.\n")
    (third,) = waiting(store, "Third.\n")
    assert [row.id for row in store.queue("ada", offset=0, limit=9)] == [third, second, first]


def test_more_arrivals_than_fit_into_one_statement(store: Store) -> None:
    files = [arrival(f"/inbox/{n}.txt", f"Article {n}.\n") for n in range(1300)]
    assert store.take_in(files) == TakenIn(added=1300)
    assert store.take_in(files) == TakenIn(known=1300)
    assert len(store.known_files()) == 1300


def test_nothing_is_kept_of_a_batch_that_fails(store: Store) -> None:
    good = arrival("/inbox/good.txt", TEXT)
    broken = replace(arrival("/inbox/broken.txt", "B.\n"), at=NOW.replace(tzinfo=None))
    with pytest.raises(Exception, match="zone"):
        store.take_in([good, broken])
    assert store.known_files() == {}
    assert store.counts().articles == 0
