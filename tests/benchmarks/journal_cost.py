"""What the journal costs: CPU of the check of a store, of the upgrade that chains an old one.

    python -m tests.benchmarks.journal_cost [--articles N] [--json]

- `verified`: decisions that `verify` checks in a second of CPU, in a store of N finished reviews
  of about 55 items each (exports aside); `growth`: by how many MB the peak memory grows meanwhile.
- `chained`: decisions that get chain values in a second of CPU when an old store is upgraded.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from annotator.core.annotations import Verdict
from annotator.store.journal.existing_logs import chain_everything
from annotator.store.store import Store
from tests.benchmarks.import_cost import full, write
from tests.helpers.importing import bring_in
from tests.helpers.stores import without_syncing


def measured(articles: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        records = islice(full(Verdict.ACCEPTED), articles)
        file = write(Path(folder, "accepted.jsonl"), records)
        store = without_syncing(Store.open(f"sqlite:///{folder}/annotator.db"))
        bring_in(store, file, reviewer="bo")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, entries = time.process_time(), 0
        for article in store.checks.articles():
            assert not article.problems, article.problems
            entries += article.entries
        assert not list(store.checks.whole())
        verified = entries / (time.process_time() - began)
        growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        began = time.process_time()
        with store.database.writing() as connection:
            chain_everything(connection)
        chained = entries / (time.process_time() - began)
        store.close()
    return {"verified": round(verified), "chained": round(chained), "growth": round(growth, 1)}


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    result = measured(chosen.articles)
    if chosen.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:<10} {value:10,.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
