"""A damaged database: one damaged article does not affect the others, and damage is reported."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.cli.report_figures import report_figures
from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.decisions import accept, finish, reject, reopen
from annotator.core.record import SchemeId
from annotator.errors import AnnotatorError, ArticleDamaged, Damaged
from annotator.export import FinishedWriter, records
from annotator.store.store import Store
from annotator.store.stories.purged_stories import UNTITLED
from annotator.store.values import QueueView
from tests.helpers.building import NOW, TEXT, open_, press, ready

SCHEME = SchemeId("annotator", "1")


def filled(file: Path) -> tuple[Store, list[str]]:
    """A store with finished and with untouched articles; the ids of the finished ones."""
    store = Store.open(f"sqlite:///{file}")
    done = []
    for number in range(4):
        text = TEXT.replace("nothing", f"{number} things")
        article = ready(store, text)
        opened = open_(store, article)
        one, two, _ = opened.review.suggestions
        press(store, opened, accept(one), reject(two), finish())
        done.append(article)
    for number in range(3):
        ready(store, TEXT.replace("nothing", f"{number} words"))
    return store, sorted(done)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[str]]:
    """A file as `filled` makes it, and the ids of the finished articles."""
    file = tmp_path_factory.mktemp("whole") / "annotator.db"
    store, done = filled(file)
    store.close()
    return file.read_bytes(), done


def harm(file: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(file) as database:
        # What no program of ours would do, past what keeps it from being done.
        guards = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_%'"
        ).fetchall()
        for name, _ in guards:
            database.execute(f'DROP TRIGGER "{name}"')
        changed = database.execute(statement, values).rowcount
        for _, trigger in guards:
            database.execute(trigger)
    database.close()
    assert changed > 0


ARTICLE = "UPDATE article SET {} WHERE id = ?"
OF_REVIEW = "review_id = (SELECT id FROM review WHERE article_id = ?)"
HARMS = [
    ARTICLE.format("origin = '{\"name\": '"),
    ARTICLE.format("origin = '[]'"),
    ARTICLE.format("also_from = CAST(x'ff' AS TEXT)"),
    ARTICLE.format("meta = 'nul'"),
    ARTICLE.format("text = CAST(x'41ff42' AS TEXT)"),
    ARTICLE.format("text = text || '!'"),
    ARTICLE.format("title = CAST(x'c328' AS TEXT)"),
    "UPDATE suggestion_set SET items = '[{' WHERE article_id = ?",
    "UPDATE suggestion_set SET items = '[{\"id\": 1}]' WHERE article_id = ?",
    "UPDATE suggestion_set SET items = CAST(x'5bff5d' AS TEXT) WHERE article_id = ?",
    f"UPDATE decision SET after = '{{\"id\"' WHERE after IS NOT NULL AND {OF_REVIEW}",
    f"UPDATE decision SET kind = 'acept' WHERE {OF_REVIEW}",
    f"UPDATE decision SET at = 'noon' WHERE {OF_REVIEW}",
    f"UPDATE decision SET target = CAST(x'ff' AS TEXT) WHERE {OF_REVIEW}",
    f"UPDATE decision SET seq = seq + 7 WHERE {OF_REVIEW}",
]


@pytest.mark.parametrize("statement", HARMS)
def test_a_damaged_article_does_not_affect_the_others(
    tmp_path: Path, whole: tuple[bytes, list[str]], statement: str
) -> None:
    file, done = tmp_path / "annotator.db", whole[1]
    file.write_bytes(whole[0])
    harm(file, statement, done[1])
    store = Store.open(f"sqlite:///{file}")
    told: list[ArticleDamaged] = []
    came = [one.article.id for one in records(store, scheme=SCHEME, damaged=told.append)]
    assert came == [one for one in done if one != done[1]]
    assert [done[1] in error.message for error in told] == [True]
    assert told[0].hint
    # With what nobody has reviewed; and in the queue, in the report, as files.
    assert len(list(records(store, scheme=SCHEME, pending=True, damaged=told.append))) == 6
    assert len(store.queue.page(QueueView("bo"), offset=0, limit=99)) == 7
    assert report_figures(store, NOW)["articles"] == 7
    assert FinishedWriter(store, tmp_path / "records", scheme=SCHEME)() == 3
    with pytest.raises(AnnotatorError):
        list(records(store, scheme=SCHEME))
    store.close()


@pytest.mark.parametrize("statement", HARMS)
def test_a_damaged_article_can_be_purged(
    tmp_path: Path, whole: tuple[bytes, list[str]], statement: str
) -> None:
    file, done = tmp_path / "annotator.db", whole[1]
    file.write_bytes(whole[0])
    harm(file, statement, done[1])
    store = Store.open(f"sqlite:///{file}")
    with contextlib.closing(store):
        contents = store.purge.contents(done[1])
        assert contents is not None
        assert contents.reviewers == ("ada",)
        store.purge.article(done[1], by="ada", now=NOW)
        assert [one.article.id for one in records(store, scheme=SCHEME)] == [done[0], *done[2:]]
        assert check_index(file) == 6


def check_index(file: Path) -> int:
    """How many articles the index of words holds; raises an error if it is not sound."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("INSERT INTO article_words (article_words) VALUES ('integrity-check')")
        found = database.execute(
            "SELECT count(*) FROM article_words WHERE article_words MATCH 'said'"
        )
        count: int = found.fetchone()[0]
        return count


