"""Words from outside, made harmless before a terminal gets them.

Names of files, labels, titles and reviewers come from other people. A terminal acts on some
characters (escapes set titles, move the cursor, write the clipboard), and others turn the order of
a line around; none of them may reach it.
"""

from __future__ import annotations

import json
import re
from typing import Any

# C0 and C1 controls without tab and line end, bidirectional controls, Unicode's own line ends, and
# halves of characters, which no terminal can be sent.
_ACTS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_HARMFUL = re.compile(f"[{_ACTS}]")
_HARMFUL_IN_LINE = re.compile(f"[\n{_ACTS}]")
_SHOWN = "\N{REPLACEMENT CHARACTER}"


def harmless(text: str) -> str:
    """`text` with U+FFFD for each character on which a terminal would act; line ends stay."""
    return _HARMFUL.sub(_SHOWN, text)


def harmless_line(text: str) -> str:
    """The same for what is to be one line: its line ends are replaced too."""
    return _HARMFUL_IN_LINE.sub(_SHOWN, text)


def harmless_json(value: Any) -> str:
    """`value` as JSON on one line, which reads back the same; what a terminal would act on is
    escaped. What JSON does not know is written as text."""
    return escaped_in_json(json.dumps(value, ensure_ascii=False, default=str))


def escaped_in_json(line: str) -> str:
    """One line of JSON with escapes for what a terminal would act on; it reads back the same."""
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
