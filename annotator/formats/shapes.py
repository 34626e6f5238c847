"""Shapes of JSON values, written as values, so that signs of formats are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANY = object
"""Any value."""
SOME = "*"
"""As a key: any one of the keys."""
_LOOK = 50  # the number of items of a list, or keys of an object, that are examined


class _Absent:
    """The shape of a missing key."""


ABSENT = _Absent()


class _Empty:
    """An empty list."""


EMPTY = _Empty()


@dataclass(frozen=True, slots=True)
class Prefix:
    """A string with this prefix."""

    text: str


@dataclass(frozen=True, slots=True)
class ListStart:
    """A list that begins with items of these shapes, in order."""

    items: tuple[Any, ...]


def row(*items: Any) -> ListStart:
    """The shape of a list that begins with items of these shapes."""
    return ListStart(items)


def fits(value: Any, shape: Any) -> bool:
    """Whether a value has a shape.

    An object requires its keys, each with a value of the given shape (a tuple of names is one key
    under any of them); a list with one item requires a list in which some item has that shape; an
    empty list matches any list; a tuple matches any of its shapes; a type matches its values (but
    booleans are not numbers); anything else matches an equal value.
    """
    if shape is EMPTY:
        return isinstance(value, list) and not value
    if isinstance(shape, Prefix):
        return isinstance(value, str) and value.startswith(shape.text)
    if isinstance(shape, Mapping):
        return isinstance(value, Mapping) and all(
            _has(value, key, wanted) for key, wanted in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(value, list) and (
            not shape or any(fits(one, shape[0]) for one in value[:_LOOK])
        )
    if isinstance(shape, ListStart):
        return (
            isinstance(value, list)
            and len(value) >= len(shape.items)
            and all(map(fits, value, shape.items))
        )
    if isinstance(shape, tuple):
        return any(fits(value, one) for one in shape)
    if isinstance(shape, type):
        is_truth = isinstance(value, bool) and shape not in (bool, object)
        return isinstance(value, shape) and not is_truth
    same: bool = value == shape
    return same


def _has(value: Mapping[str, Any], key: str | tuple[str, ...], shape: Any) -> bool:
    if key == SOME:
        return any(fits(one, shape) for one in list(value.values())[:_LOOK])
    there = [name for name in ((key,) if isinstance(key, str) else key) if name in value]
    if not there:
        return shape is ABSENT or (isinstance(shape, tuple) and ABSENT in shape)
    return any(fits(value[name], shape) for name in there)
