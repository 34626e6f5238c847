"""Names that stand for one and the same, from `name_groups.toml`: aliases, peoples and their
countries, short given names; and words that names are made of."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

_DOTS = re.compile(r"(?<=\w)\.(?=\s?\w?\.?)|\.(?=\s|$)")
_BETWEEN = re.compile(r"[\s\-‐‑–/,]+")
_QUOTES = str.maketrans("’‘`´ʼ", "'''''")
# Letters that no decomposition takes apart.
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae"})


@lru_cache(maxsize=65_536)
def name_key(text: str) -> str:
    """The form of a name that upper case, accents, hyphens, full stops and apostrophes do not
    change: `U.S.` is `us`, `Deir ez-Zor` is `deir ez zor`."""
    key = _folded(text)
    # Letters in disguise (a mathematical J) are plain capitals only after the first pass.
    while (again := _folded(key)) != key:
        key = again
    return key


def _folded(text: str) -> str:
    low = text.translate(_QUOTES).casefold().translate(_PLAIN)
    bare = unicodedata.normalize("NFKD", low)
    kept = "".join(one for one in bare if not unicodedata.combining(one))
    words = _BETWEEN.split(_DOTS.sub("", kept).replace("'s ", "s ").replace("'", "").strip("*. "))
    return " ".join(word for word in words if word)


@cache
def _table() -> dict[str, str]:
    text = files("annotator.lexicon").joinpath("name_groups.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _lines(name: str) -> list[str]:
    return [line.strip() for line in _table()[name].splitlines() if line.strip()]


@cache
def words_in(name: str) -> frozenset[str]:
    """The words of a list: `titles`, `generic`, `papers` or `place_types`."""
    return frozenset(_table()[name].split())


@cache
def aliases() -> dict[str, str]:
    """The usual name (as a key) of each body and place known under several names, by key."""
    found: dict[str, str] = {}
    for line in (*_lines("bodies"), *_lines("places")):
        names = [name_key(name) for name in line.split("|")]
        found |= dict.fromkeys(names, names[0])
    return found


@cache
def peoples() -> dict[str, str]:
    """The usual name (as a key) of each people, by the key of each of its names."""
    found: dict[str, str] = {}
    for line in _lines("peoples"):
        names = [name_key(name) for name in line.partition(":")[2].split("|")]
        found |= {form: names[0] for name in names for form in (name, f"{name}s")}
    return found


@cache
def countries_of_peoples() -> dict[str, str]:
    """The country (as a key) of each people, by the key of each of its names."""
    found: dict[str, str] = {}
    for line in _lines("peoples"):
        country, _, names = line.partition(":")
        if country.strip():
            keys = [name_key(name) for name in names.split("|")]
            found |= {form: name_key(country) for key in keys for form in (key, f"{key}s")}
    return found


@cache
def given_roots() -> dict[str, str]:
    """The first of the given names that are short for each other, by each of them."""
    groups = [line.split() for line in _lines("given_names")]
    return {name: group[0] for group in groups for name in group}
