"""Words of news that say alike or the opposite, from `word_groups.toml`, by their stems."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from annotator.lexicon.stems import stem


@cache
def _table() -> dict[str, str]:
    text = files("annotator.lexicon").joinpath("word_groups.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _groups(name: str) -> dict[str, str]:
    """The first stem of its group, by each stem."""
    lines = [line.split() for line in _table()[name].splitlines() if line.strip()]
    return {stem(word): stem(line[0]) for line in lines for word in line}


@cache
def alike() -> dict[str, str]:
    """One stem for all that say much the same (*withdraw* for *pullout*, *exit*), by stem."""
    return _groups("alike")


@cache
def counted() -> dict[str, str]:
    """One stem for all nouns that are counted alike (*troop* for *soldier*), by stem."""
    return _groups("counted")


@cache
def empty_words() -> frozenset[str]:
    """Words, in lower case, that say nothing of the subject."""
    return frozenset(_table()["empty"].split())


@cache
def negations() -> frozenset[str]:
    """Words, in lower case, that turn a sentence into its opposite."""
    return frozenset(_table()["negations"].split())


@cache
def opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Pairs of sets of stems that do not hold together."""
    rows = [line.partition(":") for line in _table()["opposite"].splitlines() if line.strip()]
    return tuple(
        (frozenset(map(stem, one.split())), frozenset(map(stem, other.split())))
        for one, _, other in rows
    )
