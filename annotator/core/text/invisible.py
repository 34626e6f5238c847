"""Invisible characters: ignored when a text is analysed, never removed from what is stored.

Watermarks and content credentials put variation selectors and joiners between the letters of a
text; web pages contain soft hyphens, zero-width spaces and direction marks. Characters that belong
to the preceding one are kept: the joiner in an emoji, in Persian or Hindi, the selector after an
ideograph.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass

INVISIBLE = (
    "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""All of them, as a character class without its brackets."""
JOINING = "\u0590-\u061b\u061d-\u08ff\u0900-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
"""Letters between which a joiner changes what is read: Arabic, Persian, the scripts of India. The
Arabic letter mark, U+061C, is none of them: it is invisible itself."""
_PICTURE = "[\u00a9\u00ae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff]"
_BELONGS = (
    "\U0001f3f4[\U000e0020-\U000e007e]{1,12}\U000e007f"  # flags of regions
    f"|{_PICTURE}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?(?:\u200d(?={_PICTURE}))?"
    "|[0-9#*]\ufe0f?\u20e3"
    f"|[{JOINING}][\u200c\u200d]"
    "|[\u3400-\u9fff\U00020000-\U000323af][\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_ANY = re.compile(f"[{INVISIBLE}]")
_RUN = re.compile(f"(?:{_BELONGS})|(?P<unseen>[{INVISIBLE}]+)")


@dataclass(frozen=True, slots=True)
class Visible:
    """The visible part of a text, with the original offset of each character."""

    text: str
    places: array[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of the visible characters `[start, end)`, at least one."""
        return self.places[start], self.places[end - 1] + 1


def seen_in(text: str) -> Visible | None:
    """The visible part of `text`; None if all of it is visible, as in nearly every text."""
    if text.isascii() or not _ANY.search(text):
        return None
    kept: list[str] = []
    places = array("L")
    start = 0
    for match in _RUN.finditer(text):
        if match.group("unseen"):
            kept.append(text[start : match.start()])
            places.extend(range(start, match.start()))
            start = match.end()
    if not start:
        return None
    kept.append(text[start:])
    places.extend(range(start, len(text)))
    return Visible("".join(kept), places)


def visible(text: str) -> str:
    """`text` without invisible characters."""
    seen = seen_in(text)
    return seen.text if seen else text
