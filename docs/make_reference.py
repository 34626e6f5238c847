"""Makes the pages of reference from the code: commands, keys, records, and the manual page.

    .venv/bin/python docs/make_reference.py

What is written: commands.md, keys.md, records.md and annotator.1, beside this file. A test compares
them with what the code says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from annotator.cli.verbs import app  # noqa: E402
from annotator.settings import bundled  # noqa: E402
from annotator.tui.key_table import KEYS, SECTIONS  # noqa: E402
from annotator.tui.keys import show_key  # noqa: E402

_MADE = "<!-- Made from the code by make_reference.py. -->\n\n"
Schema = Mapping[str, Any]
Command = Any  # of click, which typer brings in a form of its own


def pages() -> dict[str, str]:
    """The text of each page, by the name of its file."""
    return {
        "commands.md": _MADE + "\n".join(commands_page()),
        "keys.md": _MADE + "\n".join(keys_page()),
        "records.md": _MADE + "\n".join(records_page()),
        "annotator.1": "\n".join(manual_page()),
    }


def verbs() -> Iterator[tuple[str, Command]]:
    """Every command with its whole name, those of a group one by one."""
    yield from _below("annotator", typer.main.get_command(app))


def _below(name: str, command: Command) -> Iterator[tuple[str, Command]]:
    for word, one in command.commands.items():
        if hasattr(one, "commands"):
            yield from _below(f"{name} {word}", one)
        elif not one.hidden:
            yield f"{name} {word}", one


def commands_page() -> Iterator[str]:
    yield "# Commands\n"
    yield "`annotator --workspace DIR VERB`; the workspace is the current folder by default."
    yield "Results go to standard output, all else to standard error. Exit status: 0 done, 1 an"
    yield "error that you can act on, 2 wrong usage, 130 interrupted.\n"
    for name, command in verbs():
        yield f"## {name}\n"
        yield f"`{_usage(name, command)}`\n"
        yield _plain(command.help) + "\n"
        options = list(_options(command))
        if options:
            yield "| option | |\n|---|---|"
            yield from (f"| `{_cell(words)}` | {_cell(told)} |" for words, told in options)
            yield ""


def _usage(name: str, command: Command) -> str:
    arguments = [_argument(one) for one in command.params if one.param_type_name == "argument"]
    return " ".join([name, *(["[OPTIONS]"] if any(_options(command)) else []), *arguments])


def _argument(argument: Command) -> str:
    word = (argument.metavar or argument.name.upper()).strip("[]").removesuffix("...")
    word += "..." if argument.nargs == -1 else ""
    return word if argument.required else f"[{word}]"


def _options(command: Command) -> Iterator[tuple[str, str]]:
    """The options with their words and what they do."""
    for one in command.params:
        if one.param_type_name == "option" and not one.hidden and one.name != "help":
            value = "" if one.is_flag else " " + (one.metavar or "N")
            yield ", ".join([*one.opts, *one.secondary_opts]) + value, _plain(one.help)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def keys_page() -> Iterator[str]:
    yield "# Keys\n"
    yield "`[keys]` in `annotator.toml` gives an action other keys, by its name:\n"
    yield '```toml\n[keys]\naccept = "a space"\n```\n'
    for section in SECTIONS:
        rows = [key for key in KEYS if key.section == section]
        yield f"## {section}\n"
        yield "| keys | what it does | action |\n|---|---|---|"
        for key in rows:
            shown = " ".join(_code(show_key(one)) for one in key.keys)
            yield f"| {shown} | {_cell(key.does)} | `{key.action}` |"
        yield ""


def _code(key: str) -> str:
    fence = "``" if "`" in key else "`"
    inner = f" {key} " if "`" in key else key
    return f"{fence}{inner}{fence}".replace("|", "\\|")


def records_page() -> Iterator[str]:
    schema = json.loads(bundled("record.schema.json").read_text(encoding="utf-8"))
    yield "# Records\n"
    told = schema["description"]
    yield f"{told} The schema itself is [record.schema.json](../schema/record.schema.json).\n"
    yield "## The line\n"
    yield from _fields(schema, schema["$defs"])
    named = [(name, one) for name, one in schema["$defs"].items() if "properties" in one]
    for name, one in named:
        yield f"## {name}\n"
        if "description" in one:
            yield one["description"] + "\n"
        yield from _fields(one, schema["$defs"])


def _fields(schema: Schema, named: Schema) -> Iterator[str]:
    yield "| field | type | |\n|---|---|---|"
    yield from _rows(schema, named, "")
    yield ""


def _rows(schema: Schema, named: Schema, above: str) -> Iterator[str]:
    for name, field in schema.get("properties", {}).items():
        one = field if "$ref" not in field else _resolved(field, named) | field
        optional = "" if name in schema.get("required", ()) else " (may be missing)"
        told = _cell(one.get("description", ""))
        yield f"| `{above}{name}` | {_type(field, named)}{optional} | {told} |"
        inner = field.get("items", field)
        if "properties" in inner:
            yield from _rows(inner, named, f"{above}{name}{'[]' if 'items' in field else ''}.")


def _resolved(one: Schema, named: Schema) -> dict[str, Any]:
    return dict(named[one["$ref"].rpartition("/")[2]])


def _type(one: Schema, named: Schema) -> str:
    if "$ref" in one:
        name, meant = one["$ref"].rpartition("/")[2], _resolved(one, named)
        return f"[{name}](#{name})" if "properties" in meant else _type(meant, named)
    if "const" in one:
        return f"`{one['const']}`"
    if "enum" in one:
        return ", ".join(f"`{json.dumps(value)}`" for value in one["enum"])
    if "anyOf" in one or "oneOf" in one:
        return " or ".join(_type(each, named) for each in one.get("anyOf") or one["oneOf"])
    kinds = one.get("type", "any")
    words = kinds if isinstance(kinds, str) else " or ".join(kinds)
    return f"{words} of {_type(one['items'], named)}" if "items" in one else words


def manual_page() -> Iterator[str]:
    yield '.\\" Made from the code by docs/make_reference.py.'
    yield '.TH ANNOTATOR 1 "" annotator "User Commands"'
    yield ".SH NAME"
    yield "annotator \\- review entities and claims in news articles, and export datasets"
    yield ".SH SYNOPSIS"
    yield ".B annotator\n[\\-\\-workspace DIR] VERB [OPTIONS] [ARGUMENTS]"
    yield ".SH DESCRIPTION"
    yield "Watches a folder for articles, suggests entities and claims in them, and shows them to"
    yield "reviewers in the terminal. A workspace is a folder with annotator.toml; the current one"
    yield "by default."
    yield ".SH VERBS"
    for name, command in verbs():
        yield f".SS {_roff(_usage(name.removeprefix('annotator '), command))}"
        yield _roff(_plain(command.help))
        for words, told in _options(command):
            yield f".TP\n.B {_roff(words)}\n{_roff(told)}"
    yield ".SH EXIT STATUS"
    for status, told in (
        ("0", "Done."),
        ("1", "An error that you can act on; the second line says how."),
        ("2", "Wrong usage."),
        ("130", "Interrupted."),
    ):
        yield f".TP\n.B {status}\n{told}"
    yield ".SH FILES"
    yield ".TP\n.B annotator.toml\nThe settings of a workspace."
    yield ".TP\n.B annotator.db\nIts database, unless the settings name another one."
    yield ""


def _roff(text: str) -> str:
    safe = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + safe if safe.startswith((".", "'")) else safe


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
