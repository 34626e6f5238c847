"""Foreign text cannot control a terminal, by whichever way it gets there."""

from __future__ import annotations

import json
import logging
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.text.harmless import escaped_in_json, harmless, harmless_json, harmless_line
from annotator.logs import JsonLines, PlainLines

HOSTILE = {
    "title": "\x1b]0;PWNED\x07",
    "clipboard": "\x1b]52;c;UFdORUQ=\x1b\\",
    "link": "\x1b]8;;file:///etc\x1b\\here\x1b]8;;\x1b\\",
    "colour": "\x9b31m",
    "clear": "\x1bc",
    "bell": "\x07",
    "back": "good\x08\x08\x08\x08evil",
    "return": "good\revil",
    "delete": "a\x7fb",
    "reversed": "\u202egpj.exe",
    "isolated": "\u2066a\u2069",
    "half a character": "\udc9b",
    "line of Unicode's": "a\u2028annotator: done",
}
any_text = st.text(st.characters(exclude_categories=()))


def acts(letter: str) -> bool:
    """Whether a terminal, or whoever reads a line in order, could be misled by a character."""
    return (
        unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(letter) in ("LRE", "RLE", "LRO", "RLO", "PDF")
        or unicodedata.bidirectional(letter) in ("LRI", "RLI", "FSI", "PDI")
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_control_character_is_left(text: str) -> None:
    assert not any(map(acts, harmless_line(text)))


@given(any_text)
def test_only_tabs_and_line_ends_are_left_of_controls_in_any_text(text: str) -> None:
    assert {letter for letter in harmless(text) if acts(letter)} <= {"\t", "\n"}
    assert "\n" not in harmless_line(text)
    harmless(text).encode()


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"])))
def test_words_are_unchanged(text: str) -> None:
    assert harmless(text) == harmless_line(text) == text


@given(st.dictionaries(any_text, any_text))
def test_json_reads_back_the_same(value: dict[str, str]) -> None:
    line = harmless_json(value)
    assert not any(map(acts, line))
    assert json.loads(line) == value
    assert escaped_in_json(line) == line


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("formatter", [PlainLines(), JsonLines()], ids=["plain", "json"])
def test_no_log_contains_controls(formatter: logging.Formatter, text: str) -> None:
    record = logging.LogRecord("annotator", logging.INFO, "", 1, "read %s", (text,), None)
    assert not any(map(acts, formatter.format(record)))
