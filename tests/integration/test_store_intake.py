"""Taking files into the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.core.annotations import Item
from annotator.core.arrival import Arrival, FileState, Rejection
from annotator.core.article import identity_of
from annotator.core.decisions import accept
from annotator.store.store import Store
from annotator.store.values import QueueView, Stage, TakenIn
from tests.helpers.building import (
    NOW,
    TEXT,
    arrival,
    at,
    open_,
    press,
    ready,
    stage_of,
    suggest,
    waiting,
)
from tests.helpers.items import entity


def stage(store: Store, text: str) -> Stage:
    return stage_of(store, identity_of(text))


def test_an_article_is_stored_unchanged(store: Store) -> None:
    file = arrival("/inbox/one.txt", TEXT)
    taken_in = replace(file.articles[0], meta={"desk": ["world", 3, None]}, language="en")
    store.files.take_in([replace(file, articles=(taken_in,))])
    assert store.articles.get(taken_in.id) == taken_in


def test_hostile_text_is_stored_unchanged(store: Store) -> None:
    text = (
        "\x1b[31mred\x07 [bold] \u202eabc\u202c\ttab 👩‍👩‍👧 e\u0301 \u2028 \U0001f1e9\U0001f1ea\n"
    )
    store.files.take_in([arrival("/inbox/odd.txt", text)])
    assert store.articles.get(identity_of(text)).text == text


def test_the_same_text_again_adds_nothing(store: Store) -> None:
    files = [arrival("/inbox/one.txt", TEXT)]
    assert store.files.take_in(files) == TakenIn(added=1)
    assert store.files.take_in(files) == TakenIn(known=1)
    assert store.queue.counts().articles == 1


def test_the_same_text_under_another_name_is_one_article_from_two_places(store: Store) -> None:
    store.files.take_in([arrival("/inbox/one.txt", TEXT), arrival("/inbox/two.txt", TEXT)])
    found = store.articles.get(identity_of(TEXT))
    assert found.origin.name == "one.txt"
    assert [origin.name for origin in found.also_from] == ["two.txt"]


def test_very_long_names_of_pages_and_outlets_are_accepted(store: Store) -> None:
    endless = "".join(chr(97 + pow(3, n, 101) % 26) for n in range(20_000))
    for number in range(2):
        file = arrival(f"/inbox/{number}.json", f"{TEXT} {number}")
        origin = replace(
            file.articles[0].origin, url=f"https://wire.example/{endless}", outlet=endless
        )
        store.files.take_in([replace(file, articles=(replace(file.articles[0], origin=origin),))])
    assert stage(store, f"{TEXT} 0") is Stage.SUPERSEDED
    assert store.articles.get(identity_of(f"{TEXT} 1")).origin.outlet == endless


def test_another_page_in_a_file_replaces_no_article(store: Store) -> None:
    for number, page in enumerate(("a", "b", "b")):
        file = arrival("/inbox/feed.json", f"{TEXT} {number}", inode=number + 1)
        origin = replace(file.articles[0].origin, url=f"https://wire.example/{page}")
        store.files.take_in([replace(file, articles=(replace(file.articles[0], origin=origin),))])
    assert stage(store, f"{TEXT} 0") is not Stage.SUPERSEDED
    assert store.articles.supersedes(identity_of(f"{TEXT} 1")) is None
    assert stage(store, f"{TEXT} 1") is Stage.SUPERSEDED
    assert store.articles.supersedes(identity_of(f"{TEXT} 2")) == identity_of(f"{TEXT} 1")


def test_a_further_origin_is_recorded_once(store: Store) -> None:
    store.files.take_in([arrival("/inbox/one.txt", TEXT)])
    for inode in (2, 3):
        store.files.take_in([arrival("/inbox/two.txt", TEXT, inode=inode)])
        store.files.take_in([arrival("/inbox/one.txt", TEXT, inode=inode)])
    assert [origin.name for origin in store.articles.get(identity_of(TEXT)).also_from] == [
        "two.txt"
    ]


def test_known_files_have_their_last_state(store: Store) -> None:
    store.files.take_in([arrival("/inbox/one.txt", TEXT)])
    state = FileState(inode=2**64 - 7, size=5, mtime_ns=2**62, ctime_ns=1)
    store.files.take_in([replace(arrival("/inbox/one.txt", TEXT), state=state)])
    store.files.take_in([replace(arrival("/inbox/two.txt"), rejection=Rejection("empty"))])
    assert store.files.known() == {
        "/inbox/one.txt": state,
        "/inbox/two.txt": FileState(inode=1, size=0, mtime_ns=1, ctime_ns=1),
    }


def test_a_rejected_file_is_listed_until_it_can_be_read(store: Store) -> None:
    bad = replace(arrival("/inbox/a/bad.txt"), rejection=Rejection("It is empty.", "Fill it."))
    assert store.files.take_in([bad]) == TakenIn(rejected=1)
    (row,) = store.files.rejected()
    assert (row.name, row.reason, row.hint, row.at) == ("bad.txt", "It is empty.", "Fill it.", NOW)
    assert store.queue.counts().rejected == 1
    store.files.take_in([arrival("/inbox/a/bad.txt", TEXT)])
    assert store.files.rejected() == ()


def test_rejected_files_are_retried_on_request(store: Store) -> None:
    bad = replace(arrival("/inbox/bad.txt"), rejection=Rejection("No."))
    store.files.take_in([bad, arrival("/inbox/good.txt", TEXT)])
    assert store.files.retry() == 1
    known = store.files.known()
    assert known == {"/inbox/good.txt": arrival("/inbox/good.txt", TEXT).state}


def test_files_to_retry_are_listed(store: Store) -> None:
    for name in ("bad.txt", "worse.txt"):
        store.files.take_in([replace(arrival(f"/inbox/{name}"), rejection=Rejection("No."))])
    assert store.files.rejected_paths() == ("/inbox/bad.txt", "/inbox/worse.txt")
    assert store.files.rejected_paths(to_retry=True) == ()
    key = next(file.key for file in store.files.rejected() if file.name == "bad.txt")
    assert store.files.retry((key,)) == 1
    assert store.files.rejected_paths(to_retry=True) == ("/inbox/bad.txt",)


def test_a_removed_rejected_file_is_forgotten(
    store: Store,
) -> None:
    bad = replace(arrival("/inbox/bad.txt"), rejection=Rejection("No."))
    half = replace(arrival("/inbox/half.jsonl", "A.\n"), rejection=Rejection("Line 2."))
    store.files.take_in([bad, half, arrival("/inbox/good.txt", TEXT)])
    store.files.forget([bad.path, half.path, "/inbox/good.txt"])
    assert store.files.rejected() == ()
    assert store.files.known() == {"/inbox/good.txt": arrival("/inbox/good.txt", TEXT).state}
    assert store.queue.counts().articles == 2


def test_a_file_may_be_rejected_in_part(store: Store) -> None:
    half = replace(arrival("/inbox/half.jsonl", "A.\n", "B.\n"), rejection=Rejection("Line 3."))
    assert store.files.take_in([half]) == TakenIn(added=2, rejected=1)
    assert [file.name for file in store.files.rejected()] == ["half.jsonl"]
    assert store.files.take_in([arrival("/inbox/half.jsonl", "A.\n", "B.\n", "C.\n")]) == TakenIn(
        added=1, known=2
    )
    assert store.files.rejected() == ()


# Files of very many articles


def pieces(*texts: str, path: str = "/inbox/all.jsonl", size: int = 2) -> list[Arrival]:
    """A file of many articles as it is read: a few of them at a time."""
    whole = arrival(path, *texts)
    starts = range(0, len(texts), size)
    return [
        replace(
            whole,
            articles=whole.articles[start : start + size],
            piece=start // size,
            more=start + size < len(texts),
        )
        for start in starts
    ]


LETTERS = tuple(f"{letter}.\n" for letter in "ABCDEFG")


@pytest.mark.parametrize("at_once", [1, 2, 9])
def test_a_file_in_pieces_is_handled_when_its_last_piece_is_stored(
    store: Store, at_once: int
) -> None:
    all_of_it = pieces(*LETTERS)
    for start in range(0, len(all_of_it), at_once):
        assert store.files.known() == {}
        store.files.take_in(all_of_it[start : start + at_once])
    assert store.files.known() == {"/inbox/all.jsonl": all_of_it[0].state}
    assert store.queue.counts().articles == 7


def test_an_interrupted_file_in_pieces_is_read_again(store: Store) -> None:
    all_of_it = pieces(*LETTERS)
    store.files.take_in(all_of_it[:2])
    assert store.files.take_in(all_of_it) == TakenIn(added=3, known=4)


def test_lines_moved_between_pieces_supersede_nothing(store: Store) -> None:
    store.files.take_in(pieces(*LETTERS))
    for piece in pieces("New.\n", *LETTERS):
        store.files.take_in([piece])
    assert store.queue.counts().articles == 8
    assert store.queue.counts().superseded == 0


def test_a_line_reworded_in_one_piece_supersedes_the_old_one(store: Store) -> None:
    store.files.take_in(pieces(*LETTERS))
    changed = (*LETTERS[:4], "E, reworded.\n", *LETTERS[5:])
    for piece in pieces(*changed):
        store.files.take_in([piece])
    assert stage(store, "E.\n") is Stage.SUPERSEDED
    assert store.articles.supersedes(identity_of("E, reworded.\n")) == identity_of("E.\n")
    assert store.queue.counts().superseded == 1


def test_a_problem_in_one_piece_is_reported_for_the_file(store: Store) -> None:
    first, second = pieces("A.\n", "B.\n", "C.\n")
    store.files.take_in([replace(first, rejection=Rejection("Line 1."))])
    store.files.take_in([second])
    (file,) = store.files.rejected()
    assert file.reason == "Line 1."
    store.files.take_in([first])
    store.files.take_in([second])
    assert store.files.rejected() == ()


def test_a_changed_text_supersedes_the_old_one(store: Store) -> None:
    store.files.take_in([arrival("/inbox/one.txt", "First.\n")])
    assert store.files.take_in([arrival("/inbox/one.txt", "Second.\n")]) == TakenIn(added=1)
    assert stage(store, "First.\n") is Stage.SUPERSEDED
    assert stage(store, "Second.\n") is Stage.WAITING
    assert store.articles.supersedes(identity_of("Second.\n")) == identity_of("First.\n")


def test_a_decided_text_stays_beside_the_new_one(store: Store) -> None:
    store.files.take_in([arrival("/inbox/one.txt", TEXT)])
    items: list[Item] = [entity(TEXT, "Ada Low")]
    suggest(store, {identity_of(TEXT): items})
    opened = open_(store, identity_of(TEXT))
    press(store, opened, accept(opened.review.items[0]))
    store.reviews.release(identity_of(TEXT), "ada")
    store.files.take_in([arrival("/inbox/one.txt", "Second.\n")])
    assert stage(store, TEXT) is Stage.READY
    assert store.articles.supersedes(identity_of("Second.\n")) == identity_of(TEXT)


def test_an_open_text_stays(store: Store) -> None:
    store.files.take_in([arrival("/inbox/one.txt", TEXT)])
    suggest(store, {})
    open_(store, identity_of(TEXT))
    store.files.take_in([arrival("/inbox/one.txt", "Second.\n", now=at(1))])
    assert stage(store, TEXT) is Stage.READY


def test_a_text_that_another_file_contains_stays(store: Store) -> None:
    store.files.take_in([arrival("/inbox/one.txt", TEXT), arrival("/inbox/copy.txt", TEXT)])
    store.files.take_in([arrival("/inbox/one.txt", "Second.\n")])
    assert stage(store, TEXT) is Stage.WAITING


def test_a_file_returning_to_its_first_text_revives_it(store: Store) -> None:
    first = ready(store, "First.\n", [])
    path = next(iter(store.files.known()))
    store.files.take_in([arrival(path, "Second.\n")])
    store.files.take_in([arrival(path, "First.\n")])
    assert stage_of(store, first) is Stage.READY
    assert stage(store, "Second.\n") is Stage.SUPERSEDED


def test_a_reopened_file_leaves_one_live_article(store: Store) -> None:
    for text in ("One.\n", "One.\nTwo.\n", "One.\nTwo.\nThree.\n"):
        store.files.take_in([arrival("/inbox/slow.txt", text)])
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=10)
    assert row.id == identity_of("One.\nTwo.\nThree.\n")


def test_moved_lines_supersede_nothing(store: Store) -> None:
    store.files.take_in([arrival("/inbox/all.jsonl", "A.\n", "B.\n", "C.\n")])
    taken = store.files.take_in([arrival("/inbox/all.jsonl", "New.\n", "A.\n", "B.\n", "C.\n")])
    assert taken == TakenIn(added=1, known=3)
    assert store.queue.counts().superseded == 0


def test_a_line_reworded_in_place_supersedes_the_old_one(store: Store) -> None:
    store.files.take_in([arrival("/inbox/all.jsonl", "A.\n", "B.\n", "C.\n")])
    store.files.take_in([arrival("/inbox/all.jsonl", "A.\n", "B, reworded.\n", "C.\n")])
    assert stage(store, "B.\n") is Stage.SUPERSEDED
    assert store.queue.counts().articles == 4


@pytest.mark.parametrize("before", [("A.\n", "B.\n", "C.\n"), ("A.\n",)])
def test_a_list_with_other_articles_supersedes_nothing(
    store: Store, before: tuple[str, ...]
) -> None:
    store.files.take_in([arrival("/inbox/feed.jsonl", *before)])
    store.files.take_in([arrival("/inbox/feed.jsonl", "New.\n", "Newer.\n", "Newest.\n")])
    store.files.take_in([arrival("/inbox/feed.jsonl", "Last of all.\n")])
    assert store.queue.counts().superseded == 0
    assert len(store.queue.page(QueueView("ada"), offset=0, limit=9)) == len(before) + 4


def test_a_removed_file_keeps_no_old_text_in_the_queue(store: Store) -> None:
    for path in ("/inbox/old-name.txt", "/inbox/copy.txt", "/inbox/new-name.txt"):
        store.files.take_in([arrival(path, TEXT)])
    gone = {"/inbox/old-name.txt"}
    revised = arrival("/inbox/new-name.txt", TEXT + "More.\n")
    store.files.take_in([revised], is_gone=gone.__contains__)
    assert stage(store, TEXT) is not Stage.SUPERSEDED
    gone.add("/inbox/copy.txt")
    store.files.take_in([arrival("/inbox/new-name.txt", TEXT)])
    store.files.take_in([revised], is_gone=gone.__contains__)
    assert stage(store, TEXT) is Stage.SUPERSEDED
    store.files.take_in([arrival("/inbox/copy.txt", TEXT)])
    assert stage(store, TEXT) is not Stage.SUPERSEDED


def test_a_list_of_one_article_is_a_list(store: Store) -> None:
    def only(text: str) -> Arrival:
        told = arrival("/inbox/latest.jsonl", text)
        origin = replace(told.articles[0].origin, part="1")
        return replace(told, articles=(replace(told.articles[0], origin=origin),))

    for text in ("The bridge closed.\n", "A mill burnt.\n", "A mill burnt down.\n"):
        store.files.take_in([only(text)])
    assert stage(store, "The bridge closed.\n") is not Stage.SUPERSEDED
    assert stage(store, "A mill burnt.\n") is Stage.SUPERSEDED


def test_similar_articles_in_a_list_are_not_revisions(store: Store) -> None:
    story = "The mayor of the town met the owners of four mills at the old lock this week."
    other = "Two ships from Norrhaven lay in fog for days before anyone could be taken off."
    before = [f"{other}\nUpdate 1 of this story.\n", "Rain fell.\n"]
    after = [f"{story}\nUpdate 1 of this story.\n", f"{story}\nUpdate 2 of this story.\n"]
    store.files.take_in([arrival("/inbox/feed.jsonl", *before)])
    store.files.take_in([arrival("/inbox/feed.jsonl", *after)])
    assert store.queue.counts().superseded == 0


def test_boilerplate_of_an_outlet_does_not_make_a_revision(store: Store) -> None:
    footer = "Sign up for our letter on the ships, docks and weather of the whole coast.\n" * 3
    before = [f"{what} closed today.\n{footer}" for what in ("The bridge", "A school")]
    after = [f"{what} burnt last night.\n{footer}" for what in ("One mill", "Two barns")]
    store.files.take_in([arrival("/inbox/feed.jsonl", *before)])
    store.files.take_in([arrival("/inbox/feed.jsonl", *after)])
    assert store.queue.counts().superseded == 0


def test_new_articles_come_first_in_the_queue(store: Store) -> None:
    first, second = waiting(store, "First.\n", "Second.\n")
    (third,) = waiting(store, "Third.\n")
    assert [row.id for row in store.queue.page(QueueView("ada"), offset=0, limit=9)] == [
        third,
        second,
        first,
    ]


def test_arrivals_beyond_one_statement_are_stored(store: Store) -> None:
    files = [arrival(f"/inbox/{n}.txt", f"Article {n}.\n") for n in range(1300)]
    assert store.files.take_in(files) == TakenIn(added=1300)
    assert store.files.take_in(files) == TakenIn(known=1300)
    assert len(store.files.known()) == 1300


def test_a_failing_batch_stores_nothing(store: Store) -> None:
    good = arrival("/inbox/good.txt", TEXT)
    broken = replace(arrival("/inbox/broken.txt", "B.\n"), at=NOW.replace(tzinfo=None))
    with pytest.raises(Exception, match="zone"):
        store.files.take_in([good, broken])
    assert store.files.known() == {}
    assert store.queue.counts().articles == 0
