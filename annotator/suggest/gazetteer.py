"""Lists of names: places, peoples, organisations, and nouns for weapons and vehicles.

The lists are text files in `names/`, one group per line: `Group: one|two|three`; `#` begins a
comment.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

PLACE_FILES = (
    "countries",
    "places_first",
    "places_africa",
    "places_asia",
    "places_europe_americas",
)
# Demonyms with an unchanged plural.
_NO_PLURAL = ("s", "sh", "ese", "ch", "x", "z", "i'kmaq")


@cache
def words(name: str) -> frozenset[str]:
    """All entries of the list `name`."""
    return frozenset(entry for group in groups(name).values() for entry in group)


@cache
def groups(name: str, package: str = "annotator.suggest") -> dict[str, tuple[str, ...]]:
    """The list `name` of `package`, by group."""
    text = files(package).joinpath("names", f"{name}.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    parts = (line.split(":", 1) for line in lines)
    return {group.strip(): tuple(entries.strip().split("|")) for group, entries in parts}


@cache
def unsure() -> frozenset[str]:
    """Ambiguous names: also words, people or other things."""
    return words("unsure")


@cache
def places() -> frozenset[str]:
    """Countries, states and towns (label GPE)."""
    return frozenset().union(*(words(name) for name in PLACE_FILES))


@cache
def peoples() -> frozenset[str]:
    """Demonyms, peoples, faiths and camps (label NORP), in the singular and the plural."""
    singular = words("peoples")
    return singular | {name + "s" for name in singular if not name.endswith(_NO_PLURAL)}


@cache
def titles() -> frozenset[str]:
    """Words before a name that are not part of it, in lower case."""
    return words("titles")


@cache
def labels_by_name() -> dict[str, str]:
    """The label of each unambiguous name."""
    kinds = (
        ("GPE", places()),
        ("LOC", words("regions")),
        ("ORG", words("organisations")),
        ("NORP", peoples()),
    )
    doubtful = unsure()
    return {name: label for label, names in kinds for name in names if name not in doubtful}


@cache
def labels_by_noun() -> dict[str, str]:
    """WEAPON or VEHICLE for each common noun in the lists, in lower case, singular and plural."""
    rows: dict[str, str] = {}
    for label, name in (("WEAPON", "weapons"), ("VEHICLE", "vehicles")):
        for noun in words(name):
            if noun.islower():
                rows[noun] = label
                if noun not in words("mass_nouns"):
                    rows[_plural(noun)] = label
    return rows


@cache
def labels_by_make() -> dict[str, str]:
    """WEAPON or VEHICLE for each model name ("T-72"), in its spelling."""
    return {
        name: label
        for label, list_name in (("WEAPON", "weapons"), ("VEHICLE", "vehicles"))
        for name in words(list_name)
        if not name.islower()
    }


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith("knife"):
        return noun[:-2] + "ves"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x")) else "s")
