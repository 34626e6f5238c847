"""How often intervals of agreement hold the value in the long run; the stated rate is 95 %.

    python -m tests.benchmarks.interval_coverage [--json] [--rounds N]

Pairs of reviews are simulated (tests/helpers/simulated_agreement.py) with 5 to 200 articles in
each round. The bar is 0.93 from ten articles on; with fewer the verb says that they are too few.
"""

from __future__ import annotations

import argparse
import json

from tests.helpers.simulated_agreement import coverage

SIZES = (5, 10, 20, 50, 200)
BAR = 0.93


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=2000)
    chosen = parser.parse_args()
    found = {size: coverage(size, chosen.rounds, seed=size) for size in SIZES}
    if chosen.json:
        print(json.dumps({"coverage": found}))
    else:
        for size, rates in found.items():
            told = "  ".join(f"{name} {rate:.3f}" for name, rate in rates.items())
            print(f"{size:>4} articles  {told}")
    enough = [rate for size, rates in found.items() if size >= 10 for rate in rates.values()]
    return int(min(enough) < BAR)


if __name__ == "__main__":
    raise SystemExit(main())
