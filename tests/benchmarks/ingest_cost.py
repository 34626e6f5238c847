"""The cost of taking in articles, relative to the bare pipeline on the same texts.

`python -m tests.benchmarks.ingest_cost [--model NAME] [--runs 5] [--articles 200] [--json]`

CPU seconds, user and system, of all processes from the first text to the last commit; imports and
loading are left out on both sides. One worker, one BLAS thread, batches of 32. The articles are
those of `articles/world` under ANNOTATOR_TEST_DATA. Each run is a process of its own; bare and
ingest runs take turns, so that a busy machine disturbs both alike.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BATCH = 32
BAR = 1 / 0.90
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_PLAIN = "The mayor of Varnholm said on Tuesday that the bridge would stay closed."


def main() -> int:
    """Prints medians and their ratio; exit status 1 if the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", choices=("bare", "ingest"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    folder = os.environ.get("ANNOTATOR_TEST_DATA")
    if not folder:
        print("ANNOTATOR_TEST_DATA names no folder with articles/world.", file=sys.stderr)
        return 2
    files = sorted(Path(folder, "articles", "world").glob("*.txt"))[: chosen.articles]
    if chosen.one:
        measure = {"bare": bare_cost, "ingest": ingest_cost}[chosen.one]
        print(json.dumps(measure(files, chosen.model or None)))
        return 0
    costs: dict[str, list[float]] = {"bare": [], "ingest": []}
    articles = 0
    for _ in range(chosen.runs):
        for kind, runs in costs.items():
            seconds, articles = one_run(kind, chosen.model, chosen.articles)
            runs.append(seconds)
    return tell(costs, articles, as_json=chosen.json)


def tell(costs: dict[str, list[float]], articles: int, *, as_json: bool) -> int:
    bare, ingest = (statistics.median(costs[kind]) for kind in ("bare", "ingest"))
    ratio = ingest / bare
    result = {
        "articles": articles,
        "bare_seconds": round(bare, 3),
        "ingest_seconds": round(ingest, 3),
        "ratio": round(ratio, 4),
        "bar": round(BAR, 4),
        "runs": {kind: [round(run, 3) for run in runs] for kind, runs in costs.items()},
    }
    if as_json:
        print(json.dumps(result))
    else:
        print(
            f"bare pipeline {bare:.2f} s, taking in {ingest:.2f} s of CPU for {articles} articles"
        )
        print(f"ratio {ratio:.3f} (bar {BAR:.3f})")
    return 0 if ratio <= BAR else 1


def one_run(kind: str, model: str, articles: int) -> tuple[float, int]:
    command = [sys.executable, "-m", "tests.benchmarks.ingest_cost", "--one", kind]
    command += ["--model", model, "--articles", str(articles)]
    done = subprocess.run(
        command, env=os.environ | _ONE_THREAD, stdout=subprocess.PIPE, check=True, text=True
    )
    seconds, count = json.loads(done.stdout.splitlines()[-1])
    return float(seconds), int(count)


def bare_cost(files: list[Path], model: str | None) -> tuple[float, int]:
    """CPU seconds of `nlp.pipe` over the texts that ingest would store, and how many they are."""
    from annotator.errors import ReadError
    from annotator.inbox.readers import articles_of
    from annotator.suggest.pipeline import load

    texts: dict[str, None] = {}
    for path in files:
        try:
            texts.update(
                (article.text, None) for article in articles_of(path.read_bytes(), path.name)
            )
        except ReadError:
            continue
    nlp = load(model).nlp
    nlp(_PLAIN)
    began = time.process_time()
    for _ in nlp.pipe(list(texts), batch_size=BATCH):
        pass
    return time.process_time() - began, len(texts)


def ingest_cost(files: list[Path], model: str | None) -> tuple[float, int]:
    """CPU seconds of this process and its worker for the same files, and how many articles."""
    from annotator.inbox.files import state_at
    from annotator.inbox.reading import ReadingRules, arrivals_of, batches_of
    from annotator.inbox.scanning import Seen
    from annotator.ingest.plan import WorkerPlan
    from annotator.ingest.pool import Pool
    from annotator.store.store import Store

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/annotator.db"
        store = Store.open(url)
        pool = Pool(WorkerPlan(url, model, batch=BATCH), store=store, workers=1)
        pool.start()
        while not pool.is_ready:
            pool.tick(0.1)
        began = time.process_time() + cpu_of(pool.pids[0])
        seen = (Seen(str(path), state) for path in files if (state := state_at(path)))
        arrivals = (arrival for one in seen for arrival in arrivals_of(one, ReadingRules()))
        for batch in batches_of(arrivals):
            store.files.take_in(batch)
            pool.wake()
        while store.work.waiting():
            pool.tick(0.5)
        seconds = time.process_time() + cpu_of(pool.pids[0]) - began
        articles = store.queue.counts().ready
        pool.stop()
        store.close()
    return seconds, articles


def cpu_of(pid: int) -> float:
    """User and system seconds of a living process, from /proc (Linux; to a hundredth)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
