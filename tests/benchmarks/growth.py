"""What benchmarks of growth have in common: a large store beside a small one, a bar for the ratio.

`measure` takes the number of articles of the large store; of its figures, `ratio` is compared with
the bar.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping


def main_of(told: str, measure: Callable[[int], Mapping[str, object]], *, bar: float) -> int:
    """Print the figures; returns the exit status, 1 if the ratio is above the bar."""
    parser = argparse.ArgumentParser(description=told.split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    result = measure(chosen.articles)
    if chosen.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name}: {value}")
    ratio = result["ratio"]
    assert isinstance(ratio, float)
    return int(ratio > bar)
