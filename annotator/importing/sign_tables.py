"""All signs of supported and unsupported formats, with lookup.

Each format module defines its signs; importing these loads no large library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from annotator.formats import FORMATS, format_named
from annotator.formats.base import Format
from annotator.formats.shapes import fits
from annotator.formats.signs import Sign, Signs
from annotator.importing.foreign_heads import FOREIGN_HEADS
from annotator.importing.foreign_values import FOREIGN_VALUES


@dataclass(frozen=True, slots=True)
class Recognised:
    """The matching sign of a file, and the format that reads it; None if unsupported."""

    sign: Sign
    form: Format | None = None


@cache
def formats() -> tuple[Format, ...]:
    """All formats, in the order of `FORMATS`."""
    return tuple(map(format_named, FORMATS))


@cache
def value_signs() -> tuple[Recognised, ...]:
    """All signs of JSON, in the order in which they are tried."""
    return _in_order(FOREIGN_VALUES, lambda signs: signs.values)


@cache
def head_signs() -> tuple[Recognised, ...]:
    """All signs of other files, in the order in which they are tried."""
    return _in_order(FOREIGN_HEADS, lambda signs: signs.heads)


def by_values(values: Sequence[Any]) -> Recognised | None:
    """The sign that matches the first values of a file; None if none does."""
    for one in value_signs():
        enough = any if one.form else all
        if values and enough(fits(value, one.sign.shape) for value in values):
            return one
    return None


def by_head(head: str) -> Recognised | None:
    """The sign that matches the beginning of a file; None if none does."""
    return next((one for one in head_signs() if re.search(one.sign.head, head, re.MULTILINE)), None)


def _in_order(
    foreign: Iterable[Sign], of: Callable[[Signs], Iterable[Sign]]
) -> tuple[Recognised, ...]:
    found = [Recognised(sign) for sign in foreign]
    for form in formats():
        found += (Recognised(sign, None if sign.out else form) for sign in of(form.signs))
    return tuple(sorted(found, key=lambda one: one.sign.strength))
