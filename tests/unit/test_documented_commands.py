"""Every command line of `annotator` in the documentation is one that the program takes.

Each is parsed by the program's own parser: its verb and its options exist, and their values have
the right form. What the README and the tutorial show as printed is compared with what is printed in
tests/e2e.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.core
import typer.main

from annotator.cli.verbs import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for pages in ("docs/*.md", "*.md", "schema/*.md", "seeds/*.md", "exports/*.md")
    for path in ROOT.glob(pages)
    if path.name != "CHANGELOG.md"  # what was true once
)
GROUP: Any = typer.main.get_command(app)
_FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"^    \S.*$", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`(annotator [^`]+)`(?!`)")
_SHELLS = ("sh", "console", "ini", "")
_ENDS = re.compile(r"[|&;<>()]+")
_PROGRAM = re.compile(r"(.*/)?annotator")


def blocks(page: Path) -> Iterator[str]:
    """The command lines in a page's blocks of code, in one line each."""
    text = page.read_text(encoding="utf-8")
    found = [(kind, code) for _, kind, code in _FENCED.findall(text)]
    found += [("", line) for line in _INDENTED.findall(_FENCED.sub("", text))]
    for kind, code in found:
        if kind in _SHELLS:
            for line in code.replace("\\\n", " ").splitlines():
                prompted = line.strip().removeprefix("ExecStart=")
                if kind != "console" or prompted.startswith("$ "):
                    yield prompted.removeprefix("$ ")


def calls(line: str) -> Iterator[list[str]]:
    """The words behind `annotator`, for each call of it in a line of a shell."""
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:  # no line of a shell
        return
    commands: list[list[str]] = [[]]
    for word in words:
        if _ENDS.fullmatch(word):
            commands.append([])
        else:
            commands[-1].append(word)
    for command in commands:
        while command and re.match(r"\w+=", command[0]):
            command.pop(0)
        if command and _PROGRAM.fullmatch(command[0]):
            yield command[1:]


def refusal(words: list[str]) -> str:
    """Why the program's parser does not take these words, by the name of its error; empty if it
    does. Nothing is done."""
    command: Any = GROUP
    context: Any = None
    while True:
        try:
            context = command.make_context(command.name, words, parent=context)
            if not isinstance(command, typer.core.TyperGroup):
                return ""
            words = [*context._protected_args, *context.args]
            _, command, words = command.resolve_command(context, words)
        except Exception as error:  # typer has its own copy of click, or has it not, by release
            return "" if type(error).__name__ in ("Exit", "NoArgsIsHelpError") else repr(error)


_README = (ROOT / "README.md").read_text(encoding="utf-8")
_VERBS = _README.split("\n## The verbs\n")[1].split("\n## ")[0]
VERB_ROWS = [line for line in _VERBS.splitlines() if line.startswith("| `")]
COMMANDS: dict[str, Any] = GROUP.commands
LINES = [
    pytest.param(words, id=f"{page.name}: {' '.join(words)}"[:90])
    for page in PAGES
    for line in blocks(page)
    for words in calls(line)
    if "--install-completion" not in words  # that is done while it is parsed
]
MENTIONS = sorted(
    {
        said
        for page in PAGES
        for said in _INLINE.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
        if not re.search(r"\bVERB\b|…|-completion\b|\[OPTIONS\]", said)
    }
)


def test_the_command_lines_are_found() -> None:
    assert len(LINES) > 60
    assert len(MENTIONS) > 30
    assert list(calls("X=1 annotator add a.txt && .venv/bin/annotator report > r.txt # now")) == [
        ["add", "a.txt"],
        ["report"],
    ]


@pytest.mark.parametrize("words", LINES)
def test_a_command_line_of_the_documentation_is_taken(words: list[str]) -> None:
    assert refusal(words) == ""


@pytest.mark.parametrize("said", MENTIONS)
def test_a_command_in_running_text_is_taken(said: str) -> None:
    for words in calls(said):
        # It need not be whole: it may lack arguments.
        assert re.sub(r"^MissingParameter.*", "", refusal(words)) == ""


def options_of(command: Any) -> set[str]:
    """The long options of a verb, and of the verbs below it."""
    own = {option for one in command.params for option in one.opts if option.startswith("--")}
    return own.union(*map(options_of, getattr(command, "commands", {}).values()))


@pytest.mark.parametrize("row", VERB_ROWS, ids=lambda row: str(row[:20]))
def test_the_readme_names_options_that_the_verb_has(row: str) -> None:
    named = re.search(r"[a-z]+", row)
    assert named is not None
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", row)) <= options_of(COMMANDS[named[0]])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("expotr", "UsageError"),
        ("export --formt csv", "NoSuchOption"),
        ("purge", "MissingParameter"),
        ("serve --port x", "BadParameter"),
        ("serve --host ''", "BadParameter"),
        ("bundle sideways", "UsageError"),
    ],
)
def test_another_one_is_refused(wrong: str, why: str) -> None:
    assert refusal(shlex.split(wrong)).startswith(why)
