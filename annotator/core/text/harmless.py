"""Makes text from outside harmless before it is printed.

Names of files, labels, titles and reviewers come from other people. A terminal acts on some
characters (escapes set titles, move the cursor, write the clipboard), and others reverse the order
of a line; none of these may reach it.
"""

from __future__ import annotations

import json
import re
from typing import Any

# C0 and C1 controls except tab and line feed, bidirectional controls, Unicode line separators, and
# surrogates, which cannot be encoded.
_ACTS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_HARMFUL = re.compile(f"[{_ACTS}]")
_HARMFUL_IN_LINE = re.compile(f"[\n{_ACTS}]")
_SHOWN = "\N{REPLACEMENT CHARACTER}"


def harmless(text: str) -> str:
    """`text` with U+FFFD for each character that a terminal would act on; line ends stay."""
    return _HARMFUL.sub(_SHOWN, text)


def harmless_line(text: str) -> str:
    """The same for one line: line ends are replaced too."""
    return _HARMFUL_IN_LINE.sub(_SHOWN, text)


def harmless_json(value: Any) -> str:
    """`value` as one line of JSON, with the characters that a terminal would act on escaped. Values
    that JSON does not support are written as text."""
    return escaped_in_json(json.dumps(value, ensure_ascii=False, default=str))


def escaped_in_json(line: str) -> str:
    """One line of JSON with escapes for the characters that a terminal would act on; it parses to
    the same value."""
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
