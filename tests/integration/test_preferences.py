"""What was chosen for the screens of a workspace is kept in a file of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from annotator.tui.preferences import Preferences


def test_choices_are_kept_for_the_next_session_beside_those_of_others(tmp_path: Path) -> None:
    one, other = Preferences(tmp_path), Preferences(tmp_path)
    one.choose("palette", ("a", "b"))
    one.save()
    other.choose("theme", "light")
    other.save()
    kept = Preferences(tmp_path)
    assert (kept.words("palette"), kept.word("theme")) == (("a", "b"), "light")
    assert (kept.word("palette"), kept.words("theme"), kept.word("none")) == (None, (), None)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[" * 200_000, '{"palette": 3, "theme": [1], "x": null}']
)
def test_a_damaged_file_of_choices_means_that_none_were_made(tmp_path: Path, text: str) -> None:
    kept = tmp_path / ".annotator" / "preferences.json"
    kept.parent.mkdir()
    kept.write_text(text, encoding="utf-8")
    assert Preferences(tmp_path).words("palette") == ()
    assert Preferences(tmp_path).word("theme") is None


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / ".annotator").mkdir()
    os.mkfifo(tmp_path / ".annotator" / "preferences.json")
    assert Preferences(tmp_path).word("theme") is None


def test_files_without_text_do_not_stop_others(tmp_path: Path) -> None:
    (tmp_path / ".annotator").mkdir()
    (tmp_path / ".annotator" / "preferences.json").write_text('{"palette": "\\ud800"}')
    choices = Preferences(tmp_path)
    choices.choose("theme", "light")
    choices.save()
    assert Preferences(tmp_path).word("theme") == "light"


def test_choices_that_cannot_be_kept_hold_for_the_session(tmp_path: Path) -> None:
    (tmp_path / ".annotator").write_text("a file where a folder should be", encoding="utf-8")
    choices = Preferences(tmp_path)
    choices.choose("theme", "light")
    choices.save()
    assert choices.word("theme") == "light"
