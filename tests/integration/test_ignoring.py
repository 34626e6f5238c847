"""Files that an inbox silently ignores."""

from __future__ import annotations

import os
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
def test_leftovers_of_programs_are_ignored(tmp_path: Path, name: str) -> None:
    assert Ignoring(tmp_path).ignores(name, name, is_folder=False)


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "readme-why.txt", "_a.txt", "a", "~"])
def test_possible_articles_are_not_ignored(tmp_path: Path, name: str) -> None:
    passed_over = Ignoring(tmp_path).ignores(name, name, is_folder=False)
    assert passed_over == (name == "~")


@pytest.mark.parametrize("name", [".git", "_drafts", "@eaDir"])
def test_hidden_folders_are_ignored(tmp_path: Path, name: str) -> None:
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
        ("a[/b]", "a[/b]", False, False),
        ("a\\[", "a[", False, True),
        ("\\#a.txt", "#a.txt", False, True),
        ("\\!a.txt", "!a.txt", False, True),
        ("a.txt ", "a.txt", False, True),
        ("a.txt\\ ", "a.txt ", False, True),
        ("*", "a.txt", False, True),
        ("**/", "a", True, True),
        ("/", "a", True, False),
        ("**/old/*.txt", "a/b/old/c.txt", False, True),
        ("**/old/*.txt", "old/c.txt", False, True),
        ("a?.txt", "ab.txt", False, True),
        ("# a.txt", "a.txt", False, False),
        ("", "a.txt", False, False),
    ],
)
def test_patterns_of_the_inbox(
    tmp_path: Path, pattern: str, path: str, is_folder: bool, expected: bool
) -> None:
    (tmp_path / IGNORE_FILE).write_text(f"# what is no article\n{pattern}\n")
    ignoring = Ignoring(tmp_path)
    ignoring.refresh()
    name = path.rpartition("/")[2]
    assert ignoring.ignores(path, name, is_folder=is_folder) == expected


@pytest.mark.parametrize(
    ("lines", "taken_in", "passed_over"),
    [
        ("*.txt\n!a.txt\n", ["a.txt", "deep/a.txt"], ["b.txt"]),
        ("!a.txt\n*.txt\n", [], ["a.txt"]),
        ("*.txt\n!/a.txt\n", ["a.txt"], ["deep/a.txt"]),
        ("drafts/*\n!drafts/final.txt\n", ["drafts/final.txt"], ["drafts/a.txt"]),
        # Nobody looks into a folder that is passed over.
        ("drafts/\n!drafts/final.txt\n", [], ["drafts/final.txt"]),
        ("!README.md\n!_drafts/\n", ["README.md", "_drafts/a.txt"], ["README.txt"]),
        ("*\n!*/\n!*.txt\n", ["a.txt", "deep/a.txt"], ["a.html", "deep/a.html"]),
    ],
)
def test_a_later_line_overrides_an_earlier_one(
    tmp_path: Path, lines: str, taken_in: list[str], passed_over: list[str]
) -> None:
    (tmp_path / IGNORE_FILE).write_text(lines)
    ignoring = Ignoring(tmp_path)
    ignoring.refresh()
    verdicts = {path: ignoring.passes_over(path) for path in (*taken_in, *passed_over)}
    assert verdicts == dict.fromkeys(taken_in, False) | dict.fromkeys(passed_over, True)


def test_the_patterns_are_reloaded_when_they_change(tmp_path: Path) -> None:
    ignoring = Ignoring(tmp_path)
    ignoring.refresh()
    assert not ignoring.ignores("a.txt", "a.txt", is_folder=False)
    (tmp_path / IGNORE_FILE).write_text("a.txt\n")
    ignoring.refresh()
    assert ignoring.ignores("a.txt", "a.txt", is_folder=False)
    (tmp_path / IGNORE_FILE).unlink()
    ignoring.refresh()
    assert not ignoring.ignores("a.txt", "a.txt", is_folder=False)


