"""What an inbox passes over without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.inbox.ignoring import IGNORE_FILE, Ignoring


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        "._a.txt",
        ".a.txt.swp",
        "a.txt~",
        "~$a.docx",
        "a.part",
        "a.crdownload",
        "a.tmp",
        "Thumbs.db",
        "desktop.ini",
        "#a.txt#",
        ".goutputstream-X1",
        "README",
        "README.md",
        "LICENSE.txt",
    ],
)
def test_what_programs_leave_behind_is_passed_over(tmp_path: Path, name: str) -> None:
    assert Ignoring(tmp_path).ignores(name, name, is_folder=False)


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "readme-why.txt", "_a.txt", "a", "~"])
def test_whatever_may_be_meant_as_an_article_is_not(tmp_path: Path, name: str) -> None:
    passed_over = Ignoring(tmp_path).ignores(name, name, is_folder=False)
    assert passed_over == (name == "~")


@pytest.mark.parametrize("name", [".git", "_drafts", "@eaDir"])
def test_hidden_folders_are_passed_over(tmp_path: Path, name: str) -> None:
    assert Ignoring(tmp_path).ignores(name, name, is_folder=True)


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder", "expected"),
    [
        ("gold/", "gold", True, True),
        ("gold/", "gold", False, False),
        ("gold/", "deep/gold", True, True),
        ("/gold/", "deep/gold", True, False),
        ("*.log", "deep/a.log", False, True),
        ("drafts/*.txt", "drafts/a.txt", False, True),
        ("drafts/*.txt", "drafts/deep/a.txt", False, False),
        ("drafts/**", "drafts/deep/a.txt", False, True),
        ("day/[0-9]*.txt", "day/7.txt", False, True),
        ("day/[0-9]*.txt", "day/a.txt", False, False),
        ("a/b[!x]c", "a/b/c", False, False),
        ("a[/b]", "a[/b]", False, True),
        ("**/old/*.txt", "a/b/old/c.txt", False, True),
        ("**/old/*.txt", "old/c.txt", False, True),
        ("a?.txt", "ab.txt", False, True),
        ("# a.txt", "a.txt", False, False),
        ("", "a.txt", False, False),
    ],
)
def test_the_inbox_s_own_list(
    tmp_path: Path, pattern: str, path: str, is_folder: bool, expected: bool
) -> None:
    (tmp_path / IGNORE_FILE).write_text(f"# what is no article\n{pattern}\n")
    ignoring = Ignoring(tmp_path)
    ignoring.refresh()
    name = path.rpartition("/")[2]
    assert ignoring.ignores(path, name, is_folder=is_folder) == expected


def test_the_list_is_read_again_when_it_changes(tmp_path: Path) -> None:
    ignoring = Ignoring(tmp_path)
    ignoring.refresh()
    assert not ignoring.ignores("a.txt", "a.txt", is_folder=False)
    (tmp_path / IGNORE_FILE).write_text("a.txt\n")
    ignoring.refresh()
    assert ignoring.ignores("a.txt", "a.txt", is_folder=False)
    (tmp_path / IGNORE_FILE).unlink()
    ignoring.refresh()
    assert not ignoring.ignores("a.txt", "a.txt", is_folder=False)
