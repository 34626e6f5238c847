"""How deep JSON values are nested. Deep ones can be read but not written again."""

from __future__ import annotations

from typing import Any

DEEPEST = 200
"""The deepest lists and objects that are read; a record is written within a few more."""


def is_too_deep(value: Any, most: int = DEEPEST) -> bool:
    """Whether lists and objects in a value are nested deeper than `most`."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(most):
        if not level:
            return False
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
    return bool(level)
