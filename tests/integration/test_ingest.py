"""Files and folders added once, with real worker processes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from annotator.core.annotations import Entity
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article
from annotator.errors import ModelError, ReadError
from annotator.inbox import named_paths
from annotator.inbox.files import is_being_written
from annotator.inbox.named_paths import files_at
from annotator.inbox.piped_input import PipedInput
from annotator.inbox.reading import BATCH, ReadingRules, batches_of
from annotator.ingest.adding import Added, add
from annotator.ingest.intake import stored
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.stopping import Stop
from annotator.store.store import Store
from annotator.store.values import QueueView, Stage, TakenIn
from tests.helpers.building import arrival
from tests.helpers.ingesting import TEXT, fill, take_in, utc_now

# Added once


def test_added_articles_get_suggestions_and_are_known_afterwards(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(root, 40)
    (root / "bad.txt").write_bytes(b"\0")
    (root / "note.xyz").write_text("No reader for this.")
    told: list[tuple[int, int]] = []
    first = add([root], store=store, plan=plan, progress=lambda *what: told.append(what))
    assert first == Added(added=40, rejected=2)
    assert (told[0], told[-1]) == ((0, 40), (40, 40))
    assert store.queue.counts().ready == 40
    assert all(
        any(isinstance(item, Entity) and item.label == "GPE" for item in items)
        for _, items, _ in store.articles.unreviewed()
    )
    assert add([root], store=store, plan=plan) == Added(known=40, rejected=2)


def test_progress_is_reported_while_files_are_read(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(root, 2 * BATCH + 1)
    told: list[tuple[int, int]] = []
    add([root], store=store, plan=plan, progress=lambda *what: told.append(what))
    assert [total for _, total in told[:3]] == [BATCH, 2 * BATCH, 2 * BATCH + 1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (2 * BATCH + 1, 2 * BATCH + 1)


def test_without_work_no_worker_starts(root: Path, store: Store, plan: WorkerPlan) -> None:
    nowhere = replace(plan, model="/no/such/model")
    assert add([root], store=store, plan=nowhere) == Added()


def test_a_missing_pipeline_is_an_error_and_the_articles_wait(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(root, 2)
    with pytest.raises(ModelError, match="no/such/model") as caught:
        add([root], store=store, plan=replace(plan, model="/no/such/model"))
    assert "annotator.toml" in caught.value.hint
    assert store.queue.counts().waiting == 2


def test_a_missing_path_stops_add_first(root: Path, store: Store, plan: WorkerPlan) -> None:
    fill(root, 1)
    with pytest.raises(ReadError, match=r"gone\.txt does not exist"):
        add([root, root / "gone.txt"], store=store, plan=plan)
    assert store.queue.counts().articles == 0


def test_a_named_file_is_read_even_if_ignored(root: Path) -> None:
    (root / "README.md").write_text(TEXT.format(1))
    assert files_at([root]) == ()
    (seen,) = files_at([root / "README.md"])
    assert seen.path == str(root / "README.md")


def test_the_same_text_under_another_name_is_one_article(root: Path, store: Store) -> None:
    (root / "a.txt").write_text(TEXT.format(1))
    (root / "b.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.format(1).replace("\n", "\r\n").encode())
    taken = take_in(root, store)
    assert (taken.added, taken.known) == (1, 1)
    article = store.articles.get(taken.new[0])
    assert article.origin.name == "a.txt"
    assert [origin.name for origin in article.also_from] == ["b.txt"]
    assert article.origin.received is not None
    assert article.origin.received.endswith("Z")


def test_again_makes_new_suggestions_for_unopened_articles(
    root: Path, store: Store, plan: WorkerPlan, tmp_path: Path
) -> None:
    fill(root, 2)
    add([root], store=store, plan=plan)
    other: Language = spacy.blank("en")
    other.to_disk(tmp_path / "other")
    plan = replace(plan, model=str(tmp_path / "other"))
    assert add([root], store=store, plan=plan, again=True).counts()["again"] == 2
    assert store.queue.counts().ready == 2
    labels = {
        i.label
        for _, items, _ in store.articles.unreviewed()
        for i in items
        if isinstance(i, Entity)
    }
    assert "GPE" not in labels


def test_on_a_stop_the_current_batch_is_finished_and_the_rest_waits(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(root, 60)
    stop = Stop()

    def stop_soon(done: int, total: int) -> None:  # noqa: ARG001
        if done:
            stop.ask()

    small = replace(plan, batch=4)
    done = add([root], store=store, plan=small, stop=stop, progress=stop_soon)
    assert done.interrupted
    counts = store.queue.counts()
    # Batches of one, two, and then as the plan says.
    assert counts.ready == 1 or counts.ready % 4 == 3
    assert counts.ready + counts.waiting == 60
    assert len(store.work.lease("next", limit=1, seconds=1, now=utc_now())) == 1
    rest = add([root], store=store, plan=plan)
    assert (rest.added, store.queue.counts().ready) == (0, 60 if not rest.interrupted else -1)


def test_a_stop_reports_unread_files(root: Path, store: Store, plan: WorkerPlan) -> None:
    for number in range(BATCH + 1):
        (root / f"{number}.txt").touch()  # without articles, no worker has to begin
    stop = Stop()
    done = add([root], store=store, plan=plan, stop=stop, progress=lambda *_: stop.ask())
    assert done == Added(rejected=BATCH, interrupted=True, unread=True)
    stop = Stop()
    done = add([root], store=store, plan=plan, stop=stop, slip_in=stop.ask)
    assert done == Added(rejected=BATCH + 1, interrupted=True)


def test_rejected_files_anywhere_are_retried_on_request(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    for name in ("bad.txt", "mended.txt"):
        (root / name).write_bytes(b"\0")
    path = Path(os.fsdecode(os.path.join(os.fsencode(root), b"caf\xe9.txt")))
    path.write_bytes(b"\0")
    assert add([root], store=store, plan=plan) == Added(rejected=3)
    path.write_text("The mayor said yes.")
    (root / "mended.txt").write_text("The mayor said no.")
    assert add([], store=store, plan=plan, rejected=True) == Added(added=2, rejected=1)
    assert [file.name for file in store.files.rejected()] == ["bad.txt"]


def test_a_removed_rejected_file_stays_listed_only_for_other_machines(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    (root / "bad.txt").write_bytes(b"\0")
    add([root], store=store, plan=plan)
    (root / "bad.txt").unlink()
    assert add([], store=store, plan=plan, rejected=True) == Added()
    assert bool(store.files.rejected()) is not store.database.is_sqlite


def test_only_files_in_the_inbox_are_retried_automatically(
    root: Path, store: Store, plan: WorkerPlan, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    for folder in (root, tmp_path / "elsewhere"):
        (folder / f"{folder.name}.jsonl").write_text('{"text": 5}\n')
        add([folder], store=store, plan=plan, rules=ReadingRules(inbox=root))
    hints = {file.name: file.hint for file in store.files.rejected()}
    assert "read again by itself" in hints[f"{root.name}.jsonl"]
    assert "by itself" not in hints["elsewhere.jsonl"]
    assert "annotator add --retry-rejected" in hints["elsewhere.jsonl"]
    (tmp_path / "elsewhere" / "elsewhere.jsonl").write_text('{"text": "The mayor said no."}\n')
    rules = ReadingRules(inbox=root)
    assert add([], store=store, plan=plan, rules=rules, rejected=True) == Added(added=1, rejected=1)


def test_piped_input_without_article_is_an_error_first(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(root, 1)
    with pytest.raises(ReadError, match="What was given is empty"):
        add([root], store=store, plan=plan, given=PipedInput(b""))
    assert store.files.known() == {}


def test_a_bad_line_of_piped_input_is_reported_and_the_rest_added(
    store: Store, plan: WorkerPlan
) -> None:
    done = add([], store=store, plan=plan, given=PipedInput(b'{"text": "One."}\n{"text": 2}\n'))
    assert done == Added(added=1, rejected=1)
    assert done.problem is not None
    assert "line 2" in done.problem.message
    assert "again by itself" not in done.problem.hint
    assert store.files.rejected() == ()


def test_a_file_that_never_stops_changing_is_rejected(
    root: Path, store: Store, plan: WorkerPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(root, 1)
    monkeypatch.setattr(named_paths, "arrivals_of", lambda *_: ())
    monkeypatch.setattr(named_paths, "_PAUSE", 0.01)
    assert add([root], store=store, plan=plan) == Added(rejected=1)
    (file,) = store.files.rejected()
    assert "changed while it was read" in file.reason


def test_a_file_renamed_and_then_revised_is_one_article_in_the_queue(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    (root / "draft.txt").write_text("The mayor of Velmoor said no.")
    add([root], store=store, plan=plan)
    (root / "draft.txt").rename(root / "final.txt")
    add([root], store=store, plan=plan)
    (root / "final.txt").write_text("The mayor of Velmoor said no. She left.")
    add([root], store=store, plan=plan)
    stages = {row.stage for row in store.queue.page(QueueView("ada"), offset=0, limit=9)}
    expected = (1, {Stage.READY}) if store.database.is_sqlite else (2, {Stage.READY})
    assert (len(store.queue.page(QueueView("ada"), offset=0, limit=9)), stages) == expected


def test_a_file_still_being_written_is_left_for_later(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    path = root / "slow.txt"
    with path.open("w", encoding="utf-8") as file:
        if is_being_written(str(path)) is None:
            pytest.skip("the system does not tell who writes a file")
        file.write("The first half of it ")
        file.flush()
        assert add([path], store=store, plan=plan).counts() == Added(rejected=1).counts()
        (rejected,) = store.files.rejected()
        assert rejected.reason == "The file is still being written."
        assert rejected.again
        file.write("and the other half.")
    assert add([path], store=store, plan=plan).added == 1
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=9)
    assert store.articles.get(row.id).text == "The first half of it and the other half."
    assert store.files.rejected() == ()


def test_an_unstorable_article_affects_only_its_file(store: Store) -> None:
    spoilt = replace(Article(TEXT.format(1)), title="half \ud800")  # as another's reader might
    files = [arrival("a.txt", TEXT.format(0)), arrival("b.txt"), arrival("c.txt", TEXT.format(2))]
    files[1] = replace(files[1], articles=(spoilt,))
    assert stored(files, store) == TakenIn(added=2, rejected=1)
    (rejected,) = store.files.rejected()
    assert rejected.name == "b.txt"
    assert "cannot be stored" in rejected.reason


def test_batches_are_limited_in_files_and_text() -> None:
    def arrival(number: int, size: int) -> Arrival:
        return Arrival(str(number), FileState(1, 1, 1, 1), utc_now(), (Article("x" * size),))

    small = [arrival(n, 10) for n in range(2 * BATCH + 1)]
    large = [arrival(n, 9_000_000) for n in range(3)]
    assert [len(batch) for batch in batches_of(small)] == [BATCH, BATCH, 1]
    assert [len(batch) for batch in batches_of(large)] == [2, 1]
    assert list(batches_of([])) == []


DATA = os.environ.get("ANNOTATOR_TEST_DATA")


@pytest.mark.skipif(not DATA, reason="ANNOTATOR_TEST_DATA names no folder of real articles")
def test_real_files_become_articles_or_get_a_reason(store: Store, plan: WorkerPlan) -> None:
    folders = [Path(DATA or "", "articles", name) for name in ("withdrawal", "world")]
    files = sum(1 for folder in folders for path in folder.rglob("*") if path.is_file())
    done = add(folders, store=store, plan=plan)
    assert files > 0
    assert done.added + done.known + done.rejected == files
    assert (done.failed, store.queue.counts().waiting, store.queue.counts().ready) == (
        0,
        0,
        done.added,
    )
    again = add(folders, store=store, plan=plan)
    assert again == Added(known=done.added + done.known, rejected=done.rejected)
