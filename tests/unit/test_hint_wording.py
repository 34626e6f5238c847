"""Hints in the words for a file in the inbox, for a file elsewhere and for piped text."""

import pytest

from annotator.errors import Command, FileError, Hint, ReadError, ReadFrom

UNPACK = Hint("Unpack it first", Command("gunzip < a.gz > a", "gunzip"), piped="Unpack it")
CONVERT = Hint("Convert it", Command("djvutxt a.djvu"), more="(or not).", piped="Convert it first.")
RENAME = Hint("Rename it", Command("jq .x a.json > b.json", "jq .x"))
MEND = Hint("Fix line 3", more="The rest is known.", retries_by_itself=True, subject="the file")
PLAIN = Hint("Save it again.")
BY_HAND = "annotator add --retry-rejected"
PIPED_AGAIN = "Fix that and pipe it again; articles taken in already are recognised."


@pytest.mark.parametrize(
    ("hint", "inbox", "elsewhere", "pipe"),
    [
        (PLAIN, "Save it again.", "Save it again.", "Save it again."),
        (
            UNPACK,
            "Unpack it first: gunzip < a.gz > a",
            "Unpack it first: gunzip < a.gz > a",
            "Unpack it: … | gunzip | annotator add -",
        ),
        (
            CONVERT,
            "Convert it: djvutxt a.djvu (or not).",
            "Convert it: djvutxt a.djvu (or not).",
            "Convert it first.",
        ),
        (
            RENAME,
            "Rename it: jq .x a.json > b.json",
            "Rename it: jq .x a.json > b.json",
            "Rename it: … | jq .x | annotator add -",
        ),
        (
            MEND,
            "Fix line 3; the file is then read again by itself. The rest is known.",
            f"Fix line 3; then have it read again: {BY_HAND}. The rest is known.",
            PIPED_AGAIN,
        ),
    ],
    ids=["plain", "filter", "command", "same words", "read again"],
)
def test_a_hint_is_worded_for_where_the_text_came_from(
    hint: Hint, inbox: str, elsewhere: str, pipe: str
) -> None:
    assert [hint.worded(source) for source in ReadFrom] == [inbox, elsewhere, pipe]
    assert ReadError("No.", hint=hint).hint == inbox


@pytest.mark.parametrize("source", ReadFrom)
def test_a_further_sentence_stands_at_the_end(source: ReadFrom) -> None:
    assert PLAIN.then("Or not.").worded(source) == "Save it again. Or not."


def test_an_error_about_a_file_calls_piped_text_no_file() -> None:
    error = FileError("is empty", hint=MEND)
    assert [error.worded(source).message for source in ReadFrom] == [
        "The file is empty.",
        "The file is empty.",
        "What was given is empty.",
    ]
    assert error.worded(ReadFrom.PIPE).hint == PIPED_AGAIN
    assert ReadError("The page is empty.").worded(ReadFrom.PIPE).message == "The page is empty."
