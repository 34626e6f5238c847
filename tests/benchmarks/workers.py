"""The gain of a second worker, and the memory of workers over time.

`python -m tests.benchmarks.workers [--articles 200] [--runs 3] [--growing 10000] [--json]`

Two workers beside one, on the articles under ANNOTATOR_TEST_DATA: CPU seconds of all processes
(bar: 1.05 of one worker's) and wall time from the first text to the last commit (bar: 0.70),
medians of runs that take turns; loading is left out. Beside that the same for bare spaCy in one
process and in two: what sharing a processor's memory and cache costs by itself, which no program
on it can do without. Then `--growing` articles, each with fifteen
words that no other has, through two workers: the most resident memory that each has in the second
half beside the most in the first, and what each keeps when it has nothing to do, at the end beside
half way (bar: 10 MB more, both). A busy worker keeps what it has freed and an idle one gives it
back, so that single looks at any moment tell nothing. Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin
from annotator.errors import ReadError
from annotator.inbox.readers import articles_of
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.pool import Pool
from annotator.ingest.worker_process import KEEP_MEMORY, ONE_THREAD
from annotator.store.store import Store
from annotator.suggest.pipeline import shipped_folder
from tests.benchmarks.ingest_cost import cpu_of

CPU_BAR, WALL_BAR = 1.05, 0.70
GROWTH_BAR = 10.0
_BATCH = 64
_IDLE_AFTER = 5.0
_PLAIN = ["The mayor of Varnholm said on Tuesday that the bridge would stay closed."]
_PIPED = 8  # texts at a time, as in a worker


def main() -> int:
    """Prints the figures; exit status 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--growing", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--bare", type=int, nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    texts = real_texts(chosen.articles)
    if chosen.bare:
        part, parts = chosen.bare
        return one_bare_process(texts[part::parts])
    if not texts:
        print("ANNOTATOR_TEST_DATA names no folder with articles/world.", file=sys.stderr)
        return 2
    runs: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    bare_runs: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    for _ in range(chosen.runs):
        for workers in runs:
            runs[workers].append(cost(texts, workers))
            bare_runs[workers].append(bare_cost(chosen.articles, workers))
    cpu, wall = two_beside_one(runs)
    bare_cpu, bare_wall = two_beside_one(bare_runs)
    growth = memory_growth(chosen.growing) if chosen.growing else {}
    result = {
        "cpu_ratio": round(cpu, 3),
        "wall_ratio": round(wall, 3),
        "bare_cpu_ratio": round(bare_cpu, 3),
        "bare_wall_ratio": round(bare_wall, 3),
        "runs": {n: [[round(x, 2) for x in run] for run in costs] for n, costs in runs.items()},
        "growth_mb": growth,
    }
    if chosen.json:
        print(json.dumps(result))
    else:
        print(f"two workers beside one, {len(texts)} articles: CPU {cpu:.3f} (bar {CPU_BAR}), ")
        print(f"wall {wall:.3f} (bar {WALL_BAR})")
        print(f"two bare processes beside one: CPU {bare_cpu:.3f}, wall {bare_wall:.3f}")
        print(f"memory of each worker, second half of {chosen.growing}, MB more: {growth}")
    grown = any(mb > GROWTH_BAR for each in growth.values() for mb in each)
    missed = cpu > CPU_BAR or wall > WALL_BAR or grown
    return 1 if missed else 0


def two_beside_one(runs: dict[int, list[tuple[float, float]]]) -> tuple[float, float]:
    """The medians of two processes' CPU and wall seconds, each divided by those of one."""
    cpu, wall = (
        statistics.median(run[n] for run in runs[2]) / statistics.median(run[n] for run in runs[1])
        for n in (0, 1)
    )
    return cpu, wall


def real_texts(count: int) -> list[str]:
    folder = Path(os.environ.get("ANNOTATOR_TEST_DATA", "."), "articles", "world")
    texts: dict[str, None] = {}
    for path in sorted(folder.glob("*.txt"))[:count]:
        try:
            texts.update((a.text, None) for a in articles_of(path.read_bytes(), path.name))
        except ReadError:
            continue
    return list(texts)


def cost(texts: list[str], workers: int) -> tuple[float, float]:
    """CPU seconds of all processes and wall seconds for these texts."""
    with tempfile.TemporaryDirectory() as folder:
        store, pool = begin(folder, workers)
        # Forked helpers aside, all that works is this process and the workers.
        cpu = time.process_time() + sum(cpu_of(pid) for pid in pool.pids)
        began = time.monotonic()
        _take_in(store, pool, texts)
        while store.work.waiting():
            pool.tick(0.1)
        wall = time.monotonic() - began
        cpu = time.process_time() + sum(cpu_of(pid) for pid in pool.pids) - cpu
        pool.stop()
        store.close()
    return cpu, wall


