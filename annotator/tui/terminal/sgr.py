"""The colours of a frame in fewer bytes.

Rich writes the whole style before each piece of text and takes it back after it. A terminal keeps
its style until told otherwise, so only what differs from the piece before need be sent: about half
of all bytes of a frame, which take time over a slow line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

_STYLE = re.compile(r"\x1b\[([0-9;]*)m")
_ONLY_MOVES = re.compile(r"(?:(?:\x1b\[\d+;\d+H|\r?\n)*(\x1b\[\d+;\d+H))?")
_RESET = "\x1b[0m"
# What ends an attribute: bold and faint, italic, underlined, blinking, reversed, hidden, struck.
_ENDS = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 7: 27, 8: 28, 9: 29}
_DEFAULT_INK, _DEFAULT_GROUND = "39", "49"
# How many numbers follow 38 or 48, by the first of them: a colour of the 256, or red, green, blue.
_LENGTHS = {5: 1, 2: 3}


class _Style(NamedTuple):
    """What a terminal draws with; a colour as it is written, empty for the default."""

    attributes: tuple[int, ...] = ()
    ink: str = ""
    ground: str = ""


_PLAIN = _Style()


def shortened(written: str) -> str:
    """The same output with shorter changes of style; it ends with the default style if it has any
    style. Output with something unknown is returned as it is."""
    first, *parts = _STYLE.split(written)
    if len(parts) < 4:  # a single style, and its end
        return written
    try:
        return first + "".join(_joined(parts))
    except ValueError:
        return written


def _joined(parts: list[str]) -> Iterator[str]:
    shown = wanted = _PLAIN
    for numbers, text in zip(parts[::2], parts[1::2], strict=True):
        wanted = _after(wanted, numbers)
        if moves := _ONLY_MOVES.fullmatch(text):
            yield moves[1] or ""  # the last one tells the place
            continue
        if wanted is not shown:
            yield _change(shown, wanted)
            shown = wanted
        yield text
    if shown != _PLAIN:
        yield _RESET


@lru_cache(maxsize=1024)
def _after(style: _Style, numbers: str) -> _Style:
    """The style after a sequence; raises ValueError if that is not known."""
    attributes, ink, ground = set(style.attributes), style.ink, style.ground
    rest = iter([int(number or 0) for number in numbers.split(";")])
    for number in rest:
        if number == 0:
            attributes, ink, ground = set(), "", ""
        elif number in _ENDS:
            attributes.add(number)
        elif number in (38, 48):
            colour = ";".join(map(str, (number, *_colour(rest))))
            ink, ground = (colour, ground) if number == 38 else (ink, colour)
        elif 30 <= number <= 37 or 90 <= number <= 97:
            ink = str(number)
        elif 40 <= number <= 47 or 100 <= number <= 107:
            ground = str(number)
        else:
            raise ValueError(number)
    return _Style(tuple(sorted(attributes)), ink, ground)


def _colour(rest: Iterator[int]) -> Iterable[int]:
    kind = next(rest, 0)
    numbers = tuple(islice(rest, _LENGTHS.get(kind, 0)))
    if len(numbers) != _LENGTHS.get(kind):
        raise ValueError(kind)
    return kind, *numbers


@lru_cache(maxsize=4096)
def _change(old: _Style, new: _Style) -> str:
    """The shortest sequence that makes the second style of the first."""
    if old == new:
        return ""
    anew = ["0", *map(str, new.attributes), *filter(None, (new.ink, new.ground))]
    ended = {_ENDS[one] for one in old.attributes if one not in new.attributes}
    kept = {one for one in old.attributes if _ENDS[one] not in ended}
    by_parts = [
        *map(str, sorted(ended)),
        *(str(one) for one in new.attributes if one not in kept),
        *([new.ink or _DEFAULT_INK] if new.ink != old.ink else []),
        *([new.ground or _DEFAULT_GROUND] if new.ground != old.ground else []),
    ]
    return f"\x1b[{min(';'.join(by_parts), ';'.join(anew), key=len)}m"
