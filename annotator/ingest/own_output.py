"""A standard output of one's own for a process whose libraries may print."""

from __future__ import annotations

import os
import sys


def own_output() -> int:
    """A descriptor of standard output; what libraries print goes to standard error from now on."""
    sys.stdout.flush()
    out = os.dup(1)
    os.dup2(2, 1)
    return out
