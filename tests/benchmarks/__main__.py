"""Runs every benchmark: `python -m tests.benchmarks` (or `make bench`).

Benchmarks that need data are skipped, with a message, if `ANNOTATOR_TEST_DATA` is not set.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

GOLD = sorted(str(file) for file in (Path(__file__).parents[2] / "seeds" / "gold").glob("*.jsonl"))
NEEDS_DATA = {"ingest_cost", "pipeline_quality", "claim_steps", "workers"}
BENCHMARKS = {
    "start_time": [],
    "latency": [],
    "resident_memory": [],
    "queue_size": [],
    "colours": [],
    "keys_to_gold": GOLD,
    "memory": GOLD,
    "own_reviews": [],
    "memory_cost": [],
    "search_cost": [],
    "board_cost": [],
    "tie_keys": [],
    "identities": [],
    "ingest_cost": [],
    "pipeline_quality": [],
    "claim_steps": [],
    "workers": [],
    "revisions": [],
    "bursts": [],
    "export_cost": [],
    "import_cost": [],
    "journal_cost": [],
    "agreement_cost": [],
    "interval_coverage": [],
    "kills": [],
}


def main() -> int:
    """Runs them all; the exit status is 1 if one of them failed or missed its bar."""
    failed = []
    for name, arguments in BENCHMARKS.items():
        print(f"== {name}", flush=True)
        if name in NEEDS_DATA and not os.environ.get("ANNOTATOR_TEST_DATA"):
            print("passed over: ANNOTATOR_TEST_DATA is not set")
            continue
        command = [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