def bare_cost(articles: int, processes: int) -> tuple[float, float]:
    """CPU seconds and wall seconds of so many processes that do nothing but ask spaCy."""
    command = [sys.executable, "-m", "tests.benchmarks.workers", "--articles", str(articles)]
    started = [
        subprocess.Popen(
            [*command, "--bare", str(part), str(processes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=KEEP_MEMORY | os.environ | ONE_THREAD,
            text=True,
        )
        for part in range(processes)
    ]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    costs = [tuple(map(float, process.communicate()[0].split())) for process in started]
    return sum(cpu for cpu, _ in costs), max(wall for _, wall in costs)


def one_bare_process(texts: list[str]) -> int:
    """Says that it is ready, waits for a line, and prints what spaCy alone took for the texts."""
    import spacy

    nlp = spacy.load(shipped_folder())
    list(nlp.pipe(_PLAIN))
    print("ready", flush=True)
    sys.stdin.readline()
    cpu, began = time.process_time(), time.monotonic()
    for start in range(0, len(texts), _PIPED):
        list(nlp.pipe(texts[start : start + _PIPED]))
    print(time.process_time() - cpu, time.monotonic() - began)
    return 0


def memory_growth(articles: int) -> dict[str, list[float]]:
    """Megabytes that each of two workers grew by over the second half of so many articles.

    `peak`: of the most it had at any look, twice a second; `idle`: of what it kept with nothing to
    do.
    """
    with tempfile.TemporaryDirectory() as folder:
        store, pool = begin(folder, 2)
        halves: list[dict[str, dict[int, float]]] = []
        texts = enumerate(strange_texts(articles), start=1)
        for _ in range(2):
            peaks = dict.fromkeys(pool.pids, 0.0)
            for number, text in islice(texts, articles // 2):
                _take_in(store, pool, [text], number)
                while number % _BATCH == 0 and store.work.waiting() > 4 * _BATCH:
                    _look(pool, peaks)
            while store.work.waiting():
                _look(pool, peaks)
            until = time.monotonic() + _IDLE_AFTER
            while time.monotonic() < until:
                pool.tick(0.5)
            idle = {pid: _resident(pid) for pid in pool.pids}
            halves.append({"peak": peaks, "idle": idle})
        first, second = halves
        growth = {
            kind: [round(second[kind][pid] - first[kind][pid], 1) for pid in pool.pids]
            for kind in first
        }
        pool.stop()
        store.close()
    return growth


def _look(pool: Pool, peaks: dict[int, float]) -> None:
    pool.tick(0.5)
    for pid in pool.pids:
        peaks[pid] = max(peaks[pid], _resident(pid))


def begin(folder: str, workers: int) -> tuple[Store, Pool]:
    """A store and a pool whose workers have all loaded their pipeline."""
    url = f"sqlite:///{folder}/annotator.db"
    store = Store.open(url)
    pool = Pool(WorkerPlan(url), store=store, workers=workers)
    pool.start()
    ready = 0
    while ready < workers:
        ready += sum(what["event"] == "ready" for what in pool.tick(0.1))
    return store, pool


def strange_texts(count: int) -> Iterator[str]:
    """Short articles, each with fifteen words that were never seen before."""
    chance = random.Random(3)
    letters = "bcdfghklmnprstvw"

    def word() -> str:
        return "".join(chance.choice(letters) + chance.choice("aeiou") for _ in range(4))

    for number in range(count):
        names = [word().title() for _ in range(15)]
        yield (
            f"Bridge {number} closed\n\n{names[0]} {names[1]}, the mayor of {names[2]}, said on "
            f"Tuesday that the bridge would stay closed. “We will not open it,” {names[3]} told "
            f"{names[4]}. Police in {names[5]} denied that {names[6]} {names[7]} had been "
            f"there, according to {names[8]}.\n\nThe {names[9]} company, based in {names[10]}, "
            f"said it had lost 3 million euros. {names[11]}, {names[12]} and {names[13]} want the "
            f"minister, {names[14]}, to step down.\n"
        )


def _take_in(store: Store, pool: Pool, texts: Iterable[str], first: int = 0) -> None:
    at = datetime.now(UTC)
    batch: list[Arrival] = []
    for number, text in enumerate(texts, start=first):
        article = Article(text, origin=Origin(name=f"{number}.txt"))
        batch.append(Arrival(f"/in/{number}.txt", FileState(number, 1, 1, 1), at, (article,)))
        if len(batch) == _BATCH:
            store.files.take_in(batch)
            pool.wake()
            batch = []
    store.files.take_in(batch)
    pool.wake()


def _resident(pid: int) -> float:
    """Resident memory in megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