def test_purging_a_damaged_text_leaves_other_damaged_texts_out_of_the_index(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    store, done = filled(file)
    with contextlib.closing(store):
        for article in done[:2]:
            harm(file, ARTICLE.format("text = CAST(x'41ff42' AS TEXT)"), article)
        for article in done[:2]:
            store.purge.article(article, by="ada", now=NOW)
        assert check_index(file) == 5


def test_a_story_made_with_a_purged_article_of_unknown_title_loses_its_title(
    tmp_path: Path,
) -> None:
    file = tmp_path / "annotator.db"
    store, done = filled(file)
    with contextlib.closing(store):
        stories = (Story("s1", "Low met Marsh", tuple(done[:2])), Story("s2", "Both", (done[2],)))
        made = StoryPress("press", "ada", NOW)
        changes = (create_story(story) for story in stories)
        store.stories.append(to_story_decisions(changes, made, ids=iter(("d1", "d2"))))
        harm(file, ARTICLE.format("title = CAST(x'c328' AS TEXT)"), done[1])
        store.purge.article(done[1], by="ada", now=NOW)
        titles = {story.title for story in store.stories.all().named.values()}
        assert titles == {UNTITLED, "Both"}


def test_a_damaged_article_is_named_in_the_queue(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    store, done = filled(file)
    harm(file, HARMS[0], done[2])
    rows = {row.id: row for row in store.queue.page(QueueView("bo"), offset=0, limit=99)}
    assert "damaged" in rows[done[2]].title
    assert done[2] in (rows[done[2]].problem or "")
    assert all(row.problem is None for row in rows.values() if row.id != done[2])
    with pytest.raises(ArticleDamaged):
        open_(store, done[2])
    store.close()


def _flip_bits(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 40)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _fill_pages(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content) // 4096) * 4096
        content[at : at + 4096] = chance.choice([b"\0", b"\xff", b"a"]) * 4096


def _cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def _swap_pages(content: bytearray, chance: random.Random) -> None:
    one, two = (chance.randrange(len(content) // 4096) * 4096 for _ in range(2))
    first, second = content[one : one + 4096], content[two : two + 4096]
    content[one : one + 4096], content[two : two + 4096] = second, first


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("damage", [_flip_bits, _fill_pages, _cut, _swap_pages])
def test_every_damage_is_explained(
    tmp_path: Path,
    whole: tuple[bytes, list[str]],
    damage: Callable[[bytearray, random.Random], None],
    seed: int,
) -> None:
    content, done = bytearray(whole[0]), whole[1]
    damage(content, random.Random(seed))
    file = tmp_path / "annotator.db"
    file.write_bytes(content)
    for use in USES:
        # Nothing but an explained error may come out of it.
        with contextlib.suppress(AnnotatorError):
            store = Store.open(f"sqlite:///{file}")
            with contextlib.closing(store), contextlib.suppress(AnnotatorError):
                use(store, done[0], tmp_path)


def _review(store: Store, article: str, _folder: Path) -> None:
    opened = open_(store, article, "ada")
    press(store, opened, reopen())


def _export(store: Store, _article: str, _folder: Path) -> None:
    list(records(store, scheme=SCHEME, pending=True, damaged=lambda _: None))


def _report(store: Store, _article: str, _folder: Path) -> None:
    report_figures(store, NOW)


def _queue(store: Store, _article: str, _folder: Path) -> None:
    store.queue.page(QueueView("bo"), offset=0, limit=99)


def _finished_files(store: Store, _article: str, folder: Path) -> None:
    FinishedWriter(store, folder / "records", scheme=SCHEME)()


def _take_in(store: Store, _article: str, _folder: Path) -> None:
    ready(store, "Something new came in.\n")


def _suggest_again(store: Store, _article: str, _folder: Path) -> None:
    store.work.suggest_again()


def _back_up(store: Store, _article: str, folder: Path) -> None:
    store.backup(folder / "copy.db", replace=True)


def _purge(store: Store, article: str, _folder: Path) -> None:
    store.purge.article(article, by="ada", now=NOW)


USES: tuple[Callable[[Store, str, Path], None], ...] = (
    _export,
    _report,
    _queue,
    _finished_files,
    _review,
    _take_in,
    _suggest_again,
    _back_up,
    _purge,
)


@pytest.mark.parametrize(
    ("before", "use"),
    [
        (b"AFTER INSERT ON article BEGIN INSERT INTO tally_place SELECT NEW.", _take_in),
        (b"AFTER DELETE ON article BEGIN INSERT INTO tally_place SELECT OLD.", _purge),
        (b"AFTER UPDATE OF finished_at, answer ON review WHEN CASE WHEN OLD.", _review),
    ],
)
def test_a_damaged_name_in_the_tables_is_explained_when_something_is_written(
    tmp_path: Path,
    whole: tuple[bytes, list[str]],
    before: bytes,
    use: Callable[[Store, str, Path], None],
) -> None:
    """SQLite quotes the name, in which a byte is no text any more."""
    content = bytearray(whole[0])
    content[content.index(before) + len(before)] ^= 0x80
    file = tmp_path / "annotator.db"
    file.write_bytes(content)
    with contextlib.closing(Store.open(f"sqlite:///{file}")) as store, pytest.raises(Damaged):
        use(store, whole[1][0], tmp_path)
