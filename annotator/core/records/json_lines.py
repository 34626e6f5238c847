"""One JSON value in a line of a list that somebody else wrote."""

from __future__ import annotations

import json
from typing import Any

from annotator.errors import RecordError


def value_in(line: str) -> Any:
    """The value; raises RecordError for what is not JSON, and for an object with a key twice, of
    which other programs may take either value."""
    try:
        return json.loads(line, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise RecordError("this is not JSON") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if found.setdefault(key, value) != value:
            raise RecordError(f"an object has {key!r:.60} twice with different values")
    return found
