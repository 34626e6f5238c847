"""Patterns of `.annotatorignore` match like those of `.gitignore`: compared with git itself."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.inbox.patterns import IgnoreRules

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

_PLAIN = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
# Few letters, so that patterns and paths meet.
names = st.text("ab.!# ", min_size=1, max_size=4).filter(lambda name: name.strip(". "))
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
_pieces = st.sampled_from(
    ["a", "b", ".", "*", "?", "[ab]", "[!a]", "[a-b]", "[^b]", "\\#", "\\!", "\\a", "**", "***"]
)
_parts = st.lists(_pieces, min_size=1, max_size=4).map("".join)
lines = st.tuples(
    st.sampled_from(["", "", "!", "/", "!/"]),
    st.lists(_parts | st.sampled_from(["**", "***"]), min_size=1, max_size=4).map("/".join),
    st.sampled_from(["", "", "/"]),
).map("".join)


def ignored(rules: IgnoreRules, path: str) -> bool:
    """Whether a file is passed over, as a scan does: folders first."""
    parts = path.split("/")
    above = ("/".join(parts[:n]) for n in range(1, len(parts)))
    return any(
        rules.verdict(folder, folder.rpartition("/")[2], is_folder=True) for folder in above
    ) or bool(rules.verdict(path, parts[-1], is_folder=False))


# Each example starts git.
@settings(max_examples=settings().max_examples // 5)
@given(st.lists(lines, min_size=1, max_size=4), st.lists(paths, min_size=5, max_size=20))
@example(["a/*", "!a/b"], ["a/b", "a/a"])
@example(["a/", "!a/b"], ["a/b"])
@example(["**/a/**/b"], ["a/b", "b/a/b/b"])
@example(["****/a"], ["a", "b/a"])
@example(["a/***"], ["a/b", "a"])
def test_patterns_match_like_git(repository: Path, patterns: list[str], places: list[str]) -> None:
    rules = IgnoreRules(patterns)
    ours = {place for place in places if ignored(rules, place)}
    assert ours == {*said_by_git(repository, patterns, places)}


HARD = [
    *("a*b", "*a*b*", "a?b", "[ab]c", "[!ab]c", "[]a]x", "[a-]x", "[\\]]y", "[[:digit:]]z", "[ab"),
    *("/top", "in/middle", "folder/", "**/any/x", "x/**", "x/**/y", "**", "a**b", "x/**y/z"),
    *("\\#no", "\\!no", "\\a\\b", "end\\", "blank\\ ", "blanks  ", " lead", "//", "/", "a//b", "!"),
    *("[z-a]q", "?", "*", "**/", "/**", "/*", "*/", "caf\u00e9?"),
]
PLACES = [
    *("ab", "axb", "aXbc", "ac", "cc", "]x", "ax", "-x", "]y", "7z", "[ab", "top", "in/middle"),
    *(
        "folder",
        "folder/a",
        "deep/top",
        "deep/in/middle",
        "any/x",
        "a/any/x",
        "x/a",
        "x/a/y",
        "x/y",
    ),
    *(
        "x/ay/z",
        "x/y/z",
        "#no",
        "!no",
        "end\\",
        "end",
        "blank ",
        "blank",
        "blanks",
        " lead",
        "lead",
    ),
    *("zq", "a/b", "caf\u00e9s"),
]


@pytest.mark.parametrize("pattern", HARD)
def test_a_difficult_pattern_matches_like_git(repository: Path, pattern: str) -> None:
    rules = IgnoreRules([pattern])
    ours = {place for place in PLACES if ignored(rules, place)}
    assert ours == {*said_by_git(repository, [pattern], PLACES)}


def test_patterns_match_letters_of_any_script() -> None:
    """Where git goes by bytes."""
    assert ignored(IgnoreRules(["?"]), "\u00e9")
    assert ignored(IgnoreRules(["[\u00e0-\u00ff].txt"]), "\u00e9.txt")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty repository of git."""
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(folder)], check=True, env=_PLAIN)
    return folder


def said_by_git(folder: Path, patterns: Sequence[str], places: Sequence[str]) -> list[str]:
    """Those of the places, all of them files, that git ignores."""
    (folder / ".git" / "info" / "exclude").write_text("\n".join(patterns) + "\n", encoding="utf-8")
    asked = subprocess.run(
        ["git", "-C", str(folder), "check-ignore", "--no-index", "--stdin", "-z"],
        input="\0".join(places).encode(),
        capture_output=True,
        check=False,
        env=_PLAIN,
    )
    assert asked.returncode in (0, 1), asked.stderr
    return [name for name in asked.stdout.decode().split("\0") if name]
