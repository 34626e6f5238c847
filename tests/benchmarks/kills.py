"""A long crash test: `python -m tests.benchmarks.kills [--kills 120] [--seed 1] [--json]`

Files of every kind arrive in a workspace whose database is one of an older version with articles in
it, while the watcher, its workers and a reviewer are killed (SIGKILL) at random instants, start-up
and upgrade included. Counts what was lost, halved, taken twice or left without a row. Then the same
with a store that commits in the wrong order, which must be caught. Linux.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.e2e.crash_harness import kill_at_random
from tests.helpers.ingesting import save_quick_pipeline
from tests.helpers.older_store import make_older

ARTICLES_PER_KILL = 2
OLD_ARTICLES = 200


def main() -> int:
    """Prints what was found; exit status 1 if anything was lost, or the mistake went unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    sound = _run(chosen.kills, chosen.seed, "watch")
    careless = _run(max(40, chosen.kills // 3), chosen.seed, "watch-carelessly")
    caught = any(what.startswith("lost") for what in careless["complaints"])
    if chosen.json:
        print(json.dumps({"sound": sound, "careless": careless, "caught": caught}))
    else:
        print(
            f"{sound['kills']} kills, {sound['files']} files, {sound['decisions']} decisions "
            f"acknowledged: {len(sound['complaints'])} complaints"
        )
        print(*sound["complaints"], sep="\n")
        print(f"the wrong order of commits, {careless['kills']} kills: caught {caught}")
    return 0 if caught and not sound["complaints"] else 1


def _run(kills: int, seed: int, watcher: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "inbox").mkdir()
        save_quick_pipeline(folder / "model")
        old = make_older(folder / "annotator.db", articles=OLD_ARTICLES)
        outcome = kill_at_random(
            folder,
            kills=kills,
            articles=kills * ARTICLES_PER_KILL,
            seed=seed,
            watcher=watcher,
            earlier=old,
        )
    return {
        "kills": outcome.kills,
        "files": outcome.files,
        "decisions": outcome.decisions,
        "complaints": list(outcome.complaints),
    }


if __name__ == "__main__":
    sys.exit(main())