def test_hostile_patterns_match_in_linear_time(tmp_path: Path) -> None:
    """Without care one of these takes longer than anybody waits, already for 60 letters."""
    stars = "*a" * 120 + "*b"
    (tmp_path / IGNORE_FILE).write_text(
        f"x/{stars}\n{stars}\n{'**/a/' * 50}b\n{'**/*a*a*a*/' * 20}b\nx/**a**a**a**a**b\n"
        f"{'*[a-z]' * 120}*[!a]b\n{'*?' * 120}*[[:digit:]]\n"
    )
    ignoring = Ignoring(tmp_path)
    ignoring.refresh()
    long = "a" * 250
    for path in (f"x/{long}c", f"{'a/' * 400}{long}c", f"x/{'aaaaaaaa/' * 100}c"):
        assert not ignoring.ignores(path, path.rpartition("/")[2], is_folder=False)
    assert ignoring.ignores(f"x/{long}b", f"{long}b", is_folder=False)


@pytest.mark.parametrize("kind", ["pipe", "link", "folder", "large", "many", "long", "unreadable"])
def test_patterns_in_an_irregular_file_are_not_used(
    tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / IGNORE_FILE
    match kind:
        case "pipe":
            os.mkfifo(file)
        case "link":
            file.symlink_to("/dev/zero")
        case "folder":
            file.mkdir()
        case "large":
            file.write_text("a.txt\n" * 20_000)
        case "many":
            file.write_text("".join(f"{n}.txt\n" for n in range(501)))
        case "long":
            file.write_text("a" * 1_001)
        case "unreadable":
            file.write_text("a.txt")
            file.chmod(0)
    if kind == "unreadable" and os.access(file, os.R_OK):
        pytest.skip("the superuser reads everything")
    ignoring = Ignoring(tmp_path)
    for _ in range(3):
        ignoring.refresh()
    assert IGNORE_FILE in (ignoring.problem or "")
    assert len(caplog.records) == 1
    assert not ignoring.ignores("a.txt", "a.txt", is_folder=False)
    assert ignoring.ignores("a.part", "a.part", is_folder=False)


def test_patterns_are_kept_while_their_file_is_unreadable(tmp_path: Path) -> None:
    file = tmp_path / IGNORE_FILE
    file.write_text("private.txt\n")
    ignoring = Ignoring(tmp_path)
    ignoring.refresh()
    file.unlink()
    os.mkfifo(file)
    ignoring.refresh()
    assert ignoring.ignores("private.txt", "private.txt", is_folder=False)
    file.unlink()
    ignoring.refresh()
    assert ignoring.problem is None
    assert not ignoring.ignores("private.txt", "private.txt", is_folder=False)


def test_patterns_may_contain_any_bytes(tmp_path: Path) -> None:
    (tmp_path / IGNORE_FILE).write_bytes(b"caf\xe9.txt\nb.txt\n")
    ignoring = Ignoring(tmp_path)
    ignoring.refresh()
    assert ignoring.problem is None
    assert all(
        ignoring.ignores(name, name, is_folder=False)
        for name in (os.fsdecode(b"caf\xe9.txt"), "b.txt")
    )


@pytest.mark.parametrize(
    "folder",
    [
        "Bridge_files", "Bridge-Dateien", "Bridge_fichiers", "Bridge_archivos", "Bridge.files",
        "Bridge_bestanden", "Bridge_FILES", "Bridge_файлы", "Bridge-filer", "Bridge_pliki",
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", ["Bridge.html", "Bridge.htm"])
def test_a_browsers_folder_beside_a_page_is_ignored(tmp_path: Path, folder: str, page: str) -> None:
    (tmp_path / "deep" / folder).mkdir(parents=True)
    ignoring = Ignoring(tmp_path)
    assert not ignoring.ignores(f"deep/{folder}", folder, is_folder=True)
    (tmp_path / "deep" / page).write_text("<html>")
    assert ignoring.ignores(f"deep/{folder}", folder, is_folder=True)
    assert ignoring.passes_over(f"deep/{folder}/frame.html")
    assert not ignoring.passes_over(f"deep/{page}")
    assert not ignoring.passes_over(f"{folder}/frame.html")


@pytest.mark.parametrize(
    "folder", ["Bridge_filesx", "Bridge_", "Bridge", "Bridges_files", "_files"]
)
def test_another_folder_beside_a_page_is_not_ignored(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / "Bridge.html").write_text("<html>")
    assert Ignoring(tmp_path).ignores(folder, folder, is_folder=True) == folder.startswith("_")
